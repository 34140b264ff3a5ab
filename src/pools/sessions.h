// What has to be known between the two halves of a sign-in: an encrypted and authenticated text that the client carries
// (SECRET_BLOCK, Session), so that beginning many costs no memory. Each can be used once: what was used is
// remembered until it would have expired; when that is too much, the oldest are forgotten and with them every block of
// their time. The key is made at start: a restart ends what was begun.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"

namespace stator::pools {

struct Session {
  enum class Kind : uint8_t { kSrp = 0, kNewPassword = 1 };
  Kind kind = Kind::kSrp;
  std::string pool_id, client_id;
  std::string username;  // the stored one
  std::string sub;       // empty: there is no such user, but the client is not to know
  Time begun, expires;
  // kSrp:
  std::string a, b, public_b;
};

class Sessions {
 public:
  static constexpr size_t kMostUsed = 100'000;  // some 10 MB
  explicit Sessions(size_t most_used = kMostUsed);
  ~Sessions();

  // Opaque bytes; not text.
  std::string Seal(const Session& session);
  // Nothing: not ours, changed, expired, or used.
  std::optional<Session> Read(Bytes sealed, Time now) const;
  // Uses it up: what was `Read` from `sealed`. False: somebody else was first.
  bool Use(const Session& session, Bytes sealed, Time now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::pools
