// One step of a commit's way past the row cache, for every row of a write batch.
#pragma once

#include <rocksdb/write_batch.h>

#include "engine/rocksdb/layout.h"
#include "engine/rocksdb/row_cache.h"

namespace stator::engine {

class CacheWalk final : public rocksdb::WriteBatch::Handler {
 public:
  enum class Step : uint8_t { kClose, kUpdate, kRemove, kOpen };  // kRemove: nobody knows what became of the write
  CacheWalk(RowCache& cache, Step step) : cache_(cache), step_(step) {}

  void Over(const rocksdb::WriteBatch& batch) { (void)batch.Iterate(this); }

  rocksdb::Status PutCF(uint32_t family, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    if (family != kRows) return {};
    if (step_ == Step::kUpdate) {
      cache_.Update(ToBytes(key), ToBytes(value));
      return {};
    }
    return DeleteCF(family, key);
  }
  rocksdb::Status DeleteCF(uint32_t family, const rocksdb::Slice& key) override {
    if (family != kRows) return {};
    if (step_ == Step::kClose) cache_.Close(ToBytes(key));
    if (step_ == Step::kUpdate || step_ == Step::kRemove) cache_.Remove(ToBytes(key));
    if (step_ == Step::kOpen) cache_.Open(ToBytes(key));
    return {};
  }
  rocksdb::Status DeleteRangeCF(uint32_t family, const rocksdb::Slice&, const rocksdb::Slice&) override {
    if (family != kRows) return {};
    if (step_ == Step::kClose) cache_.CloseAll();
    if (step_ == Step::kUpdate || step_ == Step::kRemove) cache_.RemoveAll();
    if (step_ == Step::kOpen) cache_.OpenAll();
    return {};
  }

 private:
  static constexpr uint32_t kRows = 0;  // the family that RocksDB numbers first
  RowCache& cache_;
  const Step step_;
};

}  // namespace stator::engine
