// A shard is a hash table of chained rows and a queue with a second chance. Tests: row_cache_test.cc.
#include "engine/rocksdb/row_cache.h"

#include <xxhash.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace stator::engine {
namespace {

constexpr size_t kLargestRow = 8192;    // key and value
constexpr size_t kRecentMisses = 4096;  // remembered by each shard
constexpr size_t kOverhead = 24;        // of a row: its place in the table, and the allocator's own

uint64_t HashOf(Bytes key) { return XXH3_64bits(key.data(), key.size()); }

}  // namespace

// Followed in memory by key and value.
struct RowCache::Row {
  std::atomic<uint32_t> holders{1};
  uint32_t key_size;
  uint32_t value_size;
  bool asked_again = false;
  uint64_t hash;
  Row* chained = nullptr;
  Row* older = nullptr;
  Row* newer = nullptr;

  Row(uint64_t h, Bytes key, Bytes value)
      : key_size(static_cast<uint32_t>(key.size())), value_size(static_cast<uint32_t>(value.size())), hash(h) {
    std::memcpy(data(), key.data(), key.size());
    if (!value.empty()) std::memcpy(data() + key.size(), value.data(), value.size());
  }
  char* data() { return reinterpret_cast<char*>(this + 1); }
  Bytes key() { return {data(), key_size}; }
  Bytes value() { return {data() + key_size, value_size}; }
  size_t charge() const { return sizeof(Row) + key_size + value_size + kOverhead; }
};

struct alignas(64) RowCache::Shard {
  std::mutex mutex;
  std::vector<Row*> table;  // all of these: guarded by mutex
  size_t rows = 0;
  size_t bytes = 0;
  Row* oldest = nullptr;
  Row* newest = nullptr;
  std::vector<uint16_t> misses;  // made when the shard is full for the first time

  Row** Find(uint64_t hash, Bytes key) {
    if (table.empty()) return nullptr;
    Row** at = &table[hash / kShards % table.size()];
    while (*at && ((*at)->hash != hash || (*at)->key() != key)) at = &(*at)->chained;
    return *at ? at : nullptr;
  }

  void Enqueue(Row* row) {
    row->older = newest;
    row->newer = nullptr;
    (newest ? newest->newer : oldest) = row;
    newest = row;
  }
  void Dequeue(Row* row) {
    (row->older ? row->older->newer : oldest) = row->newer;
    (row->newer ? row->newer->older : newest) = row->older;
  }

  void Insert(Row* row) {
    if (rows >= table.size()) Grow();
    Row*& head = table[row->hash / kShards % table.size()];
    row->chained = head;
    head = row;
    Enqueue(row);
    ++rows;
    bytes += row->charge();
  }
  void Remove(Row** at) {
    Row* row = *at;
    *at = row->chained;
    Dequeue(row);
    --rows;
    bytes -= row->charge();
    Release(row);
  }
  void Grow() {
    std::vector<Row*> wider(std::max<size_t>(table.size() * 2, 16));
    for (Row* row = oldest; row; row = row->newer) {
      Row*& head = wider[row->hash / kShards % wider.size()];
      row->chained = head;
      head = row;
    }
    table.swap(wider);
  }
  void RemoveAll() {
    while (oldest) Remove(Find(oldest->hash, oldest->key()));
    table = {};
  }
  // Makes `most` the most that is held.
  void Shrink(size_t most) {
    while (bytes > most) {
      Row* row = oldest;
      if (row->asked_again) {
        row->asked_again = false;
        Dequeue(row);
        Enqueue(row);
      } else {
        Remove(Find(row->hash, row->key()));
      }
    }
  }
  // Whether the row was missed not long ago.
  bool MissedBefore(uint64_t hash) {
    if (misses.empty()) misses.resize(kRecentMisses);
    uint16_t& place = misses[hash / kShards % kRecentMisses];
    return std::exchange(place, static_cast<uint16_t>(hash >> 48)) == static_cast<uint16_t>(hash >> 48);
  }
};

RowCache::RowCache(size_t bytes) : shard_bytes_(bytes / kShards), shards_(new Shard[kShards]) {}

