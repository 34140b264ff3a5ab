// The streams there are: which shard a change goes to, reading shards, rolling over, forgetting what is older than a
// day.
//
// Enabling and disabling come with the table's schema, in its commit (catalog::Companion). Time is Clock::Now.
// Threads: every member from any thread unless it says otherwise; tasks finish on the lane they were given.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/callback.h"
#include "base/clock.h"
#include "base/task.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "streams/change.h"
#include "streams/stream.h"

namespace stator::streams {

inline constexpr Duration kRetention = std::chrono::hours(24);

struct StreamOptions {
  int shards = 1;                                  // of a stream that is enabled from now on
  Duration shard_age = std::chrono::minutes(240);  // a shard as old as this is rolled over
  Duration state_delay{0};                         // how long ENABLING and DISABLING last
};

// Where the changes of one table go now. Hold it from the choice of the log until the commit is done: a shard is closed
// when nobody holds what named it.
class OpenShards {
 public:
  OpenShards(std::vector<uint64_t> last_hashes, std::vector<engine::Space> logs)
      : last_hashes_(std::move(last_hashes)), logs_(std::move(logs)) {}
  // `key`: the table's key, which begins with its hash.
  engine::Space LogOf(Bytes key) const;

 private:
  std::vector<uint64_t> last_hashes_;  // ascending; the last is the greatest number
  std::vector<engine::Space> logs_;
};
using OpenShardsRef = std::shared_ptr<const OpenShards>;

class Keeper;

class Streams {
 public:
  // Reads the streams of the store and brings them in line with the catalog, whose companion this becomes; before the
  // first change of a table. Borrows all of them.
  static Result<std::unique_ptr<Streams>> Open(engine::Engine& engine, catalog::Catalog& catalog, const Clock& clock,
                                               StreamOptions options);
  ~Streams();
  // Rolls over and forgets in the background from here on. The lanes need not run yet.
  void Start(Lane& lane);
  // Any thread: before the lanes stop. What is under way ends soon; a closing that still waits for a writer is done at
  // the next start.
  void Stop();

  // --- Writing -----------------------------------------------------------------------------------------------------

  // Null: the table has no enabled stream. Ask when it is the key's turn, again for every attempt.
  OpenShardsRef ShardsOf(engine::Space table) const;

  // --- Finding -----------------------------------------------------------------------------------------------------

  // Null if there is none, or no longer. Region and account of the ARN are not looked at.
  StreamRef Find(catalog::NamespaceId, Bytes arn) const;
  // The enabled stream of a table; null if it has none.
  StreamRef ForTable(const catalog::TableSchema& table) const;
  // By table and label, behind the stream of that ARN; of one table, whatever became of it, unless `table` is empty.
  std::vector<StreamRef> List(catalog::NamespaceId, Bytes table, Bytes after, size_t limit) const;
  StreamStatus StatusOf(const Stream& stream) const;

  // --- Reading -----------------------------------------------------------------------------------------------------

  // Changes with position >= `from`, oldest first, until `limit` changes or `max_bytes` bytes of records (at least
  // one). Changes older than kRetention are not given. `each` returns false to stop; what it is shown lives until it
  // returns. Does not wait; go on at the position of the last change + 1.
  using Each = absl::AnyInvocable<bool(const Change&)>;
  Status Read(const Shard& shard, engine::Position from, size_t limit, size_t max_bytes, Each each) const;
  // Where reading from the beginning starts: everything below is trimmed. May lie behind the last record.
  Result<engine::Position> TrimHorizon(const Shard& shard) const;
  // Where reading what comes from now on starts: behind every change acknowledged so far.
  engine::Position Latest() const;

  // Wakes `lane` when there may be more to read from the shard, or it was closed: Find the stream again then.
  // Wake-ups may be merged and may come in vain. A reader that watches first and reads then misses nothing.
  engine::Subscription WatchShard(const Shard& shard, Lane* lane, Callback<> wake);
  // Wakes `lane` when a stream appeared, changed its shards or its state, or went.
  engine::Subscription WatchStreams(Lane* lane, Callback<> wake);

  // --- Time --------------------------------------------------------------------------------------------------------

  // What the background does every few seconds: rolls shards that are old enough over, forgets closed ones after
  // kRetention, and streams without shards. Done when that is done, and the closing that was under way.
  Task<Status> Tick(Lane& lane);
  // Rolls every shard of every enabled stream over, whatever its age; done when the parents are closed. For tests.
  Task<Status> RollAll(Lane& lane);

 private:
  explicit Streams(std::unique_ptr<Keeper> keeper);
  std::unique_ptr<Keeper> keeper_;
};

}  // namespace stator::streams
