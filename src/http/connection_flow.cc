// Replies that go on: pieces are sent as the handler gives them, as chunks, until either side ends.
#include <algorithm>
#include <charconv>

#include "http/connection.h"

namespace stator::http {
namespace {

constexpr size_t kMostUnsent = size_t{256} << 10;  // a client that is further behind does not keep up

void AppendChunk(std::string* out, Bytes piece) {
  char size[16];
  const auto end = std::to_chars(size, size + sizeof size, piece.size(), 16).ptr;
  out->append(size, static_cast<size_t>(end - size)).append("\r\n").append(piece).append("\r\n");
}

}  // namespace

// Outlives the connection if the handler holds it for longer.
class Connection::Flow final : public Outflow {
 public:
  explicit Flow(Connection* connection) : connection_(connection) {}
  ~Flow() override { End(); }

  bool Send(Bytes piece) override { return connection_ != nullptr && connection_->SendPiece(piece); }
  void End() override {
    Connection* connection = std::exchange(connection_, nullptr);
    if (connection == nullptr) return;
    connection->EndFlow();
    connection->Leave();
  }
  void Forget() { connection_ = nullptr; }

 private:
  Connection* connection_;  // null: it is over
};

Connection::~Connection() {
  if (const auto flow = flow_.lock()) flow->Forget();
  room_.shared.buffered.fetch_sub(charged_, std::memory_order_relaxed);
}

// The handler goes on from the lane's loop, never from inside the connection.
void Connection::BeginFlow(Reply reply) {
  const MonotonicTime now = MonotonicNow();
  Framing framing;
  framing.version_minor = request_.head.version_minor;
  framing.endless = true;
  framing.keep_alive = false;
  chunked_out_ = framing.version_minor > 0;
  room_.writer.AppendHead(&out_, reply, framing, now);
  if (chunked_out_ && !reply.body.empty()) {
    AppendChunk(&out_, reply.body);
  } else {
    out_.append(reply.body);
  }
  EndRequest();
  since_ = now;
  phase_ = Phase::kFlowing;
  const auto flow = std::make_shared<Flow>(this);
  flow_ = flow;
  room_.lane.Post([flow, go_on = std::move(reply.go_on)] { go_on(flow); });
}

bool Connection::SendPiece(Bytes piece) {
  if (closed_ || closing_) return false;
  if (piece.empty()) return true;  // an empty chunk would be the last
  if (out_.size() + piece.size() > kMostUnsent) {
    Close();
  } else {
    chunked_out_ ? AppendChunk(&out_, piece) : static_cast<void>(out_.append(piece));
    if (!writing_) Flush();
  }
  const bool alive = !closed_;
  Leave();
  return alive;
}

void Connection::EndFlow() {
  if (closed_ || closing_) return;
  closing_ = true;
  if (chunked_out_) out_.append("0\r\n\r\n");
  Process();
}

}  // namespace stator::http
