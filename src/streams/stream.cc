#include "streams/stream.h"

#include <algorithm>

namespace stator::streams {
namespace {

constexpr Bytes kViewTypes[] = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"};
constexpr Bytes kStatuses[] = {"ENABLING", "ENABLED", "DISABLING", "DISABLED"};

// Takes what stands before `end` from the front of `rest`.
bool TakeUntil(Bytes* rest, Bytes end, Bytes* part) {
  const size_t at = rest->find(end);
  if (at == Bytes::npos) return false;
  *part = rest->substr(0, at);
  rest->remove_prefix(at + end.size());
  return true;
}

bool TakeWord(Bytes* rest, Bytes word) {
  if (rest->substr(0, word.size()) != word) return false;
  rest->remove_prefix(word.size());
  return true;
}

}  // namespace

Bytes NameOf(ViewType view) { return kViewTypes[static_cast<size_t>(view)]; }
Bytes NameOf(StreamStatus status) { return kStatuses[static_cast<size_t>(status)]; }

ViewType ViewTypeOf(Bytes name) {
  const auto* const found = std::find(std::begin(kViewTypes), std::end(kViewTypes), name);
  STATOR_CHECK(found != std::end(kViewTypes));  // the request's shape lets no other pass
  return static_cast<ViewType>(found - std::begin(kViewTypes));
}

const Shard* Stream::FindShard(Bytes id) const {
  const auto found = std::lower_bound(shards.begin(), shards.end(), id,
                                      [](const Shard& shard, Bytes wanted) { return shard.id < wanted; });
  return found != shards.end() && found->id == id ? &*found : nullptr;
}

std::string StreamArn(Bytes table_arn, Bytes label) { return std::string(table_arn).append("/stream/").append(label); }

bool SplitStreamArn(Bytes arn, StreamArnParts* parts) {
  return TakeWord(&arn, "arn:aws:dynamodb:") && TakeUntil(&arn, ":", &parts->region) &&
         TakeUntil(&arn, ":", &parts->account) && TakeWord(&arn, "table/") &&
         TakeUntil(&arn, "/stream/", &parts->table) && !parts->table.empty() && !arn.empty() &&
         (parts->label = arn).find('/') == Bytes::npos;
}

}  // namespace stator::streams
