// A change holds the mutex from reading the newest pool to publishing its successor, commit included; readers take the
// published pool, which never changes. Tests: pools_test.cc; format: docs/formats/pools.md.
#include "pools/pools.h"

#include <map>
#include <mutex>
#include <shared_mutex>

#include "base/pause.h"
#include "base/task_mutex.h"
#include "engine/commit.h"
#include "errors/pools.h"
#include "pools/names.h"
#include "pools/pool_codec.h"
#include "records/records.h"

namespace stator::pools {
namespace {

using engine::Batch;
using records::Key;
using records::Kind;

constexpr size_t kErasedAtOnce = 1000;

// What a pool's id stands in front of.
constexpr Kind kOwned[] = {Kind::kPoolUser, Kind::kPoolName, Kind::kPoolEntry, Kind::kPoolSignIn, Kind::kPoolGroup};

}  // namespace

struct Pools::Impl {
  Impl(engine::Engine& the_engine, const Clock& the_clock, WorkerPool& the_workers, KeyMaker the_maker)
      : engine(the_engine), clock(the_clock), workers(the_workers), make_keys(std::move(the_maker)) {}

  Status Load();
  PoolRef Find(Bytes id) const;
  Result<PoolRef> Get(Bytes id) const;
  void Publish(const PoolRef& before, const PoolRef& after);
  Task<Status> Commit(Batch batch, Lane& lane);
  Task<Result<PoolRef>> Store(PoolRef before, Pool after, Batch batch, Lane& lane);
  Task<Status> EraseOwned(std::string id, Kind kind, Lane& lane);
  Task<Status> RemoveHeld(PoolRef pool, Lane& lane);

  engine::Engine& engine;
  const Clock& clock;
  WorkerPool& workers;
  const KeyMaker make_keys;
  TaskMutex changing;

