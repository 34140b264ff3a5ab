// What a process prints, as log events.
//
// Each line is an event with its newline; a bare \r does not split, blank lines are dropped, endless lines are cut.
// The bootstraps send what must stay together (a traceback, a record of `logging`) as a frame: 0x1e 'F', eight hex
// digits of length, the bytes. A process that prints without end is cut to an allowance: what is beyond is counted and
// dropped, so that it fills neither memory nor the logs. notes/lambda.md, section 5.1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "logs/log_sink.h"

namespace stator::runtime {

class OutputLines {
 public:
  static constexpr size_t kLongestLine = size_t{256} << 10;
  static constexpr int64_t kBytesPerSecond = int64_t{1} << 20;
  static constexpr int64_t kBurst = int64_t{8} << 20;

  // Appends the events that `bytes` complete.
  void Take(Bytes bytes, Time now, std::vector<logs::LogEvent>* events);
  // Appends what stands there without its newline: the process is gone, or its invocation is over.
  void Flush(Time now, std::vector<logs::LogEvent>* events);

 private:
  enum class State : uint8_t { kLines, kMark, kLength, kFrame };

  size_t TakeSome(Bytes bytes, Time now, std::vector<logs::LogEvent>* events);
  size_t TakeLine(Bytes bytes, Time now, std::vector<logs::LogEvent>* events);
  void Emit(Bytes text, Time now, std::vector<logs::LogEvent>* events);
  bool Allow(size_t bytes, Time now);

  State state_ = State::kLines;
  std::string line_;
  std::string length_;
  size_t frame_left_ = 0;
  int64_t allowance_ = kBurst;
  Time refilled_{};
  int64_t dropped_ = 0;
};

}  // namespace stator::runtime
