// How far each mapping has come in each shard, kept as records. docs/formats/triggers.md describes them.
#pragma once

#include <map>
#include <string>

#include "engine/engine.h"
#include "errors/result.h"

namespace stator::triggers {

struct Checkpoint {
  engine::Position next = 0;  // everything below is done: delivered, filtered out, given up or trimmed
  bool finished = false;      // the shard was read to its end: its children may begin
};

using Checkpoints = std::map<std::string, Checkpoint, std::less<>>;  // by shard

// What is kept of one mapping.
Result<Checkpoints> ReadCheckpoints(const engine::View& view, Bytes mapping);
void PutCheckpoint(engine::Batch* batch, Bytes mapping, Bytes shard, const Checkpoint& checkpoint);
void EraseCheckpoint(engine::Batch* batch, Bytes mapping, Bytes shard);

}  // namespace stator::triggers
