// Who listens to /api/live, and what was said lately.
//
// Events have numbers, and the hub keeps the last ones: who comes back with the id of the last event that they saw gets
// what came between. An id is EPOCH-NUMBER; the epoch changes when something may have been missed, and whoever comes
// with another one is told to read everything again.
//
// Threads: one lane.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/lane.h"
#include "http/message.h"

namespace stator::messages {

// What one member of a conversation is told of a message.
struct Told {
  std::string user_uuid;
  std::string data;  // JSON, in one line
};

class Hub : private TimerWheel::Timer {
 public:
  static constexpr Duration kHeartbeat = std::chrono::seconds(15);
  static constexpr size_t kKept = 4096;                   // events
  static constexpr size_t kMostBytes = size_t{16} << 20;  // of them
  // Whoever is one too many takes the place of the oldest, who connects again if still there.
  static constexpr size_t kMostListeners = 4096;
  static constexpr size_t kMostOfOne = 16;  // of one user

  explicit Hub(Lane& lane);
  ~Hub() override;

  // Called when somebody joins.
  void OnJoin(std::function<void()> joined) { joined_ = std::move(joined); }

  // `last_id`: of the last event seen, or empty. Ends when the token does. While the table's stream is not being read
  // the first event waits until it is.
  void Join(std::string user_uuid, std::string last_id, Time expires, std::shared_ptr<http::Outflow> flow);
  size_t listeners() const { return listeners_.size(); }

  // The stream is being read from now on; whatever was said before may have been missed.
  void Begin();
  // It no longer is.
  void Pause() { reading_ = false; }
  bool reading() const { return reading_; }
  // A message: to those of its members who listen, and kept.
  void Publish(std::vector<Told> told);

 private:
  struct Listener {
    std::string user_uuid;
    std::string last_id;
    Time expires;
    std::shared_ptr<http::Outflow> flow;
    bool greeted = false;
  };
  struct Event {
    uint64_t number = 0;
    std::vector<Told> told;
  };

  void OnTimer() override;
  void MakeRoom(const std::string& user_uuid);
  bool Greet(Listener* listener);
  std::optional<uint64_t> NumberIn(Bytes id) const;
  bool SendSince(uint64_t number, const Listener& listener);
  std::string IdOf(uint64_t number) const { return epoch_ + "-" + std::to_string(number); }

  Lane& lane_;
  std::function<void()> joined_;
  std::list<Listener> listeners_;
  std::deque<Event> events_;
  size_t bytes_ = 0;  // of events_
  std::string epoch_;
  uint64_t number_ = 0;  // of the last event
  bool reading_ = false;
};

}  // namespace stator::messages
