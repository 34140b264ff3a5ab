// See codec.h. A head is parsed line by line as it arrives; what is kept are offsets, so the buffer may move.
// Tested by codec_test.cc, which cuts every input at every byte.
#include "http/codec.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "http/text.h"

namespace stator::http {
namespace {

// Bytes of a value: visible, space, tab, and bytes above ASCII. Eight at a time; the exact look is at what remains.
bool IsText(Bytes text) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const char* p = text.data();
  const char* const end = p + text.size();
  const auto bad = [](char c) { return (static_cast<uint8_t>(c) < 0x20 && c != '\t') || c == 0x7f; };
  for (; end - p >= 8; p += 8) {
    uint64_t word = 0;
    std::memcpy(&word, p, 8);
    // High bit of a byte: below 0x20, or equal to 0x7f; a borrow may flag a byte too many, never one too few.
    const uint64_t below = (word - kOnes * 0x20) & ~word;
    const uint64_t del = word ^ (kOnes * 0x7f);
    const uint64_t equal = (del - kOnes) & ~del;
    if (((below | equal) & (kOnes * 0x80)) != 0 && std::any_of(p, p + 8, bad)) return false;
  }
  return std::none_of(p, end, bad);
}

bool IsTargetByte(char c) { return static_cast<uint8_t>(c) > 0x20 && c != 0x7f; }

}  // namespace

HeadParser::Span HeadParser::SpanOf(Bytes input, Bytes part) {
  return {static_cast<uint32_t>(part.data() - input.data()), static_cast<uint32_t>(part.size())};
}

void HeadParser::Reset() {
  at_ = scanned_ = 0;
  authority_ = {};
  in_headers_ = false;
  lines_.clear();
  version_minor_ = 1;
  chunked_ = has_length_ = has_transfer_encoding_ = false;
  hosts_ = 0;
  content_length_ = 0;
  close_ = keep_alive_asked_ = false;
  keep_alive_ = true;
  expects_continue_ = false;
  bad_ = false;
}

bool HeadParser::Fail(int status, Bytes reason) {
  bad_ = true;
  status_ = status;
  reason_ = reason;
  return false;
}

Parse HeadParser::Feed(Bytes input) {
  if (bad_) return Parse::kBad;
  while (true) {
    // Beyond the limit nothing is looked at, so that the outcome does not hang on how much arrived at once.
    const size_t visible = std::min(input.size(), limits_.head_bytes);
    const void* found = std::memchr(input.data() + scanned_, '\n', visible - scanned_);
    if (!found) {
      scanned_ = visible;
      if (visible < limits_.head_bytes) return Parse::kMore;
      in_headers_ ? Fail(431, "The request's headers are too large") : Fail(414, "The request line is too long");
      return Parse::kBad;
    }
    const size_t end = static_cast<size_t>(static_cast<const char*>(found) - input.data());
    const Bytes line = input.substr(at_, end - at_);
    if (line.empty() || line.back() != '\r') return Fail(400, "A line does not end in CRLF"), Parse::kBad;
    const Bytes text = line.substr(0, line.size() - 1);
    const bool first = !in_headers_;
    if (first && !text.empty() && !ParseRequestLine(input, text)) return Parse::kBad;
    if (!first && !text.empty() && !ParseHeader(input, text)) return Parse::kBad;
    at_ = scanned_ = end + 1;
    if (!first && text.empty()) return CheckWhole() ? Parse::kDone : Parse::kBad;
    // Empty lines before a request line are skipped (RFC 9112, section 2.2) and count as part of the head.
  }
}

bool HeadParser::ParseRequestLine(Bytes input, Bytes line) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == Bytes::npos || first == last) return Fail(400, "Malformed request line");
  const Bytes method = line.substr(0, first);
  const Bytes target = line.substr(first + 1, last - first - 1);
  if (method.empty() || !std::all_of(method.begin(), method.end(), IsTokenByte) || target.empty() ||
      !std::all_of(target.begin(), target.end(), IsTargetByte)) {
    return Fail(400, "Malformed request line");
  }
  method_ = SpanOf(input, method);
  target_ = SpanOf(input, target);
  if (method == "CONNECT") {
    authority_ = target_;
    path_ = query_ = SpanOf(input, target.substr(target.size()));
  } else if (!ParseTarget(input, target)) {
    return false;
  }
  in_headers_ = true;
  return ParseVersion(line.substr(last + 1));
}

