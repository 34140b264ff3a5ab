// Log groups, their streams and events, on the engine.
//
// One thread of the store writes: what Append takes is in memory at once, where readers find it, and goes to the engine
// in batches, with the records of the groups and streams it touches. Whoever needs to know that something is on disk
// awaits the batch it goes with. The same thread erases what is too old or too much. A stop writes everything down; a
// crash loses what Append took in the last tenth of a second, and nothing that was awaited.
//
// Threads: any, for every member; the tasks on their lane. Read may take milliseconds: call it from the worker pool.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "logs/layout.h"
#include "logs/log_sink.h"
#include "logs/place.h"

namespace stator::logs {

struct StoreOptions {
  std::string region = "us-east-1";                  // of groups that Append makes
  uint64_t max_bytes = uint64_t{1} << 30;            // of all groups; the oldest events go first
  uint32_t retention_days = 30;                      // of groups that have no retention of their own; 0: for ever
  size_t waiting_bytes = size_t{16} << 20;           // in memory, not yet written; more is dropped
  size_t batch_bytes = size_t{256} << 10;            // so much is written at once,
  Duration linger = std::chrono::milliseconds(100);  // less after so long
  Duration sweep_every = std::chrono::seconds(30);
};

struct GroupInfo {
  std::string name;
  GroupRecord record;
};

struct StreamInfo {
  std::string name;
  StreamRecord record;
};

struct ReadRequest {
  std::string group;
  std::vector<std::string> streams;  // by name; empty: all
  std::string stream_prefix;         // of all; empty: any
  Place from = kFirstPlace;          // from <= place < to
  Place to = kBehindAll;
  engine::Order order = engine::Order::kForward;
  size_t limit = 10'000;
  size_t max_bytes = size_t{1} << 20;          // of texts; at least one event is returned
  size_t max_scanned = size_t{16} << 20;       // bytes looked at before a page ends, with or without events
  std::function<bool(Bytes message)> matches;  // empty: every event
};

struct ReadEvent {
  std::string stream;
  Place place;
  int64_t ingested = 0;
  std::string message;
};

struct Page {
  std::vector<ReadEvent> events;  // in the order asked for
  bool more = false;              // there may be further ones; they begin (or, backwards, end) at `rest`
  Place rest;
};

class LogStore : public LogSink {
 public:
  // Borrows the engine and the clock. Starts the thread.
  static Result<std::unique_ptr<LogStore>> Open(engine::Engine& engine, const Clock& clock, StoreOptions options);
  ~LogStore() override;
  // Writes down what waits. Nothing is taken afterwards.
  Status Stop();

  void Append(const std::string& group, const std::string& stream, std::vector<LogEvent> events) override;

  // Each ends when it is on disk. kLogGroupNotFound, kLogStreamNotFound, kLogGroupExists, kLogStreamExists.
  Task<Status> CreateGroup(std::string group, std::string region, Tags tags, Lane& lane);
  Task<Status> DeleteGroup(std::string group, Lane& lane);
  // 0: the server's.
  Task<Status> SetRetention(std::string group, uint32_t days, Lane& lane);
  Task<Status> ChangeTags(std::string group, std::function<Status(Tags*)> change, Lane& lane);
  Task<Status> CreateStream(std::string group, std::string stream, Lane& lane);
  Task<Status> DeleteStream(std::string group, std::string stream, Lane& lane);
  // Events for a stream that exists. kLogsFull when there is no room for them now.
  Task<Status> Put(std::string group, std::string stream, std::vector<LogEvent> events, Lane& lane);
  // Forgets every group: for tests.
  Task<Status> RemoveAll(Lane& lane);

  // In name order.
  std::vector<GroupInfo> Groups() const;
  std::optional<GroupInfo> Group(Bytes name) const;
  Result<std::vector<StreamInfo>> Streams(Bytes group) const;
  // Events older than this are gone, whether or not they are erased.
  Result<int64_t> OldestMillis(Bytes group) const;
  Result<Page> Read(const ReadRequest& request) const;

  // Erases what is too old or too much now; returns when it is done. For tests: the thread does it by itself.
  void Sweep();
  // Prometheus' text format.
  std::string Metrics() const;

  class Impl;

 private:
  explicit LogStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::logs
