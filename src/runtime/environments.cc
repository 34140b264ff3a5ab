#include "runtime/environments.h"

#include <algorithm>

namespace stator::runtime {
namespace {

constexpr char kReserved[] = "ReservedFunctionConcurrentInvocationLimitExceeded";
constexpr char kAccount[] = "ConcurrentInvocationLimitExceeded";

// A function that was deleted and made again may count its generations anew.
bool Newer(const functions::Function& a, const functions::Function& b) {
  return a.generation > b.generation || a.last_modified > b.last_modified;
}

}  // namespace

uint64_t Environments::Acquire(functions::FunctionRef function, uint64_t fingerprint, Lane& lane, Grant grant) {
  Decision decision;
  std::vector<Ref> dropped;
  uint64_t ticket = 0;
  {
    const std::lock_guard lock(mutex_);
    ticket = ++tickets_;
    decision = Decide(function, fingerprint, lane);
    if (decision.wait) waiting_.push_back({ticket, std::move(function), fingerprint, &lane, std::move(grant)});
    dropped.swap(dropped_);
  }
  for (Ref& environment : dropped) discard_(std::move(environment));
  if (decision.wait) return ticket;
  grant(std::move(decision.granted));
  return 0;
}

Environments::Decision Environments::Decide(const functions::FunctionRef& function, uint64_t fingerprint, Lane& lane) {
  Decision decision;
  Granted& granted = decision.granted;
  int& busy = busy_of_[function->arn];
  if (function->reserved_concurrency && busy >= *function->reserved_concurrency) {
    granted.throttle_reason = kReserved;
    return decision;
  }
  if (closed_ || busy_ >= options_.account_concurrency) {
    granted.throttle_reason = kAccount;
    return decision;
  }
  Pool& pool = PoolOf(function);
  granted.environment = TakeIdle(pool, fingerprint, lane);
  if (!granted.environment) {
    if (!MakeRoom()) {
      decision.wait = true;
      return decision;
    }
    granted.environment = make_(pool.function, fingerprint, lane);
    all_.push_back(granted.environment);
    ++pool.environments;
  }
  ++busy_;
  granted.concurrent = ++busy;
  return decision;
}

Environments::Pool& Environments::PoolOf(const functions::FunctionRef& function) {
  Pool& pool = pools_[function->qualified_arn()];
  if (!pool.function || Newer(*function, *pool.function)) {
    pool.function = function;
    for (Idle& idle : std::exchange(pool.idle, {})) Drop(idle.environment);
  }
  return pool;
}

Environments::Ref Environments::TakeIdle(Pool& pool, uint64_t fingerprint, Lane& lane) {
  const auto stale = [&](const Idle& idle) { return idle.environment->fingerprint() != fingerprint; };
  for (const Idle& idle : pool.idle) {
    if (stale(idle)) Drop(idle.environment);
  }
  std::erase_if(pool.idle, stale);
  if (pool.idle.empty()) return nullptr;
  auto chosen = std::find_if(pool.idle.rbegin(), pool.idle.rend(),
                             [&](const Idle& idle) { return &idle.environment->lane() == &lane; });
  if (chosen == pool.idle.rend()) chosen = pool.idle.rbegin();
  Ref environment = std::move(chosen->environment);
  pool.idle.erase(std::next(chosen).base());
  return environment;
}

// Whether one more environment may be added; the longest idle one of any function goes for it.
bool Environments::MakeRoom() {
  while (static_cast<int>(all_.size()) >= processes_ || (!all_.empty() && MemoryInUse() >= memory_)) {
    Pool* oldest = nullptr;
    for (auto& [arn, pool] : pools_) {
      if (!pool.idle.empty() && (!oldest || pool.idle.front().since < oldest->idle.front().since)) oldest = &pool;
    }
    if (!oldest) return false;
    const Ref environment = std::move(oldest->idle.front().environment);
    oldest->idle.erase(oldest->idle.begin());
    Drop(environment);
  }
  return true;
}

bool Environments::Current(const Environment& environment) {
  const auto pool = pools_.find(environment.function().qualified_arn());
  return pool != pools_.end() && pool->second.function && !Newer(*pool->second.function, environment.function()) &&
         !closed_;
}

void Environments::Drop(const Ref& environment) {
  all_.remove(environment);
  dropped_.push_back(environment);
  const auto pool = pools_.find(environment->function().qualified_arn());
  if (pool != pools_.end()) --pool->second.environments;
}

void Environments::Release(Ref environment) {
  std::vector<std::pair<Grant, Granted>> served;
  std::vector<Ref> dropped;
  {
    const std::lock_guard lock(mutex_);
    --busy_;
    const auto busy = busy_of_.find(environment->function().arn);
    if (busy != busy_of_.end() && --busy->second == 0) busy_of_.erase(busy);
    if (Current(*environment) && MemoryInUse() <= memory_) {
      pools_[environment->function().qualified_arn()].idle.push_back({environment, MonotonicNow()});
    } else {
      Drop(environment);
    }
    ServeWaiting(&served);
    dropped.swap(dropped_);
  }
  for (Ref& old : dropped) discard_(std::move(old));
  for (auto& [grant, granted] : served) grant(std::move(granted));
}

// In the order they came; who cannot be served yet is passed over only by those who can.
void Environments::ServeWaiting(std::vector<std::pair<Grant, Granted>>* served) {
  for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
    Decision decision = Decide(waiting->function, waiting->fingerprint, *waiting->lane);
    if (decision.wait) return;
    served->emplace_back(std::move(waiting->grant), std::move(decision.granted));
    waiting = waiting_.erase(waiting);
  }
}

void Environments::GiveUp(uint64_t ticket) {
  Grant grant;
  {
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& w) { return w.ticket == ticket; });
    if (found == waiting_.end()) return;
    grant = std::move(found->grant);
    waiting_.erase(found);
  }
  Granted refused;
  refused.throttle_reason = kAccount;
  grant(std::move(refused));
}

void Environments::DiscardIdle(MonotonicTime since) {
  std::vector<Ref> dropped;
  {
    const std::lock_guard lock(mutex_);
    for (auto pool = pools_.begin(); pool != pools_.end();) {
      auto& idle = pool->second.idle;
      const auto old = std::stable_partition(idle.begin(), idle.end(), [&](const Idle& i) { return i.since >= since; });
      for (auto i = old; i != idle.end(); ++i) Drop(i->environment);
      idle.erase(old, idle.end());
      pool = pool->second.environments == 0 ? pools_.erase(pool) : std::next(pool);
    }
    dropped.swap(dropped_);
  }
  for (Ref& environment : dropped) discard_(std::move(environment));
}

void Environments::Close() {
  std::vector<std::pair<Grant, Granted>> refused;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (Waiting& waiting : waiting_) refused.emplace_back(std::move(waiting.grant), Granted{nullptr, kAccount, 0});
    waiting_.clear();
  }
  for (auto& [grant, granted] : refused) grant(std::move(granted));
  DiscardIdle(MonotonicTime::max());
}

std::vector<Environments::Ref> Environments::All() const {
  const std::lock_guard lock(mutex_);
  return {all_.begin(), all_.end()};
}

int64_t Environments::MemoryInUse() const {
  int64_t sum = 0;
  for (const Ref& environment : all_) sum += environment->memory();
  return sum;
}

Environments::Figures Environments::figures() const {
  const std::lock_guard lock(mutex_);
  return {static_cast<int>(all_.size()), busy_, static_cast<int>(waiting_.size()), MemoryInUse()};
}

}  // namespace stator::runtime