  mutable std::shared_mutex mutex;
  std::map<std::string, PoolRef, std::less<>> pools;            // guarded by mutex
  std::map<std::string, std::string, std::less<>> client_pool;  // client id to pool id; guarded by mutex
  std::map<std::string, std::string, std::less<>> key_pool;     // kid to pool id; guarded by mutex
};

// --- Loading and publishing. ---

Status Pools::Impl::Load() {
  std::map<std::string, Pool> loaded;
  const auto name = [](Bytes* rest) {
    std::string part;
    return records::NextPart(rest, &part) ? part : std::string();
  };
  STATOR_OK(records::ForEach(engine, Key(Kind::kPool), [&](Bytes, const records::Record& record) -> Status {
    std::optional<Pool> pool = DecodePool(record.version, record.payload);
    if (!pool) return Fail(errors::kPoolsDamaged);
    loaded[pool->id] = *std::move(pool);
    return {};
  }));
  STATOR_OK(records::ForEach(engine, Key(Kind::kPoolKeys), [&](Bytes rest, const records::Record& record) -> Status {
    const auto found = loaded.find(name(&rest));
    auto keys = DecodeKeys(record.version, record.payload);
    if (!keys || found == loaded.end()) return Fail(errors::kPoolsDamaged);
    found->second.keys = std::move(keys);
    return {};
  }));
  STATOR_OK(records::ForEach(engine, Key(Kind::kPoolClient), [&](Bytes rest, const records::Record& record) -> Status {
    const auto found = loaded.find(name(&rest));
    std::optional<Client> client = DecodeClient(record.version, record.payload);
    if (!client || found == loaded.end()) return Fail(errors::kPoolsDamaged);
    const std::string id = client->id;
    found->second.clients[id] = std::make_shared<const Client>(*std::move(client));
    return {};
  }));
  for (auto& [id, pool] : loaded) {
    if (!pool.keys) return Fail(errors::kPoolsDamaged);
    Publish(nullptr, std::make_shared<const Pool>(std::move(pool)));
  }
  return {};
}

PoolRef Pools::Impl::Find(Bytes id) const {
  const std::shared_lock lock(mutex);
  const auto found = pools.find(id);
  return found == pools.end() ? nullptr : found->second;
}

Result<PoolRef> Pools::Impl::Get(Bytes id) const {
  PoolRef pool = Find(id);
  if (!pool) return Fail(errors::kPoolNotFound, id);
  return pool;
}

void Pools::Impl::Publish(const PoolRef& before, const PoolRef& after) {
  const auto each_key = [](const Pool& pool, auto&& what) {
    what(pool.keys->id->kid());
    what(pool.keys->access->kid());
    for (const SigningKeyRef& key : pool.keys->old) what(key->kid());
  };
  const std::unique_lock lock(mutex);
  if (before) {
    for (const auto& [id, client] : before->clients) client_pool.erase(id);
    each_key(*before, [this](const std::string& kid) { key_pool.erase(kid); });
    pools.erase(before->id);
  }
  if (!after) return;
  for (const auto& [id, client] : after->clients) client_pool[id] = after->id;
  each_key(*after, [&](const std::string& kid) { key_pool[kid] = after->id; });
  pools[after->id] = after;
}

// --- Changing. REQUIRES: changing held. ---

Task<Status> Pools::Impl::Commit(Batch batch, Lane& lane) {
  const engine::Committed committed = co_await engine::Commit(engine, std::move(batch), lane);
  if (committed.outcome != engine::Outcome::kDone) co_return Status(Fail(errors::kPoolsUnavailable));
  co_return Status();
}

// Makes `after` durable by `batch` and publishes it.
Task<Result<PoolRef>> Pools::Impl::Store(PoolRef before, Pool after, Batch batch, Lane& lane) {
  PoolRef made = std::make_shared<const Pool>(std::move(after));
  Status done = co_await Commit(std::move(batch), lane);
  if (!done.ok()) co_return Result<PoolRef>(std::move(done).error());
  Publish(before, made);
  co_return Result<PoolRef>(std::move(made));
}

Task<Status> Pools::Impl::EraseOwned(std::string id, Kind kind, Lane& lane) {
  for (;;) {
    Batch batch;
    size_t erased = 0;
    const Key prefix(kind, {id});
    const Status walked = records::ForEach(engine, prefix, [&](Bytes rest, const records::Record&) -> Status {
      batch.Erase(engine::kRecordSpace, std::string(prefix.bytes()).append(rest));
      if (++erased == kErasedAtOnce) return Fail(errors::kPoolsUnavailable);  // ends the walk
      return {};
    });
    if (erased == 0) co_return walked;
    Status done = co_await Commit(std::move(batch), lane);
    if (!done.ok()) co_return done;
    if (walked.ok()) co_return Status();
    if (erased < kErasedAtOnce) co_return walked;
  }
}

// The pool itself goes last: what is left after a crash is removed with it.
Task<Status> Pools::Impl::RemoveHeld(PoolRef pool, Lane& lane) {
  for (const Kind kind : kOwned) {
    Status erased = co_await EraseOwned(pool->id, kind, lane);
    if (!erased.ok()) co_return erased;
  }
  Batch batch;
  for (const auto& [id, client] : pool->clients) records::Erase(&batch, Key(Kind::kPoolClient, {pool->id, id}));
  records::Erase(&batch, Key(Kind::kPoolKeys, {pool->id}));
  records::Erase(&batch, Key(Kind::kPool, {pool->id}));
  Status done = co_await Commit(std::move(batch), lane);
  if (done.ok()) Publish(pool, nullptr);
  co_return done;
}

// --- Pools. ---

Pools::Pools(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pools::~Pools() = default;

Result<std::unique_ptr<Pools>> Pools::Open(engine::Engine& engine, const Clock& clock, WorkerPool& workers,
                                           KeyMaker make_keys) {
  auto impl = std::make_unique<Impl>(engine, clock, workers, std::move(make_keys));
  STATOR_OK(impl->Load());
  return std::unique_ptr<Pools>(new Pools(std::move(impl)));
}

PoolRef Pools::Find(Bytes id) const { return impl_->Find(id); }

PoolRef Pools::OfClient(Bytes client_id) const {
  const std::shared_lock lock(impl_->mutex);
  const auto found = impl_->client_pool.find(client_id);
  return found == impl_->client_pool.end() ? nullptr : impl_->pools.find(found->second)->second;
}

std::pair<PoolRef, const SigningKey*> Pools::OfKey(Bytes kid) const {
  const std::shared_lock lock(impl_->mutex);
  const auto found = impl_->key_pool.find(kid);
  if (found == impl_->key_pool.end()) return {nullptr, nullptr};
  const PoolRef& pool = impl_->pools.find(found->second)->second;
  return {pool, pool->keys->Find(kid)};
}

std::vector<PoolRef> Pools::List(Bytes after, size_t limit) const {
  std::vector<PoolRef> list;
  const std::shared_lock lock(impl_->mutex);
  for (auto at = impl_->pools.upper_bound(after); at != impl_->pools.end() && list.size() < limit; ++at) {
    list.push_back(at->second);
  }
  return list;
}

Result<PoolRef> Pools::Get(Bytes id) const { return impl_->Get(id); }

Result<std::pair<PoolRef, ClientRef>> Pools::GetClient(Bytes client_id) const {
  const PoolRef pool = OfClient(client_id);
  if (!pool) return Fail(errors::kPoolClientNotFound, client_id);
  return std::pair(pool, pool->clients.find(std::string(client_id))->second);
}

Task<Result<PoolRef>> Pools::Create(Pool pool, Lane& lane) {
  pool.created = pool.modified = impl_->clock.Now();
  co_await ToWorker(impl_->workers);
  Result<std::shared_ptr<const Keys>> keys = impl_->make_keys(pool.created, nullptr);
  co_await ToLane(lane);
  if (!keys.ok()) co_return Result<PoolRef>(std::move(keys).error());
  pool.keys = *std::move(keys);
  const auto held = co_await impl_->changing.Lock(lane);
  do {
    pool.id = NewPoolId(pool.region);
  } while (Find(pool.id));
  pool.arn = "arn:aws:cognito-idp:" + pool.region + ":" + pool.account + ":userpool/" + pool.id;
  Batch batch;
  records::Put(&batch, Key(Kind::kPool, {pool.id}), kPoolFormat, EncodePool(pool));
  records::Put(&batch, Key(Kind::kPoolKeys, {pool.id}), kKeysFormat, EncodeKeys(*pool.keys));
  Result<PoolRef> made = co_await impl_->Store(nullptr, std::move(pool), std::move(batch), lane);
  co_return made;
}

Task<Result<PoolRef>> Pools::Update(std::string id, Change change, Lane& lane) {
  const auto held = co_await impl_->changing.Lock(lane);
  Result<PoolRef> before = impl_->Get(id);
  if (!before.ok()) co_return before;
  Pool next = **before;
  Status changed = change(&next);
  if (!changed.ok()) co_return Result<PoolRef>(std::move(changed).error());
  next.modified = impl_->clock.Now();
  Batch batch;
  records::Put(&batch, Key(Kind::kPool, {id}), kPoolFormat, EncodePool(next));
  Result<PoolRef> made = co_await impl_->Store(*before, std::move(next), std::move(batch), lane);
  co_return made;
}

Task<Status> Pools::Remove(std::string id, Lane& lane) {
  const auto held = co_await impl_->changing.Lock(lane);
  Result<PoolRef> pool = impl_->Get(id);
  if (!pool.ok()) co_return Status(std::move(pool).error());
  if ((*pool)->deletion_protection) co_return Status(Fail(errors::kPoolProtected));
  Status done = co_await impl_->RemoveHeld(*pool, lane);
  co_return done;
}

Task<Status> Pools::RemoveAll(Lane& lane) {
  const auto held = co_await impl_->changing.Lock(lane);
  for (const PoolRef& pool : List({}, SIZE_MAX)) {
    Status done = co_await impl_->RemoveHeld(pool, lane);
    if (!done.ok()) co_return done;
  }
  co_return Status();
}

Task<Status> Pools::RotateKeys(std::string pool_id, Lane& lane) {
  const auto held = co_await impl_->changing.Lock(lane);
  Result<PoolRef> before = impl_->Get(pool_id);
  if (!before.ok()) co_return Status(std::move(before).error());
  Pool next = **before;
  co_await ToWorker(impl_->workers);
  Result<std::shared_ptr<const Keys>> keys = impl_->make_keys(impl_->clock.Now(), next.keys.get());
  co_await ToLane(lane);
  if (!keys.ok()) co_return Status(std::move(keys).error());
  next.keys = *std::move(keys);
  Batch batch;
  records::Put(&batch, Key(Kind::kPoolKeys, {pool_id}), kKeysFormat, EncodeKeys(*next.keys));
  const Result<PoolRef> made = co_await impl_->Store(*before, std::move(next), std::move(batch), lane);
  co_return made.ok() ? Status() : Status(made.error());
}

// --- Clients. ---

Task<Result<ClientRef>> Pools::CreateClient(std::string pool_id, Client client, bool with_secret, Lane& lane) {
  const auto held = co_await impl_->changing.Lock(lane);
  Result<PoolRef> before = impl_->Get(pool_id);
  if (!before.ok()) co_return Result<ClientRef>(std::move(before).error());
  client.id = NewClientId();
  client.pool_id = pool_id;
  client.created = client.modified = impl_->clock.Now();
  if (with_secret) client.secret = NewClientSecret();
  ClientRef created = std::make_shared<const Client>(std::move(client));
  Pool next = **before;
  next.clients[created->id] = created;
  Batch batch;
  records::Put(&batch, Key(Kind::kPoolClient, {pool_id, created->id}), kClientFormat, EncodeClient(*created));
  const Result<PoolRef> made = co_await impl_->Store(*before, std::move(next), std::move(batch), lane);
  co_return made.ok() ? Result<ClientRef>(created) : Result<ClientRef>(made.error());
}

Task<Result<ClientRef>> Pools::UpdateClient(std::string pool_id, std::string client_id, ChangeClient change,
                                            Lane& lane) {
  const auto held = co_await impl_->changing.Lock(lane);
  Result<PoolRef> before = impl_->Get(pool_id);
  if (!before.ok()) co_return Result<ClientRef>(std::move(before).error());
  Pool next = **before;
  const auto found = next.clients.find(client_id);
  if (found == next.clients.end()) co_return Result<ClientRef>(Fail(errors::kPoolClientNotFound, client_id));
  Client client = *found->second;
  Status changed = change(next, &client);
  if (!changed.ok()) co_return Result<ClientRef>(std::move(changed).error());
  client.modified = impl_->clock.Now();
  ClientRef updated = std::make_shared<const Client>(std::move(client));
  found->second = updated;
  Batch batch;
  records::Put(&batch, Key(Kind::kPoolClient, {pool_id, client_id}), kClientFormat, EncodeClient(*updated));
  const Result<PoolRef> made = co_await impl_->Store(*before, std::move(next), std::move(batch), lane);
  co_return made.ok() ? Result<ClientRef>(updated) : Result<ClientRef>(made.error());
}

Task<Status> Pools::RemoveClient(std::string pool_id, std::string client_id, Lane& lane) {
  const auto held = co_await impl_->changing.Lock(lane);
  Result<PoolRef> before = impl_->Get(pool_id);
  if (!before.ok()) co_return Status(std::move(before).error());
  Pool next = **before;
  if (next.clients.erase(client_id) == 0) co_return Status(Fail(errors::kPoolClientNotFound, client_id));
  Batch batch;
  records::Erase(&batch, Key(Kind::kPoolClient, {pool_id, client_id}));
  const Result<PoolRef> made = co_await impl_->Store(*before, std::move(next), std::move(batch), lane);
  co_return made.ok() ? Status() : Status(made.error());
}

}  // namespace stator::pools
