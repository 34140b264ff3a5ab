#include "base/check.h"
#include "base/coding.h"
#include "engine/engine.h"

namespace stator::engine {

void Batch::Guard(Space space, Bytes key, Version seen) {
  buffer_.push_back(static_cast<char>(Kind::kGuard));
  PutVarint(&buffer_, static_cast<uint32_t>(space));
  PutLengthPrefixed(&buffer_, key);
  PutFixed64(&buffer_, seen);
}

void Batch::Put(Space space, Bytes key, Bytes value) {
  buffer_.push_back(static_cast<char>(Kind::kPut));
  PutVarint(&buffer_, static_cast<uint32_t>(space));
  PutLengthPrefixed(&buffer_, key);
  PutLengthPrefixed(&buffer_, value);
}

void Batch::Erase(Space space, Bytes key) {
  buffer_.push_back(static_cast<char>(Kind::kErase));
  PutVarint(&buffer_, static_cast<uint32_t>(space));
  PutLengthPrefixed(&buffer_, key);
}

void Batch::Append(Space log, std::initializer_list<Bytes> parts) {
  buffer_.push_back(static_cast<char>(Kind::kAppend));
  PutVarint(&buffer_, static_cast<uint32_t>(log));
  size_t size = 0;
  for (const Bytes part : parts) size += part.size();
  PutVarint(&buffer_, size);
  for (const Bytes part : parts) buffer_.append(part);
}

bool Batch::Reader::Next(Entry* entry) {
  if (rest_.empty()) return false;
  uint8_t kind = 0;
  uint64_t space = 0;
  bool ok = GetByte(&rest_, &kind) && GetVarint(&rest_, &space);
  *entry = Entry{static_cast<Kind>(kind), Space{static_cast<uint32_t>(space)}, {}, {}, 0};
  switch (entry->kind) {
    case Kind::kGuard:
      ok = ok && GetLengthPrefixed(&rest_, &entry->key) && GetFixed64(&rest_, &entry->seen);
      break;
    case Kind::kPut:
      ok = ok && GetLengthPrefixed(&rest_, &entry->key) && GetLengthPrefixed(&rest_, &entry->value);
      break;
    case Kind::kErase:
      ok = ok && GetLengthPrefixed(&rest_, &entry->key);
      break;
    case Kind::kAppend:
      ok = ok && GetLengthPrefixed(&rest_, &entry->value);
      break;
  }
  STATOR_CHECK(ok);  // we wrote it ourselves
  return true;
}

}  // namespace stator::engine
