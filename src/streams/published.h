// The streams as readers and writers find them: immutable, replaced one by one.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/watchers.h"
#include "streams/streams.h"

namespace stator::streams {

struct StreamName {
  catalog::NamespaceId name_space{};
  std::string table;
  std::string label;
  auto operator<=>(const StreamName&) const = default;
};

inline StreamName NameOf(const Stream& stream) { return {stream.name_space, stream.table, stream.label}; }
inline StreamName StreamOf(const catalog::TableSchema& table) {
  return {table.name_space, table.name, table.stream.label};
}

// One stream before and after a change, as they are stored; either may be missing.
struct Step {
  StreamRef before;
  StreamRef after;
};

// Logs that a step took out of use, and those who may still be using them.
struct Left {
  StreamName stream;
  std::weak_ptr<const OpenShards> users;
  std::vector<engine::Space> ended;  // closing from now on
  std::vector<engine::Space> gone;   // of shards that are no more
};

std::vector<engine::Space> AllLogs(const Stream& stream);

// Threads: any; Publish from one at a time.
class Published {
 public:
  // What writers hold while they commit; null: the table has no open shards.
  OpenShardsRef ShardsOf(engine::Space table) const;
  // As readers see it; null if there is none.
  StreamRef Find(const StreamName& name) const;
  // Behind `after`, of its name space; of one table unless `table` is empty.
  std::vector<StreamRef> List(const StreamName& after, Bytes table, size_t limit) const;

  // As they are stored.
  StreamRef Whole(const StreamName& name) const;
  std::vector<StreamRef> AllWhole() const;

  // Wakes whoever watches.
  Left Publish(const Step& step);
  // Of shards, by their log, and of the list of streams.
  engine::Subscription Watch(engine::Space log, Lane* lane, Callback<> wake);
  engine::Subscription WatchAll(Lane* lane, Callback<> wake);

 private:
  struct Entry {
    StreamRef whole;
    StreamRef shown;
  };

  mutable std::shared_mutex mutex_;
  std::map<StreamName, Entry> streams_;               // guarded by mutex_
  std::unordered_map<uint32_t, OpenShardsRef> open_;  // by table; guarded by mutex_
  std::atomic<size_t> tables_{0};                     // in open_: where there are none, asking costs one load
  engine::Watchers watchers_;
};

}  // namespace stator::streams
