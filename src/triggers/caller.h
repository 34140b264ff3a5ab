// Calls the function of a mapping once.
#pragma once

#include <string>

#include "base/task.h"
#include "triggers/ports.h"

namespace stator::triggers {

struct Called {
  enum class Is : uint8_t {
    kReturned,
    kFailed,    // the function raised, ran out of time, crashed or did not start
    kNotNow,    // throttled: nothing ran, no attempt
    kNotThere,  // there is no such function: nothing ran, no attempt
  };
  Is is = Is::kNotThere;
  std::string payload;
  std::string request_id;
  std::string executed_version;
};

// `newest`: the time of the last record in `event`, for the function's iterator age; nothing for a call without any.
Task<Called> CallFunction(const Ports& ports, const Mapping& mapping, std::string event, std::optional<Time> newest,
                          Lane& lane);

}  // namespace stator::triggers
