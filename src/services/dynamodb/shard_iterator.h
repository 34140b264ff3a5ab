// A shard iterator: a place in a shard that a client carries about, as text. Only what this server made is taken back.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "streams/stream.h"

namespace stator::services::dynamodb {

inline constexpr Duration kIteratorLife = std::chrono::minutes(15);

struct ShardIterator {
  std::string stream;  // ARN
  std::string shard;   // id
  // The position of the first change wanted. TRIM_HORIZON: what was trimmed before the iterator was used does not
  // count as missed.
  engine::Position from = 0;
  bool trim_horizon = false;
  Time made;
};

// "arn:…|1|<base64>", like the service's: not meant to be looked into.
std::string WriteShardIterator(const ShardIterator& iterator);
std::optional<ShardIterator> ReadShardIterator(Bytes text);

}  // namespace stator::services::dynamodb
