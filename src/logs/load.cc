// What a restart finds: docs/formats/logs.md.
#include "errors/logs.h"
#include "logs/store_impl.h"

namespace stator::logs {
namespace {

Error Damaged() { return Fail(errors::kLogsDamaged); }

}  // namespace

Status LogStore::Impl::Load() {
  const records::Key all_groups(records::Kind::kLogGroup);
  STATOR_OK(records::ForEach(engine_, all_groups, [&](Bytes rest, const records::Record& record) -> Status {
    auto group = std::make_shared<GroupState>();
    if (!records::NextPart(&rest, &group->name) || record.version != kRecordVersion ||
        !GroupRecord::Decode(record.payload, &group->record)) {
      return Damaged();
    }
    total_bytes_ += group->record.bytes;
    by_id_.emplace(group->record.id, group);
    groups_.emplace(group->name, std::move(group));
    return {};
  }));
  const records::Key all_streams(records::Kind::kLogStream);
  STATOR_OK(records::ForEach(engine_, all_streams, [&](Bytes rest, const records::Record& record) -> Status {
    auto stream = std::make_shared<StreamState>();
    GroupId id = 0;
    if (!records::NextPart(&rest, &id) || !records::NextPart(&rest, &stream->name) ||
        record.version != kRecordVersion || !StreamRecord::Decode(record.payload, &stream->record)) {
      return Damaged();
    }
    const auto group = by_id_.find(id);
    if (group == by_id_.end()) return {};
    group->second->by_id.emplace(stream->record.id, stream);
    group->second->streams.emplace(stream->name, std::move(stream));
    return {};
  }));

  engine::Value row;
  STATOR_TRY(const bool found, engine_.Get(records::kLogEventSpace, CountersKey(), &row));
  if (found && !Counters::Decode(row.bytes, &counters_)) return Damaged();
  const std::string from = DoomedStart();
  const std::string to = DoomedEnd();
  const auto marks = engine_.Range(records::kLogEventSpace, from, to, engine::Order::kForward);
  for (; marks->Valid(); marks->Next()) {
    Doomed doomed;
    if (!Doomed::Decode(marks->key(), &doomed)) return Damaged();
    doomed_.emplace(doomed.Key(), doomed);
  }
  STATOR_OK(marks->status());

  for (const auto& [name, group] : groups_) {
    const std::string first = EventKey(group->record.id, kFirstPlace);
    const std::string last = EventKey(group->record.id, kBehindAll);
    const auto events = engine_.Range(records::kLogEventSpace, first, last, engine::Order::kForward);
    if (events->Valid() && !ReadEventKey(events->key(), &group->oldest)) return Damaged();
    STATOR_OK(events->status());
  }
  return {};
}

}  // namespace stator::logs
