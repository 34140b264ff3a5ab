// The part of a connection that is about other hosts; see proxy.h. Tested by connection_proxy_test.cc.
#include "http/connection.h"
#include "http/proxy.h"

namespace stator::http {
namespace {

constexpr Bytes kEstablished = "HTTP/1.1 200 Connection established\r\n\r\n";
constexpr char kTlsHandshake = 0x16;  // the first byte of every TLS connection

}  // namespace

// A head that names a host has been read. False: it is a request like any other.
bool Connection::StepProxy() {
  const RequestHead& head = request_.head;
  const bool connect = head.method == "CONNECT";
  Proxy* proxy = room_.shared.proxy;
  if (!proxy && !connect) return false;
  if (!proxy) return RefuseAndClose(501, "This port is no proxy"), true;
  if (connect && parser_.has_body()) return RefuseAndClose(400, "CONNECT has no body"), true;
  Proxy::Decision decision = proxy->Decide(head, room_.shared.port);
  if (decision.way == Proxy::Way::kServe) return false;
  if (decision.way == Proxy::Way::kIntercept) {
    if (auto refusal = room_.shared.handler.Admit(head)) {
      decision.way = Proxy::Way::kRefuse;
      decision.refusal = std::move(*refusal);
    }
  }
  if (decision.way == Proxy::Way::kRefuse) {
    room_.shared.refused.fetch_add(1, std::memory_order_relaxed);
    linger_ = decision.refusal.close = true;
    Answer(std::move(decision.refusal));
  } else if (room_.draining()) {
    RefuseAndClose(503, "The server is stopping");
  } else if (decision.way == Proxy::Way::kIntercept) {
    Intercept(decision.host);
  } else {
    Dial(decision.host);
  }
  return true;
}

void Connection::Intercept(const HostPort& host) {
  if (request_.head.tls) return RefuseAndClose(501, "CONNECT is not answered inside TLS");
  auto context = room_.shared.proxy->authority().ContextFor(host.host);
  if (!context.ok()) return RefuseAndClose(500, "No certificate can be made for this host");
  intercepting_ = std::move(context).value();
  out_.append(kEstablished);
  begin_ += parser_.size();
  EndRequest();
  phase_ = Phase::kSniffing;
  since_ = MonotonicNow();
}

// Clients that send everything through a proxy's tunnel send plain requests so too.
bool Connection::StepSniff() {
  if (unread().front() == kTlsHandshake) {
    std::string already_read(unread());
    begin_ = end_ = 0;
    Socket socket = transport_->Release();
    transport_ = intercepting_->MakeTransport(std::move(socket), room_.lane, *this, std::move(already_read));
    request_.head.tls = fresh_ = true;
  }
  intercepting_.reset();
  phase_ = Phase::kHead;
  since_ = MonotonicNow();
  return true;
}

// The head stays where it is: nothing is read meanwhile.
void Connection::Dial(const HostPort& host) {
  room_.shared.requests.fetch_add(1, std::memory_order_relaxed);
  phase_ = Phase::kHandling;
  since_ = MonotonicNow();
  Await(limits_.idle_time);
  Task<Dialed> task = room_.shared.proxy->dialer().Dial(host.host, host.port, room_.lane, limits_.connect_time);
  if (task.done()) return OnDialed(task.Take());
  Start(std::move(task), [this](Dialed dialed) {
    if (closed_) {
      phase_ = Phase::kDraining;
    } else {
      OnDialed(std::move(dialed));
      Process();
    }
    Leave();
  });
}

void Connection::RefuseHost(const Dialed& dialed) {
  switch (dialed.outcome) {
    case Dialed::Outcome::kUnknownHost:
      return RefuseAndClose(502, "The host has no address");
    case Dialed::Outcome::kTimeout:
      return RefuseAndClose(504, "The host does not answer");
    case Dialed::Outcome::kBusy:
      return RefuseAndClose(503, "Too many hosts are being looked up");
    default:
      return RefuseAndClose(502, "The host cannot be reached: " + dialed.reason);
  }
}

void Connection::OnDialed(Dialed dialed) {
  if (dialed.outcome != Dialed::Outcome::kDone) return RefuseHost(dialed);
  if (!Charge(Relay::kBuffers)) return RefuseAndClose(503, "Too many requests in memory");
  Passage passage = Passage::All();
  if (request_.head.method == "CONNECT") {
    out_.append(kEstablished);
  } else {
    to_host_ = HeadToSendOn(request_.head);
    passage = parser_.chunked() ? Passage::Chunked() : Passage::Length(parser_.content_length());
  }
  begin_ += parser_.size();
  const size_t passed = passage.Take(unread());
  to_host_.append(unread().substr(0, passed));
  begin_ = end_ = 0;
  if (passage.broken()) return RefuseAndClose(400, "Malformed chunked body");
  relay_ = std::make_unique<Relay>(*transport_, std::move(dialed.socket), room_.lane, std::move(passage),
                                   limits_.relay_time, [this](bool broken) { OnRelayDone(broken); });
  phase_ = Phase::kBeforeRelay;
}

void Connection::BeginRelay() {
  room_.lane.timers().Disarm(*this);
  phase_ = Phase::kRelaying;
  relay_->Begin(std::move(to_host_));
}

void Connection::OnRelayDone(bool broken) {
  if (broken) {
    Close();
  } else {
    relay_.reset();
    linger_ = true;
    Finish();
    Process();
  }
  Leave();
}

}  // namespace stator::http
