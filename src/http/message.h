// Requests and replies, and the one interface that `http` asks of the server behind it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/lane.h"
#include "base/task.h"

namespace stator::http {

struct Header {
  Bytes name;   // as sent; compare without case
  Bytes value;  // trimmed
};

// A request line and its headers. Borrowed from the connection until the reply is sent.
struct RequestHead {
  Bytes method;     // "POST"
  Bytes target;     // as sent: "/path?query"
  Bytes path;       // before '?', not decoded
  Bytes query;      // after '?', not decoded
  Bytes authority;  // "host:port" of a target that names one: "http://host:port/path", or CONNECT's; mostly empty
  int version_minor = 1;
  bool tls = false;
  bool loopback_listener = false;  // the address that was connected to
  Bytes peer;                      // "127.0.0.1"
  std::vector<Header> headers;

  // The value of the first header of that name (lower case), or an empty view.
  Bytes Find(Bytes lower_name) const;
};

struct Request {
  RequestHead head;
  Bytes body;  // after Content-Encoding; borrowed until the reply is sent
};

// The open end of a reply that goes on after its head: server-sent events. Threads: the connection's lane.
class Outflow {
 public:
  virtual ~Outflow() = default;
  // Sends, after what was given before. False, and nothing more will ever be sent: the client has gone, or does not
  // keep up and is let go.
  virtual bool Send(Bytes piece) = 0;
  // Nothing more comes; the connection closes when all is sent.
  virtual void End() = 0;
};

struct Reply {
  int status = 200;
  std::string content_type;  // empty: no Content-Type
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool crc32 = false;     // send x-amz-crc32 over the bytes sent
  bool compress = false;  // may be compressed when the client accepts it
  bool close = false;     // close the connection afterwards
  // Set: `body` is only the beginning. Called once, soon, from the lane's loop; what it is given may be used until End
  // or for as long as Send says true, and dropping it ends the reply, too. Not with HEAD. Neither checked nor
  // compressed.
  std::function<void(std::shared_ptr<Outflow>)> go_on;
};

// The server behind the connections. Threads: called on the connection's lane, for one request of a connection at a
// time; the request and its views live until the task is done.
class Handler {
 public:
  virtual ~Handler() = default;
  // Asked once the head is read and before the body is: a reply refuses the request.
  virtual std::optional<Reply> Admit(const RequestHead& head) = 0;
  // How large the body of this request may be, in bytes, where others may have `usual`: as sent and after inflation.
  // Asked after Admit, for bodies that have not arrived with their heads.
  virtual size_t BodyLimit(const RequestHead& /*head*/, size_t usual) { return usual; }
  virtual Task<Reply> Handle(const Request& request, Lane& lane) = 0;
  // A reply for what never became a request: malformed head, too large, time-out, a body that does not inflate.
  // `status` is 400, 408, 413, 414, 431, 500, 501, 502 and 504 (a host that was to be reached), 503 (too much in
  // memory) or 505.
  virtual Reply Refuse(int status, Bytes reason) = 0;
};

}  // namespace stator::http
