#include "tokens/verifier.h"

#include <algorithm>

#include "base/log.h"
#include "sigv4/digest.h"

namespace stator::messages {
namespace {

constexpr Bytes kScheme = "Bearer ";

// Until a fetch that another task began is done.
struct Joining {
  std::vector<std::coroutine_handle<>>& waiting;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) { waiting.push_back(task); }
  void await_resume() const noexcept {}
};

bool HasScheme(Bytes authorization) {
  return authorization.size() > kScheme.size() &&
         std::equal(kScheme.begin(), kScheme.end(), authorization.begin(),
                    [](char a, char b) { return a == b || (a | 0x20) == (b | 0x20); });
}

}  // namespace

Verifier::Verifier(TokenRules rules, Fetch fetch, std::function<Time()> now, std::function<MonotonicTime()> monotonic)
    : rules_(std::move(rules)),
      fetch_(std::move(fetch)),
      now_(now ? std::move(now) : [] { return Clock().Now(); }),
      monotonic_(monotonic ? std::move(monotonic) : [] { return MonotonicNow(); }) {}

Task<Verifier::Verdict> Verifier::Verify(std::string authorization) {
  if (authorization.empty()) co_return TokenFault::kMissing;
  if (!HasScheme(authorization)) co_return TokenFault::kInvalid;
  std::string token = authorization.substr(kScheme.size());
  if (token.size() > kLongestToken) co_return TokenFault::kInvalid;
  std::string hash = sigv4::Sha256(token);
  const auto known = remembered_.find(hash);
  if (known != remembered_.end()) {
    if (now_() < known->second.expires) co_return known->second;
    remembered_.erase(known);
    co_return TokenFault::kExpired;
  }
  co_return co_await VerifyToken(std::move(token), std::move(hash));
}

Task<Verifier::Verdict> Verifier::VerifyToken(std::string token, std::string hash) {
  const auto jwt = SplitJwt(token);
  // Which algorithm is ours to say, not the token's: "none" and HS256 over a public key are the classic forgeries.
  if (!jwt || jwt->algorithm != "RS256" || jwt->key_id.empty()) co_return TokenFault::kInvalid;
  const bool have_keys = co_await Refresh(jwt->key_id);
  if (!have_keys) co_return TokenFault::kNoKeys;
  const auto key = keys_.find(jwt->key_id);
  if (key == keys_.end() || !key->second.Verifies(jwt->signed_part, jwt->signature)) co_return TokenFault::kInvalid;
  const auto claims = ReadClaims(jwt->payload);
  if (!claims) co_return TokenFault::kInvalid;
  if (const auto fault = Check(*claims)) co_return *fault;
  Bearer bearer{claims->subject, claims->username, Time{claims->expires * 1'000'000}};
  Remember(hash, bearer);
  co_return bearer;
}

std::optional<TokenFault> Verifier::Check(const Claims& claims) const {
  constexpr int64_t kLatest = 253'402'300'799;  // the end of the year 9999
  if (std::find(rules_.issuers.begin(), rules_.issuers.end(), claims.issuer) == rules_.issuers.end() ||
      claims.client_id != rules_.client_id || claims.use != "access" || claims.expires > kLatest) {
    return TokenFault::kInvalid;
  }
  if (now_().seconds() >= claims.expires) return TokenFault::kExpired;
  return std::nullopt;
}

void Verifier::Remember(const std::string& hash, const Bearer& bearer) {
  if (remembered_.size() >= kMostRemembered) {
    const Time now = now_();
    std::erase_if(remembered_, [now](const auto& each) { return each.second.expires <= now; });
    if (remembered_.size() >= kMostRemembered) remembered_.clear();
  }
  remembered_.insert_or_assign(hash, bearer);
}

Task<bool> Verifier::Refresh(std::string key_id) {
  const MonotonicTime now = monotonic_();
  const bool wanted = !have_keys_ || keys_.find(key_id) == keys_.end();
  const bool old = have_keys_ && now - fetched_ >= kRefreshAfter;
  if (fetching_ && wanted) {
    Joining joining{waiting_};
    co_await joining;
  } else if (!fetching_ && now >= paused_until_ && (wanted || old)) {
    co_await FetchNow(std::move(key_id));
  }
  co_return have_keys_;
}

Task<bool> Verifier::FetchNow(std::string key_id) {
  fetching_ = true;
  const auto answer = co_await fetch_();
  fetching_ = false;
  const bool taken = TakeKeys(answer);
  if (!taken || keys_.find(key_id) == keys_.end()) paused_until_ = monotonic_() + kFetchPause;
  const std::vector<std::coroutine_handle<>> waiting = std::exchange(waiting_, {});
  for (const std::coroutine_handle<> task : waiting) task.resume();
  co_return have_keys_;
}

bool Verifier::TakeKeys(const Result<std::string>& answer) {
  auto keys = answer.ok() ? ReadKeySet(*answer) : std::nullopt;
  if (!keys || keys->empty()) {
    LogWarn("the user pool's keys cannot be read: " +
            (answer.ok() ? std::string("the answer holds no usable key") : answer.error().text));
    return false;
  }
  const bool withdrawn =
      std::any_of(keys_.begin(), keys_.end(), [&](const auto& each) { return keys->find(each.first) == keys->end(); });
  if (withdrawn) remembered_.clear();
  keys_ = std::move(*keys);
  have_keys_ = true;
  fetched_ = monotonic_();
  return true;
}

}  // namespace stator::messages
