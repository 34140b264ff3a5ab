// What the connections of one listener share: between all lanes (Shared), and on one lane (Room).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "base/callback.h"
#include "base/lane.h"
#include "http/limits.h"
#include "http/message.h"
#include "http/reply_writer.h"

namespace stator::http {

class Connection;
class Proxy;

// Threads: any.
struct Shared {
  Limits limits;
  Handler& handler;
  std::atomic<size_t> buffered{0};     // bytes of bodies in memory
  std::atomic<size_t> connections{0};  // open
  std::atomic<uint64_t> accepted{0};
  std::atomic<uint64_t> requests{0};
  std::atomic<uint64_t> refused{0};
  Proxy* proxy = nullptr;  // null: requests for other hosts are answered as if they were for this one
  int port = 0;            // the listener's
  // Where large replies are compressed. Borrowed, and gone before the lanes; null: on the lane.
  WorkerPool* workers = nullptr;
};

// The connections of one lane. Threads: that lane, once it runs.
class Room {
 public:
  Room(Shared& shared_state, Lane& own_lane);
  ~Room();

  void Add(std::unique_ptr<Connection> connection);
  // Destroys it.
  void Remove(Connection* connection);
  // Closes the connection that has waited the longest for a request; false if none does.
  bool CloseOldestWaiting();

  // Closes idle connections soon and the others after their present request; `done` is called when all are gone.
  void Drain(Callback<> done);
  // Closes every socket; connections whose request is still being handled live on until it is.
  void CloseAll();
  bool draining() const { return draining_; }

  Shared& shared;
  Lane& lane;
  ReplyWriter writer;

 private:
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
  bool draining_ = false;
  Callback<> drained_;
};

}  // namespace stator::http
