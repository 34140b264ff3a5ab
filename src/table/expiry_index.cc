#include "table/expiry_index.h"

#include <algorithm>

#include "base/coding.h"

namespace stator::table {

std::optional<Expiry> ExpiryOf(const catalog::TimeToLive& ttl, item::ItemView item) {
  if (!item.valid()) return std::nullopt;
  const item::ValueView value = item.Find(ttl.attribute);
  if (!value.valid() || value.tag() != item::Tag::kNumber) return std::nullopt;
  int64_t seconds = 0;
  if (!value.number().ToInt(&seconds) || seconds <= 0) return std::nullopt;
  return static_cast<Expiry>(seconds);
}

bool IsDue(Expiry expiry, Time now) {
  const auto seconds = static_cast<int64_t>(expiry);
  return seconds < now.seconds() && seconds > (now + -kExpiryForgotten).seconds();
}

std::string ExpiryKey(Expiry expiry, Bytes table_key) {
  std::string key;
  key.reserve(sizeof expiry + table_key.size());
  PutBig64(&key, expiry);
  key.append(table_key);
  return key;
}

bool SplitExpiryKey(Bytes key, Expiry* expiry, Bytes* table_key) {
  if (!GetBig64(&key, expiry)) return false;
  *table_key = key;
  return true;
}

DueKeys DueAt(Time now) {
  const auto at = [](int64_t seconds) { return ExpiryKey(static_cast<Expiry>(std::max<int64_t>(seconds, 1)), {}); };
  return {at((now + -kExpiryForgotten).seconds() + 1), at(now.seconds())};
}

std::optional<Expiry> AppendExpiryDifference(const catalog::TableSchema& table, Bytes table_key, item::ItemView before,
                                             item::ItemView after, engine::Batch* batch) {
  const catalog::TimeToLive& ttl = table.ttl;
  const std::optional<Expiry> old = ExpiryOf(ttl, before);
  const std::optional<Expiry> now = ExpiryOf(ttl, after);
  if (old == now) return std::nullopt;
  if (old) batch->Erase(ttl.space, ExpiryKey(*old, table_key));
  if (now) batch->Put(ttl.space, ExpiryKey(*now, table_key), {});
  return now;
}

}  // namespace stator::table
