// A walk over a range of one space.
#pragma once

#include <rocksdb/db.h>

#include "engine/rocksdb/database.h"

namespace stator::engine {

class RocksCursor final : public Cursor {
 public:
  RocksCursor(const Database& database, const rocksdb::Snapshot* snapshot, Space space, Bytes from, Bytes to,
              Order order)
      : database_(database),
        order_(order),
        from_(SpaceStart(space)),
        to_(to.empty() ? SpaceEnd(space) : SpaceStart(space)) {
    from_.append(from);
    to_.append(to);
    if (to_ <= from_) return;
    lower_ = from_;
    upper_ = to_;
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    options.iterate_lower_bound = &lower_;
    options.iterate_upper_bound = &upper_;
    // Within one partition the filters tell which files and memtables to leave alone.
    options.prefix_same_as_start = SharesPartition(lower_, upper_);
    options.total_order_seek = !options.prefix_same_as_start;
    at_.reset(database_.db->NewIterator(options, database_.rows()));
    if (order == Order::kForward) {
      at_->Seek(lower_);
    } else {
      at_->SeekToLast();
    }
  }
  bool Valid() const override { return at_ && at_->Valid(); }
  Bytes key() const override { return ToBytes(at_->key()).substr(SpacePrefix::kSize); }
  Bytes value() const override { return ToBytes(at_->value()); }
  void Next() override { order_ == Order::kForward ? at_->Next() : at_->Prev(); }
  Status status() const override {
    if (!at_ || at_->status().ok()) return {};
    return database_.Failed(at_->status());
  }

 private:
  const Database& database_;
  const Order order_;
  std::string from_, to_;
  rocksdb::Slice lower_, upper_;  // the iterator keeps pointers to them
  std::unique_ptr<rocksdb::Iterator> at_;
};

// The cursor of a space that is gone.
class NoRows final : public Cursor {
 public:
  bool Valid() const override { return false; }
  Bytes key() const override { return {}; }
  Bytes value() const override { return {}; }
  void Next() override {}
  Status status() const override { return {}; }
};

}  // namespace stator::engine
