// The second half of connection.h: what becomes of a reply. Tested by connection_reply_test.cc.
//
// Compressing and summing up a large body takes longer than a lane may be held; a worker does it, and the connection
// counts as handling the request until then, so that no later answer passes by.
#include "http/compress.h"
#include "http/connection.h"

namespace stator::http {
namespace {

constexpr size_t kCopiedBody = size_t{16} << 10;  // smaller bodies are copied behind their head
constexpr size_t kKeptBody = size_t{64} << 10;    // larger strings are given back after use
// A lane is held for a third of a millisecond at most by what it does itself.
constexpr size_t kCompressedHere = size_t{64} << 10;
constexpr size_t kSummedHere = size_t{1} << 20;

// What is sent of a reply, by what was asked for.
void Encode(Coding coding, Connection::Encoded* encoded) {
  Reply& reply = encoded->reply;
  if (coding != Coding::kIdentity) reply.body = Compress(coding, reply.body);
  encoded->coding = NameOf(coding);
  if (reply.crc32) encoded->crc32 = Crc32(reply.body);
}

bool TakesLong(Coding coding, const Reply& reply) {
  if (coding != Coding::kIdentity) return reply.body.size() > kCompressedHere;
  return reply.crc32 && reply.body.size() > kSummedHere;
}

}  // namespace

void Connection::Clear(std::string* text) {
  text->clear();
  if (text->capacity() > kKeptBody) text->shrink_to_fit();
}

void Connection::Refuse(int status, Bytes reason) {
  room_.shared.refused.fetch_add(1, std::memory_order_relaxed);
  Answer(room_.shared.handler.Refuse(status, reason));
}

void Connection::RefuseAndClose(int status, Bytes reason) {
  room_.shared.refused.fetch_add(1, std::memory_order_relaxed);
  Reply reply = room_.shared.handler.Refuse(status, reason);
  linger_ = reply.close = true;
  Answer(std::move(reply));
}

void Connection::Answer(Reply reply) {
  if (closed_) {
    phase_ = Phase::kDraining;
    return;
  }
  if (reply.go_on && request_.head.method != "HEAD") return BeginFlow(std::move(reply));
  Coding coding = Coding::kIdentity;
  if (reply.compress) coding = ChooseCoding(request_.head.Find("accept-encoding"), reply.body.size());
  WorkerPool* workers = room_.shared.workers;
  Encoded encoded{std::move(reply), {}, {}};
  if (!workers || !TakesLong(coding, encoded.reply)) {
    Encode(coding, &encoded);
    return Queue(std::move(encoded));
  }
  phase_ = Phase::kHandling;
  // For both bodies there must be room; if there is not, this one is sent as it is.
  if (coding != Coding::kIdentity && !Charge(encoded.reply.body.size())) coding = Coding::kIdentity;
  // The worker touches nothing of ours: at the end of the server it may outlive the connection.
  workers->Post([this, coding, &lane = room_.lane, encoded = std::move(encoded)]() mutable {
    Encode(coding, &encoded);
    lane.Post([this, encoded = std::move(encoded)]() mutable { OnEncoded(std::move(encoded)); });
  });
}

void Connection::OnEncoded(Encoded encoded) {
  if (closed_) {
    phase_ = Phase::kDraining;
  } else {
    Queue(std::move(encoded));
    Process();
  }
  Leave();
}

// Queues what is sent and makes ready for the next request.
void Connection::Queue(Encoded encoded) {
  const MonotonicTime now = MonotonicNow();
  Reply& reply = encoded.reply;
  Framing framing;
  framing.version_minor = request_.head.version_minor;
  framing.keep_alive = parser_.keep_alive() && !reply.close && !room_.draining();
  framing.content_encoding = encoded.coding;
  framing.crc32 = encoded.crc32;
  framing.content_length = reply.body.size();
  room_.writer.AppendHead(&out_, reply, framing, now);
  closing_ = !framing.keep_alive;
  if (request_.head.method != "HEAD" && reply.status != 204 && reply.status != 304) {
    if (reply.body.size() <= kCopiedBody) {
      out_.append(reply.body);
    } else {
      out_body_ = std::move(reply.body);
    }
  }
  EndRequest();
  since_ = now;
}

void Connection::EndRequest() {
  parser_.Reset();
  request_.head.method = {};
  request_.head.version_minor = 1;
  Clear(&head_copy_);
  Clear(&body_);
  Clear(&inflated_);
  head_begun_ = false;
  if (charged_ > 0) room_.shared.buffered.fetch_sub(std::exchange(charged_, 0), std::memory_order_relaxed);
  phase_ = Phase::kHead;
}

// Sends what is queued; false when that takes a while or has failed.
bool Connection::Flush() {
  if (out_.empty()) return true;
  sending_.swap(out_);
  sending_body_.swap(out_body_);
  switch (transport_->Write(sending_, sending_body_)) {
    case Transport::Written::kAll:
      Clear(&sending_);
      Clear(&sending_body_);
      return true;
    case Transport::Written::kLater:
      writing_ = true;
      since_ = MonotonicNow();
      Await(limits_.transfer_time, sending_.size() + sending_body_.size());
      return false;
    case Transport::Written::kFailed:
      Close();
      return false;
  }
  return false;
}

void Connection::Finish() {
  if (!linger_ && begin_ == end_) return Close();
  phase_ = Phase::kDraining;
  transport_->FinishWriting();
  since_ = MonotonicNow();
  Await(limits_.drain_time);
}

}  // namespace stator::http
