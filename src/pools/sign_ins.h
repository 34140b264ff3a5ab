// Sign-ins: one record for each, under its origin_jti, with the hash of its refresh token. A sign-in is over when it
// expires, is revoked, or its user signed out everywhere (User::signed_out), is disabled or gone.
//
// Threads: any; tasks go on on their lane.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "pools/pool.h"

namespace stator::pools {

struct SignIn {
  std::string origin_jti;  // UUID
  std::string client_id;
  std::string username, sub;
  Time begun;                 // auth_time
  Time expires;               // of the refresh token
  std::string token_hash;     // SHA-256 of the refresh token
  std::string previous_hash;  // of the one before it, where the client rotates
  Time previous_until;        // until then the one before is taken, too
  bool revoked = false;
};

class SignIns {
 public:
  SignIns(engine::Engine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  struct Begun {
    SignIn sign_in;
    std::string refresh_token;  // [A-Za-z0-9-_]
  };
  Task<Result<Begun>> Begin(PoolRef pool, ClientRef client, std::string username, std::string sub, Lane& lane);
  // Nothing: there is none, or it has been swept away.
  Result<std::optional<SignIn>> Find(const Pool& pool, Bytes origin_jti) const;
  // The sign-in of a refresh token. Fails with kPoolRefreshInvalid, kPoolRefreshExpired, kPoolRefreshRevoked.
  Result<SignIn> Open(const Pool& pool, const Client& client, Bytes refresh_token) const;
  // A new refresh token in the place of this one. kPoolRefreshReused when it is no longer the newest.
  Task<Result<std::string>> Rotate(PoolRef pool, ClientRef client, std::string refresh_token, Lane& lane);
  // No such sign-in: done, too.
  Task<Status> Revoke(PoolRef pool, std::string origin_jti, Lane& lane);
  // Erases what has expired. Blocks; on a worker thread.
  Status Sweep();
  // Whether so many have begun that it is time to; true once for each time.
  bool SweepDue();

 private:
  engine::Engine& engine_;
  const Clock& clock_;
  std::atomic<uint64_t> begun_{0};
};

}  // namespace stator::pools
