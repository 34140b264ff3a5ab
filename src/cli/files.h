// Standard streams and files as the commands use them; "-" or no name means the standard stream.
#pragma once

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::cli {

// Lines of a file or of stdin.
class LineSource {
 public:
  // Fails with kFileFailed.
  static Result<LineSource> Open(const std::string& path);
  // False at the end. Fails with kFileFailed when it cannot be read or a line is longer than any item could be.
  Result<bool> Next(std::string* line);
  uint64_t size() const { return size_; }  // 0 if unknown

 private:
  LineSource() = default;

  std::ifstream file_;
  bool standard_ = false;
  std::string path_;
  uint64_t size_ = 0;
};

// A file that appears under its name only when it is complete, or stdout.
class Sink {
 public:
  static Result<Sink> Open(const std::string& path);
  Status Write(Bytes);
  // Everything is written and the file has its name. Without it, an incomplete file is removed.
  Status Commit();
  bool standard() const { return path_.empty(); }

  Sink(Sink&& other) noexcept;
  Sink& operator=(Sink&&) = delete;
  ~Sink();

 private:
  explicit Sink(std::string path) : path_(std::move(path)) {}
  Error Failure() const;
  std::string PartialPath() const { return path_ + ".partial"; }

  std::string path_;  // empty: stdout
  std::FILE* file_ = nullptr;
};

}  // namespace stator::cli
