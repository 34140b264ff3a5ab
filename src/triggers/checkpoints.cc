#include "triggers/checkpoints.h"

#include "base/coding.h"
#include "records/records.h"

namespace stator::triggers {
namespace {

constexpr uint8_t kVersion = 1;

records::Key KeyOf(Bytes mapping, Bytes shard) { return records::Key(records::Kind::kCheckpoint, {mapping, shard}); }

}  // namespace

Result<Checkpoints> ReadCheckpoints(const engine::View& view, Bytes mapping) {
  Checkpoints all;
  const records::Key prefix(records::Kind::kCheckpoint, {mapping});
  STATOR_OK(records::ForEach(view, prefix, [&](Bytes rest, const records::Record& record) -> Status {
    std::string shard;
    Checkpoint checkpoint;
    uint8_t finished = 0;
    Bytes payload = record.payload;
    if (record.version == kVersion && records::NextPart(&rest, &shard) && GetVarint(&payload, &checkpoint.next) &&
        GetByte(&payload, &finished)) {
      checkpoint.finished = finished != 0;
      all.emplace(std::move(shard), checkpoint);
    }
    return {};
  }));
  return all;
}

void PutCheckpoint(engine::Batch* batch, Bytes mapping, Bytes shard, const Checkpoint& checkpoint) {
  std::string payload;
  PutVarint(&payload, checkpoint.next);
  payload.push_back(checkpoint.finished ? 1 : 0);
  records::Put(batch, KeyOf(mapping, shard), kVersion, payload);
}

void EraseCheckpoint(engine::Batch* batch, Bytes mapping, Bytes shard) { records::Erase(batch, KeyOf(mapping, shard)); }

}  // namespace stator::triggers
