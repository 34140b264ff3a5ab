// Where log lines go: what runs functions knows no more of logs than this.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"

namespace stator::logs {

struct LogEvent {
  Time timestamp;       // milliseconds count; events of one millisecond keep their order
  std::string message;  // as printed, with its newline; UTF-8
};

class LogSink {
 public:
  virtual ~LogSink() = default;
  // Adds events to a stream of a group; both are made when they are not there. Never blocks, never fails: what finds no
  // room is dropped and counted. Events of one stream keep the order of the calls. Threads: any.
  virtual void Append(const std::string& group, const std::string& stream, std::vector<LogEvent> events) = 0;
};

}  // namespace stator::logs
