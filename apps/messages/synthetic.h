// Conversations made up in any amount: the same numbers always give the same rows. A few people and conversations get
// most of the messages (Zipf's law), as in life, so that hot partitions show.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "errors/result.h"
#include "rows.h"

namespace stator::messages {

struct SyntheticPlan {
  uint64_t users = 1000;       // at least 2
  uint64_t messages = 100000;  // at least 1
  uint64_t seed = 1;
};

struct SyntheticCounts {
  uint64_t messages = 0;
  uint64_t conversations = 0;
};

Person SyntheticPerson(uint64_t index);

// Hands over the JSON of every item: messages in order of time, then two group rows a conversation. Keeps about 200
// bytes a conversation in memory. Ends early with the error that `take` gives.
Result<SyntheticCounts> MakeSynthetic(const SyntheticPlan&, const std::function<Status(std::string item)>& take);

}  // namespace stator::messages
