// The bytes of one connection, plain or encrypted: the only part of it that names the socket library.
//
// Threads: everything on one lane. At most one read and one write are under way. Callbacks come from the lane's event
// loop, never from inside a call, and all of them come, even after Close: a transport may be destroyed when none is
// outstanding, or when its lane no longer runs.
#pragma once

#include <cstddef>
#include <memory>

#include "base/bytes.h"

namespace stator::http {

class Transport {
 public:
  class User {
   public:
    virtual ~User() = default;
    // `bytes` were read; 0: the peer has finished sending, or the connection is broken.
    virtual void OnRead(size_t bytes) = 0;
    virtual void OnWritten(bool ok) = 0;
  };
  enum class Written { kAll, kFailed, kLater };

  virtual ~Transport() = default;
  // Ends in OnRead. `to` stays valid until then.
  virtual void Read(User& user, char* to, size_t size) = 0;
  // All of both pieces. kLater: ends in OnWritten, and the pieces stay valid until then.
  virtual Written Write(User& user, Bytes first, Bytes second) = 0;
  // Tells the peer that nothing more comes; reading goes on.
  virtual void FinishWriting() = 0;
  virtual void Close() = 0;
};

}  // namespace stator::http
