// Streams, encryption, table class and tags of a request to what a schema holds.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/schema.h"
#include "errors/result.h"
#include "json/value.h"

namespace stator::catalog {

// Who makes a table, where and when: what its ARN, id and labels are made of.
struct Origin {
  std::string region;
  std::string account;
  Time now;
};

// `list` may be invalid: none. Lengths count characters.
using Tags = std::vector<std::pair<std::string, std::string>>;
inline constexpr size_t kMaxTags = 50;
Result<Tags> ReadTags(json::Value list);
// `tags` with those of `added` in the place of the same keys. REQUIRES: each list has distinct keys.
Result<Tags> MergeTags(Tags tags, const Tags& added);

// A new stream, or none.
Result<StreamSpecification> ReadStream(json::Value given, Time now);
// "2026-11-20T10:00:00.123"
std::string StreamLabel(Time now);

// Nothing when `given` is invalid or asks for the default key.
Result<std::optional<SseSpecification>> ReadSse(json::Value given, const Origin& origin);

std::optional<TableClass> ReadTableClass(json::Value given);

}  // namespace stator::catalog
