// What POST /api/messages is told.
#pragma once

#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::messages {

struct NewMessage {
  std::string text;
  std::string group_uuid;  // either this
  std::string handle;      // or this; without '@'
  std::string uuid;        // made up if the body has none
  bool retry = false;
};

constexpr size_t kMostCharacters = 1024;  // Unicode code points

// The first fault in the order of the fields, as a Refusal (api/problem.h).
Result<NewMessage> ReadNewMessage(Bytes body);

}  // namespace stator::messages
