#include "cli/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <utility>

#include "errors/client.h"

namespace stator::cli {
namespace {

constexpr size_t kLongestLine = 16 << 20;  // an item's 400 KB, escaped in the worst way, several times over

bool IsStandard(const std::string& path) { return path.empty() || path == "-"; }

Error FileError(const std::string& path) {
  return Fail(errors::kFileFailed, path, std::generic_category().message(errno));
}

}  // namespace

Result<LineSource> LineSource::Open(const std::string& path) {
  LineSource source;
  source.path_ = path;
  source.standard_ = IsStandard(path);
  if (source.standard_) return source;
  errno = 0;
  source.file_.open(path, std::ios::binary);
  if (!source.file_) return FileError(path);
  std::error_code unknown;
  const auto size = std::filesystem::file_size(path, unknown);
  if (!unknown) source.size_ = size;
  return source;
}

Result<bool> LineSource::Next(std::string* line) {
  line->clear();
  std::istream& in = standard_ ? std::cin : file_;
  std::streambuf* buffer = in.rdbuf();
  constexpr int kEnd = std::char_traits<char>::eof();
  for (int c = buffer->sbumpc(); c != '\n'; c = buffer->sbumpc()) {
    if (c == kEnd) return !line->empty();
    if (line->size() == kLongestLine) return Fail(errors::kFileFailed, path_, "a line is longer than 16 MB");
    line->push_back(static_cast<char>(c));
  }
  return true;
}

Result<Sink> Sink::Open(const std::string& path) {
  Sink sink(IsStandard(path) ? "" : path);
  sink.file_ = sink.standard() ? stdout : std::fopen(sink.PartialPath().c_str(), "wb");
  if (sink.file_ == nullptr) return FileError(path);
  return sink;
}

Sink::Sink(Sink&& other) noexcept : path_(std::move(other.path_)), file_(std::exchange(other.file_, nullptr)) {}

Sink::~Sink() {
  if (standard() || file_ == nullptr) return;
  std::fclose(file_);
  std::remove(PartialPath().c_str());
}

Error Sink::Failure() const { return FileError(standard() ? "standard output" : path_); }

Status Sink::Write(Bytes bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) return Failure();
  return {};
}

Status Sink::Commit() {
  if (std::fflush(file_) != 0) return Failure();
  if (standard()) return {};
  const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
  if (!closed || std::rename(PartialPath().c_str(), path_.c_str()) != 0) return Failure();
  return {};
}

}  // namespace stator::cli
