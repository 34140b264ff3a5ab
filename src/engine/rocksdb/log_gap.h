// Stops recovery of the write-ahead log at a hole. RocksDB skips a zeroed block of a log file in silence and goes on
// with the records behind it; what stands behind a hole is no state that ever was.
#pragma once

#include <rocksdb/listener.h>
#include <rocksdb/wal_filter.h>

#include <atomic>
#include <optional>
#include <string>

#include "base/coding.h"
#include "base/log.h"

namespace stator::engine {

// One recovery. Records carry the sequence number of their first write and the count of their writes, and only the
// committer writes, so each begins where the one before it ended.
class StopAtLogGap final : public rocksdb::WalFilter {
 public:
  using rocksdb::WalFilter::LogRecordFound;
  WalProcessingOption LogRecordFound(unsigned long long, const std::string& file, const rocksdb::WriteBatch& batch,
                                     rocksdb::WriteBatch*, bool*) override {
    Bytes record = batch.Data();
    uint64_t sequence = 0;
    if (!GetFixed64(&record, &sequence)) return WalProcessingOption::kCorruptedRecord;
    if (next_ && sequence != *next_) {
      LogWarn("storage: " + file + " has a hole; what was written behind it is given up");
      return WalProcessingOption::kStopReplay;
    }
    next_ = sequence + batch.Count();
    return WalProcessingOption::kContinueProcessing;
  }
  const char* Name() const override { return "StopAtLogGap"; }

 private:
  std::optional<uint64_t> next_;
};

// Any thread.
class LogSwitches final : public rocksdb::EventListener {
 public:
  void OnMemTableSealed(const rocksdb::MemTableInfo&) override { switched_.store(true, std::memory_order_release); }
  // Whether a log file was begun since the last call.
  bool Take() {
    return switched_.load(std::memory_order_acquire) && switched_.exchange(false, std::memory_order_acq_rel);
  }

 private:
  std::atomic<bool> switched_{true};
};

}  // namespace stator::engine
