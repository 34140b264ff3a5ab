// The user pools there are, with their clients and keys. Keeps every one in memory and as records in space 0, and is
// the only way one changes: a change is made of the newest, committed and published, in turn. Users are elsewhere
// (users.h): there may be many of them.
//
// Threads: reading from any thread, without waiting; changes are tasks on any lane.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "pools/pool.h"

namespace stator::pools {

class Pools {
 public:
  // Reads the pools of the store. Blocks; borrows the others. `make_keys`: tests have no time for new keys.
  using KeyMaker = std::function<Result<std::shared_ptr<const Keys>>(Time now, const Keys* before)>;
  static Result<std::unique_ptr<Pools>> Open(engine::Engine& engine, const Clock& clock, WorkerPool& workers,
                                             KeyMaker make_keys = MakeKeys);
  ~Pools();

  // Null if there is none.
  PoolRef Find(Bytes id) const;
  // The pool of a client. Null if there is none.
  PoolRef OfClient(Bytes client_id) const;
  // The pool one of whose keys has this name, with the key; null if there is none.
  std::pair<PoolRef, const SigningKey*> OfKey(Bytes kid) const;
  // In id order, ids > `after`.
  std::vector<PoolRef> List(Bytes after, size_t limit) const;

  // Makes id, ARN, times and keys, which takes a worker some tenths of a second.
  Task<Result<PoolRef>> Create(Pool pool, Lane& lane);
  // Replaces a pool's description by what `change` makes of the newest; kPoolNotFound if it is gone. Clients and keys
  // stay as they are. `change` may run again.
  using Change = std::function<Status(Pool*)>;
  Task<Result<PoolRef>> Update(std::string id, Change change, Lane& lane);
  // With its clients and users.
  Task<Status> Remove(std::string id, Lane& lane);
  // Makes id, secret (if `with_secret`) and times.
  Task<Result<ClientRef>> CreateClient(std::string pool_id, Client client, bool with_secret, Lane& lane);
  // kPoolClientNotFound if it is gone.
  using ChangeClient = std::function<Status(const Pool&, Client*)>;
  Task<Result<ClientRef>> UpdateClient(std::string pool_id, std::string client_id, ChangeClient change, Lane& lane);
  Task<Status> RemoveClient(std::string pool_id, std::string client_id, Lane& lane);
  // New keys sign from now on; tokens of the old ones stay valid.
  Task<Status> RotateKeys(std::string pool_id, Lane& lane);
  // For tests.
  Task<Status> RemoveAll(Lane& lane);

  // These fail as the API does: kPoolNotFound, kPoolClientNotFound.
  Result<PoolRef> Get(Bytes id) const;
  Result<std::pair<PoolRef, ClientRef>> GetClient(Bytes client_id) const;

 private:
  struct Impl;
  explicit Pools(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::pools
