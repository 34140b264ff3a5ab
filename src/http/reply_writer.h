// Writes the head of a reply. One per lane: it keeps the Date of the current second.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "http/message.h"

namespace stator::http {

// What the connection knows about a reply beside its content.
struct Framing {
  size_t content_length = 0;
  bool endless = false;           // the length is not known: in chunks, or with HTTP/1.0 up to the connection's end
  Bytes content_encoding;         // empty: none
  std::optional<uint32_t> crc32;  // of the bytes sent
  int version_minor = 1;          // of the request
  bool keep_alive = true;
};

class ReplyWriter {
 public:
  // Appends status line, headers and the blank line. A header of the reply that would break the framing (a line break
  // in it) is left out. `now` chooses the Date.
  void AppendHead(std::string* out, const Reply& reply, const Framing& framing, MonotonicTime now);

 private:
  void Refresh(MonotonicTime now);

  std::string common_;  // Server and Date
  MonotonicTime valid_until_{};
};

// "OK"; empty for a status without a name of its own.
Bytes ReasonPhrase(int status);

}  // namespace stator::http
