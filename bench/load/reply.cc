#include "load/reply.h"

#include <charconv>

namespace load {
namespace {

constexpr size_t kLongestHead = 16 * 1024;

// The value of header `name` (lower case, with colon) in `head`; empty if absent.
std::string_view FindHeader(std::string_view head, std::string_view name) {
  for (size_t line = head.find("\r\n"); line + 2 < head.size(); line = head.find("\r\n", line + 2)) {
    const std::string_view rest = head.substr(line + 2);
    if (rest.size() < name.size()) break;
    bool same = true;
    for (size_t i = 0; same && i < name.size(); ++i) same = (rest[i] | (rest[i] == ':' ? 0 : 0x20)) == name[i];
    if (!same) continue;
    std::string_view value = rest.substr(name.size(), rest.find("\r\n") - name.size());
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    return value;
  }
  return {};
}

}  // namespace

ReplyReader::State ReplyReader::Feed(std::string_view bytes) {
  if (fresh_) {
    fresh_ = false;
    head_done_ = false;
    size_ = 0;
    start_.clear();
  }
  State state;
  if (protocol_ == Protocol::kRedis) {
    start_.append(bytes);
    state = FeedRedis();
  } else {
    state = FeedHttp(bytes);
  }
  fresh_ = state != State::kMore;
  return state;
}

ReplyReader::State ReplyReader::FeedHttp(std::string_view bytes) {
  if (head_done_ && !chunked_) {
    if (bytes.size() > left_) return State::kBroken;
    left_ -= bytes.size();
    return left_ == 0 ? State::kDone : State::kMore;
  }
  start_.append(bytes);
  if (head_done_) return FeedChunked();
  const size_t end = start_.find("\r\n\r\n");
  if (end == std::string::npos) return start_.size() > kLongestHead ? State::kBroken : State::kMore;
  return ReadHead(end + 4);
}

ReplyReader::State ReplyReader::ReadHead(size_t head_size) {
  const std::string_view head(start_.data(), head_size);
  head_done_ = true;
  ok_ = head.starts_with("HTTP/1.1 200");
  chunked_ = FindHeader(head, "transfer-encoding:") == "chunked";
  if (chunked_) {
    start_.erase(0, head_size);
    return FeedChunked();
  }
  const std::string_view length = FindHeader(head, "content-length:");
  if (std::from_chars(length.data(), length.data() + length.size(), size_).ec != std::errc()) return State::kBroken;
  const size_t have = start_.size() - head_size;
  if (have > size_) return State::kBroken;
  left_ = size_ - have;
  return left_ == 0 ? State::kDone : State::kMore;
}

// The servers compared here chunk long replies at most; the last chunk is the only one that ends like this.
ReplyReader::State ReplyReader::FeedChunked() {
  if (!start_.ends_with("\r\n0\r\n\r\n") && start_ != "0\r\n\r\n") return State::kMore;
  size_ = start_.size();
  return State::kDone;
}

ReplyReader::State ReplyReader::FeedRedis() {
  if (!start_.ends_with("\r\n")) return State::kMore;
  ok_ = start_.front() == '+' || start_.front() == '$';
  if (start_.front() == '$' && start_ != "$-1\r\n") {
    uint64_t length = 0;
    if (std::from_chars(start_.data() + 1, start_.data() + start_.size(), length).ec != std::errc()) {
      return State::kBroken;
    }
    if (start_.size() < start_.find("\r\n") + 2 + length + 2) return State::kMore;
  }
  size_ = start_.size();
  return State::kDone;
}

}  // namespace load
