#include "runtime/api_server.h"

#include "http/connection.h"

namespace stator::runtime {
namespace {

constexpr int kBacklog = 16;
constexpr size_t kConnections = 64;

// A function waits for its next event as long as there is none, and may answer more than is allowed: it is told so.
http::Limits ApiLimits() {
  http::Limits limits;
  limits.body_bytes = size_t{64} << 20;
  limits.buffered_bytes = size_t{128} << 20;
  limits.connections = kConnections;
  limits.idle_time = std::chrono::hours(24);
  limits.transfer_time = std::chrono::hours(1);
  return limits;
}

}  // namespace

std::unique_ptr<ApiServer> ApiServer::Open(Lane& lane, http::Handler& handler) {
  Listening listening = ListenOn("127.0.0.1", 0, kBacklog);
  if (listening.outcome != ListenOutcome::kDone) return nullptr;
  return std::unique_ptr<ApiServer>(new ApiServer(lane, handler, std::move(listening)));
}

ApiServer::ApiServer(Lane& lane, http::Handler& handler, Listening listening)
    : lane_(lane),
      socket_(std::move(listening.socket)),
      port_(listening.port),
      shared_{ApiLimits(), handler},
      room_(shared_, lane) {
  lane_.poller().Watch(socket_.fd(), *this);
}

ApiServer::~ApiServer() {
  lane_.poller().Forget(socket_.fd(), *this);
  room_.CloseAll();
}

void ApiServer::OnReady(Poller::Ready) {
  while (true) {
    Accepted accepted;
    const AcceptOutcome outcome = AcceptFrom(socket_, &accepted);
    if (outcome == AcceptOutcome::kLost) continue;
    if (outcome != AcceptOutcome::kDone) return;
    if (shared_.connections.fetch_add(1) >= kConnections && !room_.CloseOldestWaiting()) {
      shared_.connections.fetch_sub(1);
      continue;
    }
    auto connection =
        std::make_unique<http::Connection>(room_, http::Connection::Place{false, true, std::move(accepted.peer)});
    connection->Use(http::MakePlainTransport(std::move(accepted.socket), lane_, connection->user()));
    room_.Add(std::move(connection));
  }
}

}  // namespace stator::runtime
