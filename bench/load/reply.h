// Finds the end of each reply in what a server sends, keeping as little of it as possible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "load/request.h"

namespace load {

// One per connection. One request is in flight at a time, so a reply ends where the bytes end.
class ReplyReader {
 public:
  enum class State { kMore, kDone, kBroken };

  explicit ReplyReader(Protocol protocol) : protocol_(protocol) {}

  // Takes the bytes of one read. kDone: a reply is complete, ok() and size() tell about it; the next Feed begins
  // another.
  State Feed(std::string_view bytes);

  bool ok() const { return ok_; }
  uint64_t size() const { return size_; }  // bytes of the body
  // The beginning of the reply, for a message about one that is not ok.
  const std::string& start() const { return start_; }

 private:
  State FeedHttp(std::string_view bytes);
  State ReadHead(size_t head_size);
  State FeedChunked();
  State FeedRedis();

  Protocol protocol_;
  bool fresh_ = true;
  bool head_done_ = false;
  bool chunked_ = false;
  bool ok_ = false;
  uint64_t size_ = 0;
  uint64_t left_ = 0;  // bytes of the body still to come
  std::string start_;  // head and, unless the length is known, body
};

}  // namespace load
