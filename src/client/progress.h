// A progress bar on stderr, if a person watches it; nothing otherwise.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace stator::client {

// The line itself: "seeding  [=======>      ]  52%  5,200 of 10,000 messages  1,300/s". `total` 0: unknown, no bar.
std::string ProgressLine(const std::string& label, const std::string& unit, uint64_t done, uint64_t total,
                         Duration elapsed, int width);

// Threads: any.
class Progress {
 public:
  // Silent when `quiet`, or when stderr is no terminal.
  Progress(std::string label, std::string unit, uint64_t total, bool quiet);
  ~Progress();  // ends the line
  void Update(uint64_t done);

 private:
  void Draw(bool last);

  const std::string label_;
  const std::string unit_;
  const uint64_t total_;
  const bool shown_;
  const MonotonicTime begun_;
  std::mutex mutex_;
  MonotonicTime drawn_;
  uint64_t done_ = 0;
};

// 1234567 as "1,234,567".
std::string Grouped(uint64_t number);

}  // namespace stator::client
