// Where rows, log records and the engine's own rows stand. docs/formats/engine.md is the page of these bytes.
#pragma once

#include <rocksdb/slice.h>

#include <array>
#include <cstring>
#include <string>

#include "base/coding.h"
#include "engine/engine.h"

namespace stator::engine {

inline constexpr int kFormat = 1;
inline constexpr char kLogFamily[] = "log";
inline constexpr Space kEngineSpace{0xffffffff};  // the engine's own rows, in the family of the rows

inline rocksdb::Slice ToSlice(Bytes bytes) { return {bytes.data(), bytes.size()}; }
inline Bytes ToBytes(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// Four bytes, big-endian: the beginning of every key.
class SpacePrefix {
 public:
  static constexpr size_t kSize = 4;
  explicit SpacePrefix(Space space) {
    const auto id = static_cast<uint32_t>(space);
    for (size_t i = 0; i < kSize; ++i) bytes_[i] = static_cast<char>(id >> (24 - 8 * i));
  }
  Bytes bytes() const { return {bytes_.data(), kSize}; }

 private:
  std::array<char, kSize> bytes_;
};

// Space and the hash that leads a table's key (item/key.h): what the rows of a partition have in common. Filters hold
// it beside whole keys. Shorter keys, those of records, are prefixes of their own.
inline constexpr size_t kPartitionPrefix = SpacePrefix::kSize + 8;
inline bool SharesPartition(const rocksdb::Slice& from, const rocksdb::Slice& to) {
  return from.size() >= kPartitionPrefix && to.size() >= kPartitionPrefix &&
         std::memcmp(from.data(), to.data(), kPartitionPrefix) == 0;
}

// Space and key in one run of bytes, without an allocation for keys of common length.
class RowKey {
 public:
  RowKey(Space space, Bytes key) {
    const SpacePrefix prefix(space);
    const size_t size = SpacePrefix::kSize + key.size();
    char* at = small_.data();
    if (size > small_.size()) {
      large_.resize(size);
      at = large_.data();
    }
    std::memcpy(at, prefix.bytes().data(), SpacePrefix::kSize);
    if (!key.empty()) std::memcpy(at + SpacePrefix::kSize, key.data(), key.size());
    slice_ = rocksdb::Slice(at, size);
  }
  RowKey(const RowKey&) = delete;
  RowKey& operator=(const RowKey&) = delete;
  const rocksdb::Slice& slice() const { return slice_; }

 private:
  std::array<char, 252> small_;
  std::string large_;
  rocksdb::Slice slice_;
};

inline std::string SpaceStart(Space space) { return std::string(SpacePrefix(space).bytes()); }
// REQUIRES: not kEngineSpace, which is the last.
inline std::string SpaceEnd(Space space) { return SpaceStart(Space{static_cast<uint32_t>(space) + 1}); }

inline std::string LogKey(Space log, Position position) {
  std::string key = SpaceStart(log);
  PutBig64(&key, position);
  return key;
}

// The engine's own rows.
inline std::string LeaseKey() { return SpaceStart(kEngineSpace) + "lease"; }
inline constexpr char kDropPrefix[] = "drop:";
inline std::string DropKey(Space space) { return SpaceStart(kEngineSpace) + kDropPrefix + SpaceStart(space); }

// How far positions and commit times may go before the next lease is written: neither is used again after a restart.
struct Lease {
  Position position = 0;
  int64_t micros = 0;

  std::string Encode() const {
    std::string out;
    PutFixed64(&out, position);
    PutFixed64(&out, static_cast<uint64_t>(micros));
    return out;
  }
  static bool Decode(Bytes in, Lease* lease) {
    uint64_t micros = 0;
    if (!GetFixed64(&in, &lease->position) || !GetFixed64(&in, &micros) || !in.empty()) return false;
    lease->micros = static_cast<int64_t>(micros);
    return true;
  }
};

}  // namespace stator::engine
