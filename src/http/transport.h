// The bytes of one connection, plain or encrypted.
//
// Threads: everything on one lane. What can be done at once is done at once, and the call says so; the rest ends in a
// callback from the lane's event loop, never from inside a call and never after Close. A callback may destroy the
// transport.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/lane.h"
#include "base/os/socket.h"
#include "errors/result.h"

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
  // How much was read, as in OnRead; nothing: ends in OnRead, and `to` stays valid until then. A second call replaces
  // a first that has not ended.
  virtual std::optional<size_t> Read(char* to, size_t size) = 0;
  // All of both pieces, which stay valid until the end. kLater: ends in OnWritten.
  virtual Written Write(Bytes first, Bytes second) = 0;
  // Tells the peer that nothing more comes; reading goes on.
  virtual void FinishWriting() = 0;
  virtual void Close() = 0;
  // Gives the socket up, to be used in another way; what was not read stays in it. REQUIRES: no end is waited for.
  // An encrypted connection has nothing to give: not open.
  virtual Socket Release() = 0;
};

// `user` outlives the transport.
std::unique_ptr<Transport> MakePlainTransport(Socket socket, Lane& lane, Transport::User& user);

}  // namespace stator::http