bool HeadParser::ParseTarget(Bytes input, Bytes target) {
  // What goes to a proxy names scheme and host before the path (RFC 9112, section 3.2.2).
  Bytes path = target;
  if (const size_t scheme = target.find("://"); target.front() != '/' && scheme != Bytes::npos) {
    const size_t begin = scheme + 3;
    const size_t slash = std::min(target.find_first_of("/?", begin), target.size());
    authority_ = SpanOf(input, target.substr(begin, slash - begin));
    // No path means "/": the one of "://" will do.
    path = slash == target.size() ? target.substr(scheme + 1, 1) : target.substr(slash);
  } else if (target.front() != '/' && target != "*") {
    return Fail(400, "Malformed request target");
  }
  const size_t question = path.find('?');
  path_ = SpanOf(input, path.substr(0, question));
  query_ = SpanOf(input, question == Bytes::npos ? path.substr(path.size()) : path.substr(question + 1));
  return true;
}

bool HeadParser::ParseVersion(Bytes version) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != 8 || !version.starts_with("HTTP/") || !digit(version[5]) || version[6] != '.' ||
      !digit(version[7])) {
    return Fail(400, "Malformed request line");
  }
  if (version[5] != '1') return Fail(505, "HTTP version not supported");
  version_minor_ = version[7] == '0' ? 0 : 1;
  return true;
}

bool HeadParser::ParseHeader(Bytes input, Bytes line) {
  if (lines_.size() == limits_.headers) return Fail(431, "Too many headers");
  size_t colon = 0;
  while (colon < line.size() && IsTokenByte(line[colon])) ++colon;
  // Also refuses a folded line, which begins with a blank, and a blank before the colon.
  if (colon == 0 || colon == line.size() || line[colon] != ':') {
    return Fail(400, "Malformed header");
  }
  const Bytes name = line.substr(0, colon);
  const Bytes value = Trim(line.substr(colon + 1));
  if (!IsText(value)) return Fail(400, "Malformed header");
  lines_.push_back({{static_cast<uint32_t>(at_), static_cast<uint32_t>(colon)},
                    {static_cast<uint32_t>(value.data() - input.data()), static_cast<uint32_t>(value.size())}});
  return NoteHeader(name, value);
}

bool HeadParser::NoteHeader(Bytes name, Bytes value) {
  switch (name.size()) {
    case 4:
      if (EqualsLower(name, "host")) ++hosts_;
      return true;
    case 6:
      if (EqualsLower(name, "expect")) expects_continue_ = EqualsLower(value, "100-continue");
      return true;
    case 10:
      return !EqualsLower(name, "connection") || NoteConnection(value);
    case 14:
      return !EqualsLower(name, "content-length") || NoteContentLength(value);
    case 17:
      return !EqualsLower(name, "transfer-encoding") || NoteTransferEncoding(value);
    default:
      return true;
  }
}

bool HeadParser::NoteConnection(Bytes value) {
  while (const auto option = NextMember(&value)) {
    if (EqualsLower(*option, "close")) close_ = true;
    if (EqualsLower(*option, "keep-alive")) keep_alive_asked_ = true;
  }
  return true;
}

bool HeadParser::NoteContentLength(Bytes value) {
  uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (error == std::errc::result_out_of_range && end == value.data() + value.size()) {
    return Fail(413, "The request's body is too large");
  }
  if (error != std::errc() || end != value.data() + value.size()) {
    return Fail(400, "Malformed Content-Length");
  }
  if (has_length_ && length != content_length_) {
    return Fail(400, "Content-Length given twice");
  }
  has_length_ = true;
  content_length_ = length;
  return true;
}

