// One batch after the other to the function, each until all of it is done: delivered, or given up. A shard has one of
// these, or as many as the mapping's ParallelizationFactor.
//
// Threads: one lane.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/callback.h"
#include "base/task.h"
#include "triggers/caller.h"
#include "triggers/event_batch.h"
#include "triggers/events.h"
#include "triggers/nap.h"
#include "triggers/ports.h"

namespace stator::triggers {

class Delivery {
 public:
  // Where it works. Borrowed, and longer lived.
  struct Place {
    const Ports& ports;
    const Options& options;
    const Plan& plan;
    const std::string& shard_id;
    Lane& lane;
    Naps& naps;
  };
  // `progress`: some of a batch is done.
  Delivery(const Place& place, Callback<> progress) : place_(place), progress_(std::move(progress)) {}

  // Everything in `batch` is done at the end, or the naps were stopped. REQUIRES: not busy.
  Task<bool> Run(EventBatch batch);
  // Ends the tumbling window that is open. Until the function agrees, or the naps were stopped. REQUIRES: not busy.
  Task<bool> EndWindow();

  bool busy() const { return busy_; }
  // The first position that is not done; a window's records are when the window is. Nothing: all is done.
  std::optional<engine::Position> Undone() const;
  // When the open window ends; nothing: none is open.
  std::optional<Time> WindowEnd() const;

 private:
  struct Window {
    Time start;
    engine::Position first;  // of its records
    std::string state = "{}";
  };

  Task<bool> Step();
  Task<bool> AfterCall(Segment segment, Called called);
  Task<bool> Again(Segment segment, Called called, size_t first_failed);
  Task<bool> GiveUp(Segment segment, GivenUp given_up);
  Task<bool> FinishWindow(bool early);
  Task<bool> PrepareWindow();
  Task<bool> Wait(int* waits);
  std::string EventFor(const Segment& segment) const;
  WindowCall WindowOf(bool final, bool early) const;
  size_t TooOld(const Segment& segment) const;
  void Done(size_t until);
  void Note(LastResult result) { place_.plan.last_result->store(result, std::memory_order_relaxed); }
  const Settings& settings() const { return place_.plan.settings(); }
  const Mapping& mapping() const { return *place_.plan.mapping; }

  const Place place_;
  Callback<> progress_;
  bool busy_ = false;
  EventBatch batch_;
  size_t done_ = 0;           // records of batch_ that are
  std::deque<Segment> todo_;  // the rest of it, in order
  int waits_ = 0;             // in a row, without an attempt
  std::optional<Window> window_;
};

}  // namespace stator::triggers
