#include "net/reply_reader.h"

#include <charconv>

#include "http/host.h"

namespace stator::messages {
namespace {

constexpr size_t kMostHead = size_t{64} << 10;
constexpr size_t kMostBody = size_t{64} << 20;  // as client/curl_transport.cc

Bytes Trimmed(Bytes text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

template <class Number>
bool ReadNumber(Bytes text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

ReplyReader::State ReplyReader::StateNow() const {
  if (part_ == Part::kDone) return State::kDone;
  return part_ == Part::kBad ? State::kBad : State::kMore;
}

ReplyReader::State ReplyReader::Feed(Bytes piece) {
  begun_ = begun_ || !piece.empty();
  while (!piece.empty() && StateNow() == State::kMore)
    part_ = part_ == Part::kHead ? TakeHead(&piece) : TakeBody(&piece);
  if (part_ == Part::kDone && !piece.empty()) keep_alive_ = false;  // nobody asked for more
  return StateNow();
}

ReplyReader::State ReplyReader::End() {
  if (part_ != Part::kDone) part_ = part_ == Part::kToTheEnd ? Part::kDone : Part::kBad;
  keep_alive_ = false;
  return StateNow();
}

ReplyReader::Part ReplyReader::TakeHead(Bytes* piece) {
  // The blank line may have been cut anywhere.
  const size_t seen = head_.size() < 3 ? 0 : head_.size() - 3;
  const size_t before = head_.size();
  head_.append(*piece);
  const size_t end = head_.find("\r\n\r\n", seen);
  if (end == std::string::npos) {
    *piece = {};
    return head_.size() > kMostHead ? Part::kBad : Part::kHead;
  }
  piece->remove_prefix(end + 4 - before);
  const Part next = ReadHead(Bytes(head_).substr(0, end));
  head_.clear();
  return next;
}

ReplyReader::Part ReplyReader::ReadHead(Bytes head) {
  reply_.headers.clear();
  bool first = true;
  while (!head.empty()) {
    const size_t end = head.find("\r\n");
    const Bytes line = head.substr(0, end);
    head = end == Bytes::npos ? Bytes() : head.substr(end + 2);
    if (!(first ? ReadStatusLine(line) : ReadHeader(line))) return Part::kBad;
    first = false;
  }
  if (first) return Part::kBad;
  if (reply_.status < 200) return Part::kHead;  // an interim answer; the real one follows
  return BodyPart();
}

// "HTTP/1.1 200 OK"
bool ReplyReader::ReadStatusLine(Bytes line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return false;
  keep_alive_ = line[7] == '1';
  return ReadNumber(line.substr(9, 3), &reply_.status);
}

bool ReplyReader::ReadHeader(Bytes line) {
  const size_t colon = line.find(':');
  if (colon == 0 || colon == Bytes::npos) return false;
  reply_.headers.emplace_back(http::LowerCase(line.substr(0, colon)), Trimmed(line.substr(colon + 1)));
  return true;
}

ReplyReader::Part ReplyReader::BodyPart() {
  const std::string connection = http::LowerCase(reply_.Find("connection"));
  if (connection.find("close") != std::string::npos) keep_alive_ = false;
  if (reply_.status == 204 || reply_.status == 304) return Part::kDone;
  if (http::LowerCase(reply_.Find("transfer-encoding")) == "chunked") return Part::kChunks;
  const Bytes length = reply_.Find("content-length");
  if (length.empty()) return keep_alive_ = false, Part::kToTheEnd;
  if (!ReadNumber(length, &left_) || left_ > kMostBody) return Part::kBad;
  reply_.body.reserve(left_);
  return left_ == 0 ? Part::kDone : Part::kLength;
}

ReplyReader::Part ReplyReader::TakeBody(Bytes* piece) {
  if (part_ == Part::kChunks) {
    const http::Parse parsed = chunks_.Feed(piece, &reply_.body, kMostBody);
    if (parsed == http::Parse::kMore) return Part::kChunks;
    return parsed == http::Parse::kDone ? Part::kDone : Part::kBad;
  }
  const Bytes taken = part_ == Part::kLength ? piece->substr(0, left_) : *piece;
  if (reply_.body.size() + taken.size() > kMostBody) return Part::kBad;
  reply_.body.append(taken);
  piece->remove_prefix(taken.size());
  if (part_ == Part::kToTheEnd) return part_;
  left_ -= taken.size();
  return left_ == 0 ? Part::kDone : Part::kLength;
}

}  // namespace stator::messages
