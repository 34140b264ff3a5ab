// The storage interface: where bytes live, and nothing about what they mean. Every engine passes engine/contract.h.
//
// A key lives in a Space. A commit is guards, writes and log appends over any spaces, atomic and durable to the degree
// the engine was opened with. Keys sort bytewise within their space.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/callback.h"
#include "base/clock.h"
#include "base/lane.h"
#include "errors/result.h"

namespace stator::engine {

enum class Space : uint32_t {};  // 0 holds records; every table, index and log shard has its own, never reused
inline constexpr Space kRecordSpace{0};

using Position = uint64_t;  // grows within the store, survives restart; 0 is before everything
using Version = uint64_t;   // token of one read; opaque

// Keeps the bytes of one read alive. Moved, never copied.
class Pin {
 public:
  using Release = void (*)(void*);
  Pin() = default;
  Pin(void* held, Release release) : held_(held), release_(release) {}
  Pin(Pin&& other) noexcept : held_(other.held_), release_(other.release_) { other.release_ = nullptr; }
  Pin& operator=(Pin&& other) noexcept {
    if (this != &other) {
      Reset();
      held_ = other.held_;
      release_ = other.release_;
      other.release_ = nullptr;
    }
    return *this;
  }
  ~Pin() { Reset(); }
  void Reset() {
    if (release_) release_(held_);
    release_ = nullptr;
  }

 private:
  void* held_ = nullptr;
  Release release_ = nullptr;
};

struct Value {
  Bytes bytes;       // as long as `pin`
  Version seen = 0;  // for Batch::Guard; set by a read that found nothing, too
  Pin pin;
};

// One commit in the making: a flat buffer, at most kMaxBatchBytes. Movable.
class Batch {
 public:
  static constexpr size_t kMaxBytes = size_t{64} << 20;

  // The row must not have been written since the read that gave `seen`.
  void Guard(Space, Bytes key, Version seen);
  void Put(Space, Bytes key, Bytes value);
  void Erase(Space, Bytes key);
  // A record beside the row named last (so that a distributed engine can place it); the engine stamps it with its
  // position and the commit's time.
  void Append(Space log, Bytes record) { Append(log, {record}); }
  // The same of a record that is still in parts.
  void Append(Space log, std::initializer_list<Bytes> parts);

  bool empty() const { return buffer_.empty(); }
  size_t bytes() const { return buffer_.size(); }

  // What an engine sees, in order.
  enum class Kind : uint8_t { kGuard, kPut, kErase, kAppend };
  struct Entry {
    Kind kind;
    Space space;
    Bytes key;     // empty for kAppend
    Bytes value;   // the value or the record
    Version seen;  // kGuard only
  };
  class Reader {
   public:
    explicit Reader(const Batch& batch) : rest_(batch.buffer_) {}
    bool Next(Entry* entry);

   private:
    Bytes rest_;
  };

 private:
  std::string buffer_;
};

enum class Outcome : uint8_t {
  kDone,         // durable, as far as the engine promises
  kConflict,     // a guard failed; nothing was written
  kFull,         // no room on the device; nothing was written
  kUnavailable,  // not now; nothing was written
  kUnknown,      // it may or may not have been written
};

struct Committed {
  Outcome outcome = Outcome::kUnknown;
  Position last = 0;  // position of the last append, or of the commit if it has none
  Time time;          // commit time; never goes backwards
};

enum class Order : uint8_t { kForward, kReverse };

// A walk over [from, to) of a space, positioned on its first row. Not valid: the end, or an error (status says which).
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual bool Valid() const = 0;
  virtual Bytes key() const = 0;    // until Next
  virtual Bytes value() const = 0;  // until Next
  virtual void Next() = 0;          // in the cursor's order
  virtual Status status() const = 0;
};

// One consistent state. Threads: any; a Cursor belongs to one at a time.
class View {
 public:
  virtual ~View() = default;
  // Whether the row exists; `out->seen` is set either way.
  virtual Result<bool> Get(Space, Bytes key, Value* out) const = 0;
  // Rows with from <= key < to; an empty `to` has no upper bound. The cursor sees the state of this moment.
  virtual std::unique_ptr<Cursor> Range(Space, Bytes from, Bytes to, Order) const = 0;
};

struct Traits {
  bool reads_block = false;  // a read may wait for a network or a slow device: call it from the worker pool
  bool durable = false;      // survives the process
  enum class Atomic : uint8_t { kStore, kRow } atomic = Atomic::kStore;
};

// What a log holds: records in the order of their commits.
struct LogRecord {
  Position position;
  Time time;
  Bytes record;
};

// Stops the callback when destroyed; none runs afterwards, except one already posted to its lane, which does nothing.
class Subscription {
 public:
  explicit Subscription(std::shared_ptr<void> alive = nullptr) : alive_(std::move(alive)) {}

 private:
  std::shared_ptr<void> alive_;
};

// As a View: the newest acknowledged state. Threads: every member from any thread. The lanes it is given must outlive
// it.
class Engine : public View {
 public:
  // Never blocks. `done` runs once, on that lane: possibly before Commit returns if the caller runs on it. If lane is
  // null it runs on any thread, possibly this one. A reader of a log sees no position before all smaller ones. Commits
  // take effect in the order in which they were submitted. Whoever submits faster than the device can take is answered
  // kUnavailable once the queue is full. Writes to a dropped space vanish. An engine that is destroyed completes what
  // it has accepted first.
  virtual void Commit(Batch, Lane*, Callback<Committed> done) = 0;
  // A state that later commits do not change.
  virtual Result<std::unique_ptr<View>> Snapshot() = 0;
  // Every commit acknowledged so far stands here or before: who wants to read a log from now on begins behind it.
  virtual Position newest() const = 0;
  // Log records with position >= `from`, oldest first, until `limit` records or `max_bytes` bytes (at least one).
  // `each` returns false to stop.
  virtual Status ReadLog(Space log, Position from, size_t limit, size_t max_bytes,
                         absl::AnyInvocable<bool(const LogRecord&)> each) const = 0;
  // Forgets the records of a log before `before`. In its own time, but reads stop seeing them at once. Ordered with
  // commits, as Drop is.
  virtual Status Trim(Space log, Position before) = 0;
  // Forgets a whole space; it must not be named again. Reads stop seeing it at once (a cursor that is under way may go
  // on), the bytes go in the background. Ordered with commits: it is durable no later than any commit submitted after
  // it, so a record "to be dropped" may be erased by the next commit.
  virtual Status Drop(Space) = 0;
  // Wakes `lane` after appends to that log; wake-ups may be merged and may come without an append.
  virtual Subscription OnAppend(Space log, Lane*, Callback<> wake) = 0;
  // Forgets everything: the store is as if new. No commit may be in flight.
  virtual Status Reset() = 0;
  virtual Traits traits() const = 0;

  struct Statistics {
    uint64_t commits = 0;       // acknowledged
    uint64_t conflicts = 0;     // answered kConflict
    uint64_t syncs = 0;         // of the log device, as far as the engine counts them
    uint64_t queued_bytes = 0;  // commits that wait for the device
    uint64_t disk_bytes = 0;    // an estimate
    uint64_t memory_bytes = 0;  // caches and write buffers, an estimate
  };
  virtual Statistics statistics() const = 0;
};

}  // namespace stator::engine
