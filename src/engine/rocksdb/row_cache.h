// Rows as they were last read, in front of RocksDB: a hit costs a tenth of a look into its memtables and files.
//
// Never behind what may be read: while a commit is on its way, the places of its rows are closed, and whoever asks for
// one of them goes to RocksDB, where all of a commit's rows appear at one moment. A reader that missed brings what it
// found with the ticket of its miss; the ticket is void once the place was closed.
//
// Bounded by bytes. A row that was not asked for again goes first; when there is no room, a row gets in only on its
// second miss in a while. Cursors, snapshots and large rows pass it by.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/engine.h"

namespace stator::engine {

// Threads: Get, Fill and bytes from any; Close, Update, Open and Clear from the one that commits.
class RowCache {
 public:
  explicit RowCache(size_t bytes);
  ~RowCache();
  RowCache(const RowCache&) = delete;
  RowCache& operator=(const RowCache&) = delete;

  struct Ticket {
    uint64_t hash = 0;
    uint32_t stamp = 1;  // odd: nothing may be filled in
  };

  // `key` is the whole row key, space and all. True: `bytes` and `pin` are set. False: `ticket` is.
  bool Get(Bytes key, Bytes* bytes, Pin* pin, Ticket* ticket);
  // What the reader with that ticket found; it looked after its Get.
  void Fill(const Ticket& ticket, Bytes key, Bytes value);

  // A commit, in this order: Close each of its rows; make it visible; Update or Remove each; Open each.
  void Close(Bytes key);
  void Update(Bytes key, Bytes value);  // kept if the row was there before
  void Remove(Bytes key);
  void Open(Bytes key);
  // The same for all rows at once.
  void CloseAll();
  void RemoveAll();
  void OpenAll();

  size_t bytes() const;

 private:
  struct Row;
  struct Shard;
  static constexpr size_t kShards = 64;
  static constexpr size_t kPlaces = 4096;

  Shard& ShardOf(uint64_t hash);
  std::atomic<uint32_t>& PlaceOf(uint64_t hash) { return places_[hash / kShards % kPlaces]; }
  static Row* NewRow(uint64_t hash, Bytes key, Bytes value);
  static void Release(void* row);

  const size_t shard_bytes_;
  std::unique_ptr<Shard[]> shards_;
  std::array<std::atomic<uint32_t>, kPlaces> places_{};  // odd: closed
};

}  // namespace stator::engine
