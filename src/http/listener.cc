// See listener.h. One acceptor per address, all on lane 0, which deals connections out in turn: several acceptors on
// one port (SO_REUSEPORT) would deal unevenly and let a second server take the same port unseen.
#include "http/listener.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "base/os/poller.h"
#include "base/os/socket.h"
#include "errors/http.h"
#include "http/connection.h"
#include "http/room.h"
#include "http/tls.h"

namespace stator::http {
namespace {

constexpr int kBacklog = 1024;
constexpr int kAcceptsPerTurn = 32;
constexpr Duration kPauseWithoutFiles = std::chrono::milliseconds(100);

}  // namespace

struct Listener::Impl {
  // Accepts on one address. Lives on lane 0.
  class Acceptor final : public Poller::Watcher {
   public:
    Acceptor(Impl& impl, Socket socket) : impl_(impl), socket_(std::move(socket)) {}
    void Begin() { lane().poller().Watch(socket_.fd(), *this); }
    void Close() {
      lane().poller().Forget(socket_.fd(), *this);
      socket_.Close();
    }

   private:
    Lane& lane() { return impl_.lanes.at(0); }
    void OnReady(Poller::Ready) override { Accept(); }
    void Accept();

    Impl& impl_;
    Socket socket_;
  };

  Impl(ListenerOptions given, Lanes& all_lanes, Handler& handler)
      : options(std::move(given)), lanes(all_lanes), shared{options.limits, handler} {
    for (int i = 0; i < lanes.size(); ++i) rooms.push_back(std::make_unique<Room>(shared, lanes.at(i)));
  }

  Status Open();
  Status OpenOne(const std::string& host, bool optional);
  void Deal(Accepted accepted);
  void Welcome(Room& room, Accepted accepted);

  ListenerOptions options;
  Lanes& lanes;
  Shared shared;
  std::unique_ptr<TlsContext> tls;
  std::vector<std::unique_ptr<Room>> rooms;
  std::vector<std::unique_ptr<Acceptor>> acceptors;
  int port = 0;
  size_t next_room = 0;
  bool stopping = false;  // lane 0's
};

Status Listener::Impl::Open() {
  if (!options.certificate_file.empty() || !options.key_file.empty()) {
    STATOR_TRY(tls, TlsContext::Open(options.certificate_file, options.key_file));
  }
  port = options.port;
  shared.proxy = options.proxy;
  shared.workers = options.workers;
  for (const std::string& host : options.hosts) {
    STATOR_OK(OpenOne(host, !acceptors.empty()));
  }
  shared.port = port;
  return {};
}

Status Listener::Impl::OpenOne(const std::string& host, bool optional) {
  Listening listening = ListenOn(host, port, kBacklog);
  switch (listening.outcome) {
    case ListenOutcome::kDone:
      port = listening.port;
      acceptors.push_back(std::make_unique<Acceptor>(*this, std::move(listening.socket)));
      return {};
    case ListenOutcome::kNotAnAddress:
      return Fail(errors::kHttpAddress, host);
    case ListenOutcome::kTaken:
      return Fail(errors::kHttpPortTaken, port, host);
    case ListenOutcome::kFailed:
      if (optional) return {};
      return Fail(errors::kHttpListen, port, host, listening.reason);
  }
  return {};
}

void Listener::Impl::Acceptor::Accept() {
  for (int i = 0; i < kAcceptsPerTurn && !impl_.stopping; ++i) {
    Accepted accepted;
    switch (AcceptFrom(socket_, &accepted)) {
      case AcceptOutcome::kDone:
        impl_.Deal(std::move(accepted));
        break;
      case AcceptOutcome::kLost:
        break;
      case AcceptOutcome::kNotNow:
        return;
      case AcceptOutcome::kNoResources:
        LogWarn("cannot accept a connection: too many open files, or no memory");
        return lane().After(kPauseWithoutFiles, [this] { Accept(); });
    }
  }
  if (!impl_.stopping) lane().poller().Remind(socket_.fd(), *this);
}

void Listener::Impl::Deal(Accepted accepted) {
  shared.accepted.fetch_add(1, std::memory_order_relaxed);
  Room& room = *rooms[next_room++ % rooms.size()];
  const bool crowded = shared.connections.fetch_add(1, std::memory_order_relaxed) >= options.limits.connections;
  room.lane.Post([this, &room, crowded, accepted = std::move(accepted)]() mutable {
    if (crowded && !room.CloseOldestWaiting()) {
      shared.connections.fetch_sub(1, std::memory_order_relaxed);
      return;
    }
    Welcome(room, std::move(accepted));
  });
}

void Listener::Impl::Welcome(Room& room, Accepted accepted) {
  auto connection = std::make_unique<Connection>(
      room, Connection::Place{tls != nullptr, accepted.loopback, std::move(accepted.peer)});
  Transport::User& user = connection->user();
  connection->Use(tls ? tls->MakeTransport(std::move(accepted.socket), room.lane, user)
                      : MakePlainTransport(std::move(accepted.socket), room.lane, user));
  room.Add(std::move(connection));
}

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::~Listener() = default;

Result<std::unique_ptr<Listener>> Listener::Open(ListenerOptions options, Lanes& lanes, Handler& handler) {
  auto impl = std::make_unique<Impl>(std::move(options), lanes, handler);
  STATOR_OK(impl->Open());
  for (auto& acceptor : impl->acceptors) {
    lanes.at(0).Post([raw = acceptor.get()] { raw->Begin(); });
  }
  return std::unique_ptr<Listener>(new Listener(std::move(impl)));
}

int Listener::port() const { return impl_->port; }

ListenerFigures Listener::figures() const {
  const Shared& shared = impl_->shared;
  return {shared.accepted, shared.requests, shared.refused, shared.connections, shared.buffered};
}

// Lane 0 first: what it accepted before has been handed on by then, so each room drains after its last arrival.
void Listener::Stop(Duration grace, Callback<> done) {
  impl_->lanes.at(0).Post([impl = impl_.get(), grace, done = std::move(done)]() mutable {
    impl->stopping = true;
    for (auto& acceptor : impl->acceptors) acceptor->Close();
    struct Waiting {
      std::atomic<size_t> rooms;
      Callback<> done;
    };
    auto waiting = std::make_shared<Waiting>(impl->rooms.size(), std::move(done));
    for (auto& room : impl->rooms) {
      room->lane.Post([room = room.get(), grace, waiting] {
        room->Drain([waiting] {
          if (waiting->rooms.fetch_sub(1) == 1) waiting->done();
        });
        room->lane.After(grace, [room] { room->CloseAll(); });
      });
    }
  });
}

}  // namespace stator::http
