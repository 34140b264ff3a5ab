// One HTTP/1.1 connection: reads requests, has them handled one after the other, answers in their order.
//
// It reads no further while a request is handled, so a client that sends ahead waits in the socket's buffer; what has
// arrived together is answered together, in one write. One read buffer, grown for large heads and bodies only; a
// request that lies in it as a whole is handed on without copying.
//
// Threads: its lane. Owned by its Room, which destroys it when it is closed and no request is being handled.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/timer_wheel.h"
#include "http/codec.h"
#include "http/dial.h"
#include "http/host.h"
#include "http/message.h"
#include "http/relay.h"
#include "http/room.h"
#include "http/tls.h"
#include "http/transport.h"

namespace stator::http {

class Connection final : private TimerWheel::Timer, private Transport::User {
 public:
  struct Place {
    bool tls = false;
    bool loopback = false;  // the address that was connected to
    std::string peer;
  };
  Connection(Room& room, Place place);
  ~Connection() override;

  // REQUIRES: called once, before Begin; `transport` calls user().
  void Use(std::unique_ptr<Transport> transport) { transport_ = std::move(transport); }
  Transport::User& user() { return *this; }

  // Starts reading. Called once, by the room. This and the next two may destroy it.
  void Begin();
  void CloseWhenIdle();
  void CloseNow();
  // Waiting for a request of which nothing has arrived.
  bool idle() const { return waiting() && begin_ == end_; }
  // Waiting for a request, of which something may have arrived.
  bool waiting() const { return phase_ == Phase::kHead && out_.empty() && !writing_ && !closing_ && !closed_; }
  MonotonicTime waiting_since() const { return since_; }

  // A reply whose body is as it is sent.
  struct Encoded {
    Reply reply;
    Bytes coding;  // empty: none
    std::optional<uint32_t> crc32;
  };

 private:
  enum class Phase {
    kHead,
    kBody,
    kHandling,  // by the server, or its reply by a worker
    kDraining,
    kSniffing,     // after CONNECT to an AWS host: what comes is TLS or not
    kBeforeRelay,  // what is queued is sent first
    kRelaying,     // the relay has the connection
    kFlowing,      // a reply goes on; what the client sends is dropped
  };

  void OnRead(size_t bytes) override;
  void OnWritten(bool ok) override;
  void OnTimer() override;

  void Process();
  bool Step();
  bool StepHead();
  bool StepBody();
  void BeginBody();
  void EndBody(Bytes body);
  void Handle(Bytes body);
  bool Read();
  void TakeIn(size_t bytes);
  void AwaitHead();
  void MakeRoom();
  bool Charge(size_t bytes);
  void Await(std::chrono::milliseconds time, size_t bytes = 0);
  void Close();

  // connection_reply.cc
  void Refuse(int status, Bytes reason);
  void RefuseAndClose(int status, Bytes reason);
  void Answer(Reply reply);
  void OnEncoded(Encoded encoded);
  void Queue(Encoded encoded);
  void EndRequest();
  bool Flush();
  void Finish();
  static void Clear(std::string* text);

  // connection_flow.cc
  class Flow;
  void BeginFlow(Reply reply);
  bool SendPiece(Bytes piece);
  void EndFlow();

  // connection_proxy.cc
  bool StepProxy();
  void Intercept(const HostPort& host);
  bool StepSniff();
  void Dial(const HostPort& host);
  void OnDialed(Dialed dialed);
  void RefuseHost(const Dialed& dialed);
  void BeginRelay();
  void OnRelayDone(bool broken);

  // The last thing every entry point does.
  void Leave();
  Bytes unread() const { return {buffer_.get() + begin_, end_ - begin_}; }

  Room& room_;
  const Limits& limits_;
  std::unique_ptr<Transport> transport_;
  const std::string peer_;

  std::unique_ptr<char[]> buffer_;
  size_t capacity_ = 0;
  size_t begin_ = 0;  // what is read and not yet used lies between begin_ and end_
  size_t end_ = 0;

  Phase phase_ = Phase::kHead;
  HeadParser parser_;
  ChunkDecoder chunks_;
  Request request_;
  std::string head_copy_;  // of a request whose body did not come with it
  std::string body_;       // the same's body
  std::string inflated_;
  size_t body_limit_ = 0;  // of this request
  size_t charged_ = 0;     // of Shared::buffered
  size_t drained_ = 0;
  MonotonicTime since_{};  // when the present phase began

  std::string out_;  // answers not yet sent
  std::string out_body_;
  std::string sending_;
  std::string sending_body_;

  std::shared_ptr<const TlsContext> intercepting_;  // kSniffing
  std::unique_ptr<Relay> relay_;                    // kBeforeRelay, kRelaying
  std::string to_host_;                             // kBeforeRelay: what goes there first
  std::weak_ptr<Flow> flow_;                        // kFlowing
  bool chunked_out_ = false;                        // kFlowing: its pieces are chunks

  bool fresh_ = true;        // nothing has arrived yet
  bool head_begun_ = false;  // part of a head has arrived, and its time runs
  bool writing_ = false;
  bool closing_ = false;  // after what is in out_
  bool linger_ = false;   // and reading on for a while, so that the answer is not lost to a reset
  bool closed_ = false;
};

}  // namespace stator::http
