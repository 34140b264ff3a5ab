#include "catalog/time_to_live.h"

#include "errors/catalog.h"

namespace stator::catalog {

Result<TableSchema> WithTimeToLive(const TableSchema& table, bool enable, Bytes attribute, Time now) {
  const TimeToLive& old = table.ttl;
  if (old.enabled && old.attribute != attribute) return Fail(errors::kTtlOtherAttribute, old.attribute);
  if (old.enabled && enable) return Fail(errors::kTtlEnabledAlready);
  if (!old.enabled && !enable) return Fail(errors::kTtlDisabledAlready);
  if (old.changed && now < *old.changed + kTimeToLiveInterval) return Fail(errors::kTtlChangedOften);
  TableSchema next = table;
  next.ttl = {std::string(attribute), enable, engine::Space{}, enable, now};
  return next;
}

TimeToLiveStatus StatusOf(const TimeToLive& ttl, Duration delay, Time now) {
  const bool settled = !ttl.changed || now >= *ttl.changed + delay;
  if (!ttl.enabled) return settled ? TimeToLiveStatus::kDisabled : TimeToLiveStatus::kDisabling;
  return settled && !ttl.backfilling ? TimeToLiveStatus::kEnabled : TimeToLiveStatus::kEnabling;
}

Bytes NameOf(TimeToLiveStatus status) {
  switch (status) {
    case TimeToLiveStatus::kEnabling:
      return "ENABLING";
    case TimeToLiveStatus::kEnabled:
      return "ENABLED";
    case TimeToLiveStatus::kDisabling:
      return "DISABLING";
    case TimeToLiveStatus::kDisabled:
      break;
  }
  return "DISABLED";
}

}  // namespace stator::catalog
