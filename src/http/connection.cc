// See connection.h; tested through real sockets by connection_test.cc.
//
// Process is the engine: it takes steps (a head, a piece of body, a request) as long as there is input for them, then
// sends the answers, then reads. Callbacks from outside only note what happened and call it. Answering is the business
// of connection_reply.cc, other hosts that of connection_proxy.cc.
#include "http/connection.h"

#include <algorithm>
#include <cstring>

#include "http/compress.h"

namespace stator::http {
namespace {

constexpr size_t kSmallBuffer = size_t{4} << 10;
constexpr size_t kLargeBuffer = size_t{64} << 10;
constexpr size_t kFlushAt = size_t{64} << 10;  // answers of pipelined requests wait for each other up to here

}  // namespace

Connection::Connection(Room& room, Place place)
    : room_(room), limits_(room.shared.limits), peer_(std::move(place.peer)), parser_(limits_) {
  request_.head.tls = place.tls;
  request_.head.loopback_listener = place.loopback;
  request_.head.peer = peer_;
}

void Connection::Begin() {
  since_ = MonotonicNow();
  Process();
  Leave();
}

void Connection::CloseWhenIdle() {
  if (idle() || phase_ == Phase::kSniffing || phase_ == Phase::kRelaying) Close();
  if (phase_ == Phase::kFlowing) EndFlow();
  Leave();
}

void Connection::CloseNow() {
  Close();
  Leave();
}

void Connection::OnRead(size_t bytes) {
  if (phase_ == Phase::kRelaying) return relay_->OnClientRead(bytes);
  TakeIn(bytes);
  Process();
  Leave();
}

void Connection::OnWritten(bool ok) {
  if (phase_ == Phase::kRelaying) return relay_->OnClientWritten(ok);
  writing_ = false;
  Clear(&sending_);
  Clear(&sending_body_);
  if (!ok) {
    Close();
  } else if (!closed_) {
    since_ = MonotonicNow();
    Process();
  }
  Leave();
}

void Connection::OnTimer() {
  if (phase_ == Phase::kHandling && !writing_) {
    since_ = MonotonicNow();  // the server takes its time; nothing is asked of the client
    Await(limits_.idle_time);
  } else if (phase_ == Phase::kFlowing && !writing_) {
    // There is nothing to say just now.
  } else if (phase_ == Phase::kDraining || phase_ == Phase::kSniffing || writing_ || closing_ || idle()) {
    Close();
  } else {
    RefuseAndClose(408, "The request took too long to arrive");
    Process();
  }
  Leave();
}

void Connection::Process() {
  while (!closed_ && !writing_) {
    if (phase_ == Phase::kDraining) {
      if (!Read()) return;
      continue;
    }
    const bool full = out_.size() >= kFlushAt || !out_body_.empty();
    if (!closing_ && !full && Step()) continue;
    if (!Flush()) return;
    if (phase_ == Phase::kBeforeRelay) return BeginRelay();
    if (closing_) {
      Finish();
    } else if (!full && (phase_ == Phase::kHandling || !Read())) {
      return;
    }
  }
}

// One step on the way of a request; false when it needs more input or waits for the handler.
bool Connection::Step() {
  switch (phase_) {
    case Phase::kHead:
      return begin_ != end_ && StepHead();
    case Phase::kBody:
      return StepBody();
    case Phase::kSniffing:
      return begin_ != end_ && StepSniff();
    default:
      return false;
  }
}

bool Connection::StepHead() {
  const Parse parsed = parser_.Feed(unread());
  if (parsed == Parse::kMore) return false;
  if (parsed == Parse::kBad) return RefuseAndClose(parser_.status(), parser_.reason()), true;
  RequestHead& head = request_.head;
  parser_.Fill(unread(), &head);
  if (!head.authority.empty() && StepProxy()) return true;
  const size_t head_size = parser_.size();
  const bool whole = !parser_.chunked() && parser_.content_length() <= end_ - begin_ - head_size;
  if (std::optional<Reply> refusal = room_.shared.handler.Admit(head)) {
    room_.shared.refused.fetch_add(1, std::memory_order_relaxed);
    if (!whole) linger_ = refusal->close = true;
    begin_ += head_size + (whole ? parser_.content_length() : 0);
    Answer(std::move(*refusal));
    return true;
  }
  body_limit_ = whole ? limits_.body_bytes : room_.shared.handler.BodyLimit(head, limits_.body_bytes);
  if (parser_.content_length() > body_limit_) return RefuseAndClose(413, "The request's body is too large"), true;
  if (whole) {
    const Bytes body = unread().substr(head_size, parser_.content_length());
    begin_ += head_size + body.size();
    EndBody(body);
  } else {
    BeginBody();
  }
  return true;
}

// The body comes later, so the read buffer will be used again: the head moves to a place of its own.
void Connection::BeginBody() {
  head_copy_.assign(unread().substr(0, parser_.size()));
  parser_.Fill(head_copy_, &request_.head);
  begin_ += parser_.size();
  phase_ = Phase::kBody;
  since_ = MonotonicNow();
  Await(limits_.transfer_time);
  chunks_.Reset();
  if (!Charge(kLargeBuffer)) return RefuseAndClose(503, "Too many requests in memory");
  if (parser_.expects_continue() && begin_ == end_) out_.append("HTTP/1.1 100 Continue\r\n\r\n");
}

bool Connection::StepBody() {
  if (begin_ == end_) return false;
  const size_t before = body_.size();
  Parse parsed = Parse::kMore;
  if (parser_.chunked()) {
    Bytes in = unread();
    parsed = chunks_.Feed(&in, &body_, body_limit_);
    begin_ = end_ - in.size();
    if (parsed == Parse::kBad) return RefuseAndClose(chunks_.status(), chunks_.reason()), true;
  } else {
    const Bytes piece = unread().substr(0, parser_.content_length() - body_.size());
    body_.append(piece);
    begin_ += piece.size();
    if (body_.size() == parser_.content_length()) parsed = Parse::kDone;
  }
  if (!Charge(body_.size() - before)) return RefuseAndClose(503, "Too many requests in memory"), true;
  if (parsed == Parse::kDone) {
    EndBody(body_);
  } else {
    Await(limits_.transfer_time, body_.size());
  }
  return true;
}

void Connection::EndBody(Bytes body) {
  const Bytes coding = request_.head.Find("content-encoding");
  if (coding.empty()) return Handle(body);
  const Inflated result = Inflate(coding, body, body_limit_, &inflated_);
  if (result == Inflated::kTooLarge) return Refuse(413, "The request's body is too large");
  if (result == Inflated::kBroken) return Refuse(500, "The request's body does not inflate");
  if (result == Inflated::kUnknown) return Refuse(500, "Unknown Content-Encoding");
  if (result == Inflated::kIdentity) return Handle(body);
  if (!Charge(inflated_.size())) return Refuse(503, "Too many requests in memory");
  Handle(inflated_);
}

void Connection::Handle(Bytes body) {
  room_.shared.requests.fetch_add(1, std::memory_order_relaxed);
  request_.body = body;
  phase_ = Phase::kHandling;
  Task<Reply> task = room_.shared.handler.Handle(request_, room_.lane);
  if (task.done()) return Answer(task.Take());
  Start(std::move(task), [this](Reply reply) {
    Answer(std::move(reply));
    Process();
    Leave();
  });
}

// Takes in what is there; false when it will come later.
bool Connection::Read() {
  if (phase_ == Phase::kHead) AwaitHead();
  if (phase_ == Phase::kSniffing) Await(limits_.handshake_time);
  if (phase_ == Phase::kDraining || phase_ == Phase::kFlowing) begin_ = end_ = 0;
  MakeRoom();
  const std::optional<size_t> bytes = transport_->Read(buffer_.get() + end_, capacity_ - end_);
  if (bytes) TakeIn(*bytes);
  return bytes.has_value();
}

void Connection::TakeIn(size_t bytes) {
  if (bytes == 0) return Close();
  fresh_ = false;
  end_ += bytes;
  if (phase_ != Phase::kDraining && phase_ != Phase::kFlowing) return;
  drained_ += bytes;
  if (drained_ > limits_.drained_bytes) Close();
}

void Connection::AwaitHead() {
  if (begin_ == end_) return Await(fresh_ && request_.head.tls ? limits_.handshake_time : limits_.idle_time);
  if (head_begun_) return;
  head_begun_ = true;
  since_ = MonotonicNow();
  Await(limits_.head_time);
}

// Space behind end_. Only a request still to be read moves; nobody looks at it but the parser.
void Connection::MakeRoom() {
  if (begin_ == end_) begin_ = end_ = 0;
  const bool large = phase_ == Phase::kBody;
  size_t wanted = capacity_;
  if (large) {
    wanted = std::max(capacity_, kLargeBuffer);
  } else if (!buffer_ || (begin_ == end_ && capacity_ > kLargeBuffer / 4)) {
    wanted = kSmallBuffer;
  } else if (begin_ == 0 && end_ == capacity_) {
    wanted = capacity_ * 2;
  }
  if (wanted == capacity_ && end_ < capacity_) return;
  if (wanted == capacity_) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  } else {
    auto grown = std::make_unique_for_overwrite<char[]>(wanted);
    if (end_ > begin_) std::memcpy(grown.get(), buffer_.get() + begin_, end_ - begin_);
    buffer_ = std::move(grown);
    capacity_ = wanted;
  }
  end_ -= begin_;
  begin_ = 0;
}

bool Connection::Charge(size_t bytes) {
  charged_ += bytes;
  return room_.shared.buffered.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limits_.buffered_bytes;
}

// The other side has `time` from the beginning of the phase, and longer for `bytes`.
void Connection::Await(std::chrono::milliseconds time, size_t bytes) {
  room_.lane.timers().Arm(*this, since_ + time + std::chrono::seconds(bytes / limits_.bytes_per_second));
}

void Connection::Close() {
  if (closed_) return;
  closed_ = true;
  room_.lane.timers().Disarm(*this);
  transport_->Close();
}

void Connection::Leave() {
  if (closed_ && phase_ != Phase::kHandling) room_.Remove(this);
}

}  // namespace stator::http
