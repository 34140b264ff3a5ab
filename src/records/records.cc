// A part is escaped (00 becomes 00 FF) and ended by 00 01, so that no part is a prefix of another and the order of keys
// is the order of part lists. Tests: records_test.cc; bytes: docs/formats/engine.md.
#include "records/records.h"

#include "base/coding.h"
#include "errors/records.h"

namespace stator::records {
namespace {

constexpr char kEscaped = '\xff';
constexpr char kEnd = '\x01';

Status Decode(Bytes value, Record* record) {
  if (!GetByte(&value, &record->version)) return Fail(errors::kRecordBroken, "an empty value");
  record->payload = value;
  return {};
}

// The smallest key after every key that begins with `prefix`; empty if there is none.
std::string AfterPrefix(Bytes prefix) {
  std::string after(prefix);
  while (!after.empty() && after.back() == '\xff') after.pop_back();
  if (!after.empty()) after.back() = static_cast<char>(static_cast<uint8_t>(after.back()) + 1);
  return after;
}

}  // namespace

Key::Key(Kind kind, std::initializer_list<Bytes> parts) {
  bytes_.push_back(static_cast<char>(kind));
  for (const Bytes part : parts) Add(part);
}

Key& Key::Add(Bytes part) {
  for (const char c : part) {
    bytes_.push_back(c);
    if (c == '\0') bytes_.push_back(kEscaped);
  }
  bytes_.push_back('\0');
  bytes_.push_back(kEnd);
  return *this;
}

Key& Key::Add(uint64_t number) {
  std::string part;
  PutBig64(&part, number);
  return Add(Bytes(part));
}

void Put(engine::Batch* batch, const Key& key, uint8_t version, Bytes payload) {
  std::string value;
  value.reserve(payload.size() + 1);
  value.push_back(static_cast<char>(version));
  value.append(payload);
  batch->Put(engine::kRecordSpace, key.bytes(), value);
}

void Erase(engine::Batch* batch, const Key& key) { batch->Erase(engine::kRecordSpace, key.bytes()); }

Result<bool> Get(const engine::View& view, const Key& key, engine::Value* row, Record* record) {
  STATOR_TRY(const bool found, view.Get(engine::kRecordSpace, key.bytes(), row));
  if (found) STATOR_OK(Decode(row->bytes, record));
  return found;
}

Status ForEach(const engine::View& view, const Key& prefix, Each each) {
  const auto cursor =
      view.Range(engine::kRecordSpace, prefix.bytes(), AfterPrefix(prefix.bytes()), engine::Order::kForward);
  for (; cursor->Valid(); cursor->Next()) {
    Record record;
    STATOR_OK(Decode(cursor->value(), &record));
    STATOR_OK(each(cursor->key().substr(prefix.bytes().size()), record));
  }
  return cursor->status();
}

bool NextPart(Bytes* rest, std::string* part) {
  part->clear();
  for (size_t i = 0; i + 1 < rest->size(); ++i) {
    const char c = (*rest)[i];
    if (c != '\0') {
      part->push_back(c);
      continue;
    }
    const char next = (*rest)[++i];
    if (next == kEnd) {
      rest->remove_prefix(i + 1);
      return true;
    }
    if (next != kEscaped) return false;
    part->push_back('\0');
  }
  return false;
}

bool NextPart(Bytes* rest, uint64_t* number) {
  std::string part;
  if (!NextPart(rest, &part) || part.size() != 8) return false;
  Bytes bytes = part;
  return GetBig64(&bytes, number);
}

}  // namespace stator::records
