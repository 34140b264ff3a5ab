// What one connection, and all of them together, may cost. A time is how long the other side may take.
#pragma once

#include <chrono>
#include <cstddef>

namespace stator::http {

struct Limits {
  size_t head_bytes = size_t{32} << 10;                  // request line and headers; more: 431
  size_t headers = 128;                                  // lines; more: 431
  size_t body_bytes = (size_t{16} << 20) + (256 << 10);  // as sent and after inflation, unless the handler allows a
                                                         // request more; larger: 413
  size_t buffered_bytes = size_t{512} << 20;             // bodies in memory, all connections; more: 503
  size_t connections = 8192;                             // more: the one idle the longest goes, or the new one
  size_t drained_bytes = size_t{256} << 10;              // read and dropped after a refusal, so that the reply arrives

  std::chrono::milliseconds handshake_time{10'000};  // TLS
  std::chrono::milliseconds idle_time{120'000};      // between requests
  std::chrono::milliseconds head_time{10'000};       // first byte to the end of the head; longer: 408
  // A body, and a reply on its way out, have this long and a second more for each `bytes_per_second`.
  std::chrono::milliseconds transfer_time{20'000};
  size_t bytes_per_second = size_t{64} << 10;
  std::chrono::milliseconds drain_time{1'000};
  std::chrono::milliseconds connect_time{10'000};  // to each address of a host that was asked for
  std::chrono::milliseconds relay_time{300'000};   // without a byte either way between a client and another host
};

}  // namespace stator::http
