#include "http/room.h"

#include <vector>

#include "http/connection.h"

namespace stator::http {
namespace {

constexpr Duration kLastCall = std::chrono::milliseconds(50);

}  // namespace

Room::Room(Shared& shared_state, Lane& own_lane) : shared(shared_state), lane(own_lane) {}
Room::~Room() = default;

void Room::Add(std::unique_ptr<Connection> connection) {
  Connection& added = *connection;
  connections_.emplace(&added, std::move(connection));
  if (draining_) {
    added.CloseNow();
  } else {
    added.Begin();
  }
}

void Room::Remove(Connection* connection) {
  connections_.erase(connection);
  shared.connections.fetch_sub(1, std::memory_order_relaxed);
  if (draining_ && connections_.empty() && drained_) std::exchange(drained_, nullptr)();
}

bool Room::CloseOldestWaiting() {
  Connection* oldest = nullptr;
  for (const auto& [connection, owned] : connections_) {
    if (!connection->waiting()) continue;
    if (!oldest || connection->waiting_since() < oldest->waiting_since()) oldest = connection;
  }
  if (oldest) oldest->CloseNow();
  return oldest != nullptr;
}

void Room::Drain(Callback<> done) {
  draining_ = true;
  if (connections_.empty()) return done();
  drained_ = std::move(done);
  // What a client sent before it could know lies in the socket still: reading it comes first.
  lane.After(kLastCall, [this] {
    std::vector<Connection*> all;
    all.reserve(connections_.size());
    for (const auto& [connection, owned] : connections_) all.push_back(connection);
    for (Connection* connection : all) connection->CloseWhenIdle();
  });
}

void Room::CloseAll() {
  std::vector<Connection*> all;
  all.reserve(connections_.size());
  for (const auto& [connection, owned] : connections_) all.push_back(connection);
  for (Connection* connection : all) connection->CloseNow();
}

}  // namespace stator::http
