// Running a function once: the one way in for the Lambda API, asynchronous invocations and event source mappings.
#pragma once

#include <cstdint>
#include <string>

#include "base/lane.h"
#include "base/task.h"
#include "errors/result.h"
#include "functions/function.h"

namespace stator::runtime {

struct Invocation {
  functions::FunctionRef function;
  std::string invoked_arn;  // as the context shows it: with the qualifier the caller used
  std::string payload;      // JSON, checked by the caller
  std::string request_id;   // empty: a new one; retries of one event share theirs
  std::string client_context;
  bool log_tail = false;
};

struct Invoked {
  enum class Kind : uint8_t {
    kReturned,   // `payload` is what the handler gave
    kFailed,     // `payload` is the error JSON of notes/lambda.md, section 1.6; time-outs and crashes too
    kThrottled,  // no environment was free and none may be added; nothing ran
  };
  Kind kind = Kind::kReturned;
  std::string payload;
  std::string request_id;
  std::string executed_version;
  std::string log_tail;              // the last 4 KB of the invocation's log, if asked for
  const char* throttle_reason = "";  // kThrottled: the Reason member of the 429 body
};

// Threads: any lane; the task goes on on the lane it was begun on. Never blocks it.
class Invoker {
 public:
  virtual ~Invoker() = default;
  virtual Task<Invoked> Invoke(Invocation invocation, Lane& lane) = 0;
};

}  // namespace stator::runtime
