// A log file that is filled with zeros ahead of its end.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <string>

namespace stator::engine {

class FilledLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  // `file` stands at its beginning; `filler` appends to the end of the same file, which has `size` bytes.
  FilledLog(std::unique_ptr<rocksdb::FSWritableFile> file, std::unique_ptr<rocksdb::FSWritableFile> filler,
            uint64_t size, size_t fill)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), filler_(std::move(filler)), size_(size), zeros_(fill) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    Fill(data.size(), options, debug);
    return rocksdb::FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& verification, rocksdb::IODebugContext* debug) override {
    Fill(data.size(), options, debug);
    return rocksdb::FSWritableFileOwnerWrapper::Append(data, options, verification, debug);
  }

 private:
  // Where there is no room to fill, there may still be some for the record: that is for Append to find out.
  void Fill(size_t bytes, const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) {
    at_ += bytes;
    while (filler_ && size_ < at_) {
      const std::string zeros(zeros_, '\0');
      if (!filler_->Append(zeros, options, debug).ok()) return filler_.reset();
      size_ += zeros_;
    }
  }

  std::unique_ptr<rocksdb::FSWritableFile> filler_;  // null: what follows is appended as it is
  uint64_t at_ = 0;
  uint64_t size_;
  const size_t zeros_;
};

}  // namespace stator::engine
