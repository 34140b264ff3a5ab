// An asynchronous event as it lies in the store. docs/formats/async_events.md.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "errors/result.h"
#include "runtime/async_queue.h"

namespace stator::runtime {

struct StoredEvent {
  AsyncEvent event;
  Time accepted;
  Time next;         // no attempt before
  int attempts = 0;  // that ended in an error
};

std::string Encode(const StoredEvent& stored);
Result<StoredEvent> Decode(Bytes bytes);

// What the destination, or the dead-letter queue, is told.
struct Outcome {
  const char* condition = "";  // Success, RetriesExhausted, EventAgeExceeded
  int invocations = 0;
  bool failed = false;
  std::string version;   // executed; empty: it never ran
  std::string response;  // JSON
};
std::string RecordOf(const StoredEvent& stored, const functions::Function& function, const Outcome& outcome, Time now);

}  // namespace stator::runtime