RowCache::~RowCache() { RemoveAll(); }

RowCache::Shard& RowCache::ShardOf(uint64_t hash) { return shards_[hash % kShards]; }

RowCache::Row* RowCache::NewRow(uint64_t hash, Bytes key, Bytes value) {
  void* memory = std::malloc(sizeof(Row) + key.size() + value.size());
  if (!memory) throw std::bad_alloc();
  return new (memory) Row(hash, key, value);
}

void RowCache::Release(void* held) {
  Row* row = static_cast<Row*>(held);
  if (row->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) std::free(row);
}

bool RowCache::Get(Bytes key, Bytes* bytes, Pin* pin, Ticket* ticket) {
  const uint64_t hash = HashOf(key);
  *ticket = {hash, PlaceOf(hash).load(std::memory_order_acquire)};
  if (ticket->stamp % 2 != 0) return false;
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  Row** found = shard.Find(hash, key);
  if (!found) return false;
  Row* row = *found;
  row->asked_again = true;
  row->holders.fetch_add(1, std::memory_order_relaxed);
  *bytes = row->value();
  *pin = Pin(row, &Release);
  return true;
}

void RowCache::Fill(const Ticket& ticket, Bytes key, Bytes value) {
  const size_t charge = sizeof(Row) + key.size() + value.size() + kOverhead;
  if (ticket.stamp % 2 != 0 || key.size() + value.size() > kLargestRow || charge > shard_bytes_ / 4) return;
  Shard& shard = ShardOf(ticket.hash);
  const std::lock_guard lock(shard.mutex);
  if (shard.bytes + charge > shard_bytes_ && !shard.MissedBefore(ticket.hash)) return;
  // Looked at under the lock that Update takes: what closes the place now finds what is put here.
  if (PlaceOf(ticket.hash).load(std::memory_order_acquire) != ticket.stamp) return;
  if (shard.Find(ticket.hash, key)) return;
  shard.Shrink(shard_bytes_ - charge);
  shard.Insert(NewRow(ticket.hash, key, value));
}

void RowCache::Close(Bytes key) {
  std::atomic<uint32_t>& place = PlaceOf(HashOf(key));
  place.store(place.load(std::memory_order_relaxed) | 1, std::memory_order_release);
}

void RowCache::Open(Bytes key) {
  std::atomic<uint32_t>& place = PlaceOf(HashOf(key));
  const uint32_t stamp = place.load(std::memory_order_relaxed);
  if (stamp % 2 != 0) place.store(stamp + 1, std::memory_order_release);
}

void RowCache::Update(Bytes key, Bytes value) {
  const uint64_t hash = HashOf(key);
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  Row** found = shard.Find(hash, key);
  if (!found) return;
  const bool asked_again = (*found)->asked_again;
  shard.Remove(found);
  const size_t charge = sizeof(Row) + key.size() + value.size() + kOverhead;
  if (key.size() + value.size() > kLargestRow || charge > shard_bytes_ / 4) return;
  shard.Shrink(shard_bytes_ - charge);
  Row* row = NewRow(hash, key, value);
  row->asked_again = asked_again;
  shard.Insert(row);
}

void RowCache::Remove(Bytes key) {
  const uint64_t hash = HashOf(key);
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  if (Row** found = shard.Find(hash, key)) shard.Remove(found);
}

void RowCache::CloseAll() {
  for (auto& place : places_) place.store(place.load(std::memory_order_relaxed) | 1, std::memory_order_release);
}

void RowCache::OpenAll() {
  for (auto& place : places_) place.store((place.load(std::memory_order_relaxed) | 1) + 1, std::memory_order_release);
}

void RowCache::RemoveAll() {
  for (size_t i = 0; i < kShards; ++i) {
    const std::lock_guard lock(shards_[i].mutex);
    shards_[i].RemoveAll();
  }
}

size_t RowCache::bytes() const {
  size_t bytes = 0;
  for (size_t i = 0; i < kShards; ++i) {
    const std::lock_guard lock(shards_[i].mutex);
    bytes += shards_[i].bytes;
  }
  return bytes;
}

}  // namespace stator::engine
