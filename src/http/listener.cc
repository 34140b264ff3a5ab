// See listener.h. One acceptor per address, all on lane 0, which deals connections out in turn:
// several acceptors on one port (SO_REUSEPORT) would deal unevenly and let a second server take the same port unseen.
#include "http/listener.h"

#include <algorithm>
#include <optional>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>

#include "base/log.h"
#include "http/connection.h"
#include "http/plain_transport.h"
#include "http/room.h"
#include "http/tls.h"

namespace stator::http {
namespace {

using asio::ip::tcp;

constexpr int kBacklog = 1024;
constexpr int kAcceptsPerTurn = 32;
constexpr Duration kPauseWithoutFiles = std::chrono::milliseconds(100);

}  // namespace

struct Listener::Impl {
  Impl(ListenerOptions given, Lanes& all_lanes, Handler& handler)
      : options(std::move(given)), lanes(all_lanes), shared{options.limits, handler} {
    for (int i = 0; i < lanes.size(); ++i) rooms.push_back(std::make_unique<Room>(shared, lanes.at(i)));
  }

  Status Open();
  Status BindOne(const std::string& host, bool optional);
  void Accept(tcp::acceptor& acceptor);
  bool AcceptOne(tcp::acceptor& acceptor);
  void Deal(tcp::socket socket, const tcp::endpoint& peer);
  void Welcome(Room& room, tcp::socket socket, Connection::Place place);

  ListenerOptions options;
  Lanes& lanes;
  Shared shared;
  std::unique_ptr<asio::ssl::context> tls;
  std::vector<std::unique_ptr<Room>> rooms;
  std::vector<std::unique_ptr<tcp::acceptor>> acceptors;  // lane 0's
  int port = 0;
  size_t next = 0;
  bool stopping = false;  // lane 0's
};

Status Listener::Impl::Open() {
  if (!options.certificate_file.empty() || !options.key_file.empty()) {
    STATOR_TRY(tls, OpenTlsContext(options.certificate_file, options.key_file));
  }
  port = options.port;
  for (const std::string& host : options.hosts) {
    STATOR_OK(BindOne(host, !acceptors.empty()));
  }
  return {};
}

Status Listener::Impl::BindOne(const std::string& host, bool optional) {
  asio::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return Fail(ErrorId::kHttpAddress, host);
  auto acceptor = std::make_unique<tcp::acceptor>(lanes.at(0).io());
  const tcp::endpoint endpoint(address, static_cast<uint16_t>(port));
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor->set_option(asio::ip::v6_only(true), error);
  // Accepted sockets inherit it.
  if (!error) acceptor->set_option(tcp::no_delay(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(kBacklog, error);
  if (!error) acceptor->non_blocking(true, error);
  if (error == asio::error::address_in_use) return Fail(ErrorId::kHttpPortTaken, port, host);
  if (error && optional) return {};
  if (error) return Fail(ErrorId::kHttpListen, port, host, error.message());
  if (port == 0) port = acceptor->local_endpoint(error).port();
  acceptors.push_back(std::move(acceptor));
  return {};
}

void Listener::Impl::Accept(tcp::acceptor& acceptor) {
  acceptor.async_wait(tcp::acceptor::wait_read, [this, &acceptor](const asio::error_code& error) {
    if (error || stopping) return;
    for (int i = 0; i < kAcceptsPerTurn; ++i) {
      if (!AcceptOne(acceptor)) return;
    }
    Accept(acceptor);
  });
}

// False when the acceptor will be waited for elsewhere.
bool Listener::Impl::AcceptOne(tcp::acceptor& acceptor) {
  tcp::socket socket(lanes.at(0).io());
  tcp::endpoint peer;
  asio::error_code error;
  acceptor.accept(socket, peer, error);
  if (!error) {
    Deal(std::move(socket), peer);
    return true;
  }
  if (error == asio::error::would_block || error == asio::error::try_again) {
    Accept(acceptor);
    return false;
  }
  if (error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
      error == asio::error::no_memory || error.value() == ENFILE) {
    LogWarn("cannot accept a connection: " + error.message());
    lanes.at(0).After(kPauseWithoutFiles, [this, &acceptor] {
      if (!stopping) Accept(acceptor);
    });
    return false;
  }
  return true;  // that connection failed before it was accepted
}

void Listener::Impl::Deal(tcp::socket socket, const tcp::endpoint& peer) {
  shared.accepted.fetch_add(1, std::memory_order_relaxed);
  const size_t open = shared.connections.fetch_add(1, std::memory_order_relaxed) + 1;
  const bool crowded = open > options.limits.connections;
  asio::error_code error;
  const tcp::endpoint local = socket.local_endpoint(error);
  Connection::Place place;
  place.loopback = local.address().is_loopback();
  place.peer = peer.address().to_string(error);
  Room& room = *rooms[next++ % rooms.size()];
  const auto protocol = peer.protocol();
  const auto fd = socket.release(error);
  room.lane.Post([this, &room, crowded, protocol, fd, place = std::move(place)]() mutable {
    asio::error_code failed;
    tcp::socket own(room.lane.io());
    own.assign(protocol, fd, failed);
    if (crowded && !room.CloseOldestWaiting()) failed = asio::error::no_descriptors;
    if (failed) {
      shared.connections.fetch_sub(1, std::memory_order_relaxed);
      return;
    }
    Welcome(room, std::move(own), std::move(place));
  });
}

void Listener::Impl::Welcome(Room& room, tcp::socket socket, Connection::Place place) {
  place.tls = tls != nullptr;
  std::unique_ptr<Transport> transport;
  if (tls) {
    transport = MakeTlsTransport(std::move(socket), *tls);
  } else {
    transport = std::make_unique<PlainTransport>(std::move(socket));
  }
  room.Add(std::make_unique<Connection>(room, std::move(transport), std::move(place)));
}

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::~Listener() = default;

Result<std::unique_ptr<Listener>> Listener::Open(ListenerOptions options, Lanes& lanes, Handler& handler) {
  auto impl = std::make_unique<Impl>(std::move(options), lanes, handler);
  STATOR_OK(impl->Open());
  for (auto& acceptor : impl->acceptors) {
    lanes.at(0).Post([raw = impl.get(), &acceptor = *acceptor] { raw->Accept(acceptor); });
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
    for (auto& acceptor : impl->acceptors) {
      asio::error_code ignored;
      acceptor->close(ignored);
    }
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