bool HeadParser::NoteTransferEncoding(Bytes value) {
  if (has_transfer_encoding_) return Fail(400, "Transfer-Encoding given twice");
  has_transfer_encoding_ = true;
  chunked_ = EqualsLower(value, "chunked");
  return chunked_ || Fail(501, "Transfer-Encoding not supported");
}

bool HeadParser::CheckWhole() {
  if (chunked_ && (has_length_ || version_minor_ == 0)) {
    return Fail(400, "Ambiguous body length");
  }
  if (hosts_ > 1 || (hosts_ == 0 && version_minor_ > 0)) {
    return Fail(400, "A request needs one Host header");
  }
  keep_alive_ = !close_ && (version_minor_ > 0 || keep_alive_asked_);
  expects_continue_ = expects_continue_ && version_minor_ > 0;
  return true;
}

void HeadParser::Fill(Bytes input, RequestHead* head) const {
  const auto view = [&](Span span) { return input.substr(span.begin, span.size); };
  head->method = view(method_);
  head->target = view(target_);
  head->path = view(path_);
  head->query = view(query_);
  head->authority = view(authority_);
  head->version_minor = version_minor_;
  head->headers.clear();
  for (const Line& line : lines_) head->headers.push_back({view(line.name), view(line.value)});
}

namespace {

constexpr size_t kMaxSizeLine = 256;
constexpr size_t kMaxTrailers = 8192;
constexpr int kMaxSizeDigits = 8;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = ToLower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void ChunkDecoder::Reset() { *this = ChunkDecoder(); }

Parse ChunkDecoder::Bad(int status, Bytes reason) {
  state_ = State::kBad;
  status_ = status;
  reason_ = reason;
  return Parse::kBad;
}

Parse ChunkDecoder::Feed(Bytes* in, std::string* out, size_t limit) {
  while (state_ != State::kDone && state_ != State::kBad) {
    if (state_ == State::kData) {
      const size_t take = std::min<uint64_t>(left_, in->size());
      if (out->size() + left_ > limit) return Bad(413, "The request's body is too large");
      out->append(in->substr(0, take));
      in->remove_prefix(take);
      left_ -= take;
      if (left_ > 0) return Parse::kMore;
      state_ = State::kDataCr;
    }
    if (in->empty()) return Parse::kMore;
    const char c = in->front();
    in->remove_prefix(1);
    if (!Step(c)) return Bad(400, "Malformed chunked body");
  }
  return state_ == State::kDone ? Parse::kDone : Parse::kBad;
}

// Everything but the data, which is taken as a run.
bool ChunkDecoder::Step(char c) {
  switch (state_) {
    case State::kSize: {
      if (const int digit = HexDigit(c); digit >= 0) {
        left_ = left_ << 4 | static_cast<uint64_t>(digit);
        return ++digits_ <= kMaxSizeDigits;
      }
      if (digits_ == 0) return false;
      if (c == '\r') return state_ = State::kSizeEnd, true;
      state_ = State::kExtension;
      line_ = 0;
      return c == ';' || c == ' ' || c == '\t';
    }
    case State::kExtension:
      if (c == '\r') return state_ = State::kSizeEnd, true;
      return c != '\n' && ++line_ < kMaxSizeLine;
    case State::kSizeEnd:
      return c == '\n' && OnSizeLineEnd();
    case State::kDataCr:
      return state_ = State::kDataLf, c == '\r';
    case State::kDataLf:
      state_ = State::kSize;
      left_ = 0;
      digits_ = 0;
      return c == '\n';
    case State::kTrailer:
      if (c == '\r') return state_ = State::kTrailerEnd, true;
      line_empty_ = false;
      return c != '\n' && ++line_ < kMaxTrailers;
    case State::kTrailerEnd:
      if (c != '\n') return false;
      state_ = line_empty_ ? State::kDone : State::kTrailer;
      line_empty_ = true;
      return true;
    default:
      return false;
  }
}

bool ChunkDecoder::OnSizeLineEnd() {
  line_ = 0;
  state_ = left_ > 0 ? State::kData : State::kTrailer;
  return true;
}

}  // namespace stator::http
