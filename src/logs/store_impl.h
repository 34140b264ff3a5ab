// What LogStore holds: groups and streams in memory, events on their way to the engine, and the thread that takes them
// there. log_store.cc changes the state, load.cc reads it at the start, writer.cc writes, sweep.cc erases, read.cc
// reads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "engine/engine.h"
#include "errors/logs.h"
#include "logs/log_store.h"
#include "records/fixed_spaces.h"

namespace stator::logs {

struct Event {
  GroupId group = 0;
  StreamId stream = 0;
  Place place;
  int64_t ingested = 0;
  std::string message;
};
using EventRef = std::shared_ptr<const Event>;  // shared by the queue, the group and readers

struct StreamState {
  std::string name;
  StreamRecord record;
};
using StreamRef = std::shared_ptr<StreamState>;  // shared by the group's two maps and the list of changes

struct GroupState {
  std::string name;
  GroupRecord record;
  std::map<std::string, StreamRef, std::less<>> streams;
  std::unordered_map<StreamId, StreamRef> by_id;
  std::map<Place, EventRef> waiting;  // not yet known to be in the engine
  Place oldest = kBehindAll;          // no event stands before it
  Place added = kBehindAll;           // the lowest place given since a sweep began to look
};
using GroupRef = std::shared_ptr<GroupState>;  // shared by the map and the list of changes

class LogStore::Impl {
 public:
  Impl(engine::Engine& engine, const Clock& clock, StoreOptions options)
      : engine_(engine), clock_(clock), options_(std::move(options)) {}
  ~Impl() { (void)Stop(); }

  Status Load();
  void Start();
  Status Stop();

  // `co_await impl.Written(lane)`: everything changed before is on disk, or kLogsUnavailable.
  class Written {
   public:
    Written(Impl& impl, Lane& lane) : impl_(impl), lane_(lane) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> task);
    Status await_resume() const { return done_ ? Status() : Status(Fail(errors::kLogsUnavailable)); }

   private:
    friend class Impl;
    Impl& impl_;
    Lane& lane_;
    std::coroutine_handle<> task_;
    uint64_t behind_ = 0;  // events before this sequence number come first
    bool done_ = false;
  };

  // With mutex_ held.
  GroupRef Find(Bytes group) const;
  GroupRef MakeGroup(const std::string& name, const std::string& region);
  StreamRef MakeStream(const GroupRef& group, const std::string& name);
  void RemoveGroup(const GroupRef& group);
  void RemoveStream(const GroupRef& group, const StreamRef& stream);
  // REQUIRES: there is room.
  void Add(const GroupRef& group, const StreamRef& stream, int64_t millis, std::string message);
  bool HasRoom(uint64_t bytes) const { return queue_bytes_ + bytes <= options_.waiting_bytes; }
  void CountDropped(const std::string& group, const std::string& stream, uint64_t events);
  void Changed(const GroupRef& group);
  void Changed(const GroupRef& group, const StreamRef& stream);
  // Events before this are too old; 0: none is.
  int64_t Cutoff(const GroupState& group) const;
  void Wake();
  // Before any change: sets the time by which it is written.
  void Note();

  void SweepAndWait();

  engine::Engine& engine_;
  const Clock& clock_;
  const StoreOptions options_;

  mutable std::mutex mutex_;
  std::map<std::string, GroupRef, std::less<>> groups_;  // all of these: guarded by mutex_
  std::unordered_map<GroupId, GroupRef> by_id_;          // the same
  Counters counters_;
  std::deque<EventRef> queue_;
  size_t queue_bytes_ = 0;
  uint64_t total_bytes_ = 0;  // of all groups
  bool stopping_ = false;

  std::atomic<uint64_t> events_{0};
  std::atomic<uint64_t> dropped_{0};

 private:
  // What one commit takes along.
  struct Flush {
    engine::Batch batch;
    std::vector<EventRef> events;
    std::set<GroupRef> groups;
    std::set<std::pair<GroupRef, StreamRef>> streams;
    std::vector<std::string> erased;
    std::vector<std::string> marks;
    std::vector<std::string> erased_marks;
  };
  // A run of events to be looked at for erasing.
  struct Slice {
    GroupId group = 0;
    GroupRef state;       // null: the group is deleted
    StreamId stream = 0;  // only this one's; 0: all
    Place from, to = kBehindAll;
    uint64_t enough = ~uint64_t{0};  // bytes
  };
  struct Erased {
    bool failed = false;
    bool ended = false;  // came to `to`
    Place reached;       // nothing to be erased stands before
    uint64_t bytes = 0;
  };
  using Lock = std::unique_lock<std::mutex>;

  void Run();
  bool HasWork() const;
  bool IsUrgent() const;
  bool Write(Lock& lock);
  Flush Take();
  void PutRecords(Flush* flush) const;
  bool IsAlive(const Event& event) const;
  void Forget(const Event& event);
  void Settle(const Flush& flush);
  void Restore(Flush flush);
  void Tell(bool written);
  void TellOfDropped();

  bool SweepSome(Lock& lock);
  bool NextSlice(Slice* slice) const;
  Erased Erase(const Slice& slice);
  void AfterErase(const Slice& slice, const Erased& erased);
  void RemoveOldStreams(const GroupRef& group);

  std::condition_variable wake_;
  std::condition_variable swept_;
  bool asleep_ = false;  // all of these: guarded by mutex_
  MonotonicTime due_;    // meaningful while there is work
  MonotonicTime asleep_until_;
  MonotonicTime sweep_due_;
  uint64_t sweeps_asked_ = 0, sweeps_done_ = 0;
  std::set<GroupRef> changed_groups_;
  std::set<std::pair<GroupRef, StreamRef>> changed_streams_;
  std::vector<std::string> erased_records_;
  std::vector<std::string> marks_;  // of doomed_, to be written
  std::vector<std::string> erased_marks_;
  std::map<std::string, Doomed> doomed_;
  std::map<std::string, Place> doomed_at_;  // how far the sweep has come
  std::vector<Written*> waiters_;
  std::map<std::pair<std::string, std::string>, uint64_t> untold_;  // dropped events of (group, stream)
  MonotonicTime warned_;
  bool failing_ = false;
  std::thread thread_;
};

}  // namespace stator::logs
