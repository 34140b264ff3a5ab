// Reading HTTP/1.1 (RFC 9112): heads and chunked bodies, in whatever pieces they arrive.
//
// Strict where laxness lets two servers disagree about where a request ends: lines end in CRLF, names are tokens
// directly followed by a colon, no folded lines, one framing only. How the input was cut never changes the outcome.
// Fuzzed by fuzz/http_request_fuzz.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "http/limits.h"
#include "http/message.h"

namespace stator::http {

enum class Parse {
  kMore,  // needs more input
  kDone,
  kBad,  // status() and reason() say why; stays so until Reset
};

// One request head.
class HeadParser {
 public:
  explicit HeadParser(const Limits& limits) : limits_(limits) {}

  // `input` begins at the head's first byte and has grown since the last call; it may have moved.
  Parse Feed(Bytes input);
  // Ready for the next head.
  void Reset();

  // After kDone. Bytes of the head, blank line included.
  size_t size() const { return at_; }
  // After kDone. Points `head` into `input`, the same bytes as were fed.
  void Fill(Bytes input, RequestHead* head) const;
  bool chunked() const { return chunked_; }
  uint64_t content_length() const { return content_length_; }  // 0 without the header
  bool has_body() const { return chunked_ || content_length_ > 0; }
  bool keep_alive() const { return keep_alive_; }
  bool expects_continue() const { return expects_continue_; }

  // After kBad.
  int status() const { return status_; }
  Bytes reason() const { return reason_; }

 private:
  struct Span {
    uint32_t begin = 0;
    uint32_t size = 0;
  };
  struct Line {
    Span name;
    Span value;
  };

  static Span SpanOf(Bytes input, Bytes part);
  bool Fail(int status, Bytes reason);  // false
  bool ParseRequestLine(Bytes input, Bytes line);
  bool ParseTarget(Bytes input, Bytes target);
  bool ParseVersion(Bytes version);
  bool ParseHeader(Bytes input, Bytes line);
  bool NoteHeader(Bytes name, Bytes value);
  bool NoteContentLength(Bytes value);
  bool NoteTransferEncoding(Bytes value);
  bool NoteConnection(Bytes value);
  bool CheckWhole();

  const Limits& limits_;
  size_t at_ = 0;       // complete lines end here
  size_t scanned_ = 0;  // no line end before this
  bool in_headers_ = false;
  Span method_;
  Span target_;
  Span path_;
  Span query_;
  Span authority_;
  std::vector<Line> lines_;
  int version_minor_ = 1;
  bool chunked_ = false;
  bool has_length_ = false;
  bool has_transfer_encoding_ = false;
  int hosts_ = 0;
  uint64_t content_length_ = 0;
  bool close_ = false;
  bool keep_alive_asked_ = false;
  bool keep_alive_ = true;
  bool expects_continue_ = false;
  bool bad_ = false;
  int status_ = 0;
  Bytes reason_;
};

// A chunked body with its trailers, which are dropped.
class ChunkDecoder {
 public:
  // Takes decoded bytes off the front of `in` and appends the body to `out`, which never grows beyond `limit`. After
  // kDone the rest of `in` is the next request's.
  Parse Feed(Bytes* in, std::string* out, size_t limit);
  void Reset();

  // After kBad: 400 or 413.
  int status() const { return status_; }
  Bytes reason() const { return reason_; }

 private:
  enum class State { kSize, kExtension, kSizeEnd, kData, kDataCr, kDataLf, kTrailer, kTrailerEnd, kDone, kBad };
  Parse Bad(int status, Bytes reason);
  bool Step(char c);
  bool OnSizeLineEnd();

  State state_ = State::kSize;
  uint64_t left_ = 0;  // of this chunk
  int digits_ = 0;
  size_t line_ = 0;         // bytes of this size line, or of all trailers
  bool line_empty_ = true;  // this trailer line
  int status_ = 0;
  Bytes reason_;
};

}  // namespace stator::http
