// Tests: change_test.cc; bytes: docs/formats/streams.md.
#include "streams/change.h"

#include <charconv>
#include <cstdio>

#include "base/coding.h"
#include "item/key.h"

namespace stator::streams {
namespace {

constexpr uint8_t kFormat = 1;
constexpr uint8_t kByService = 0x80;
constexpr size_t kDigits = 21;  // as many as the service has at least, and one more than a position can have

// What happened, as a record's images tell it.
bool Agrees(Event event, bool before, bool after) {
  switch (event) {
    case Event::kInsert:
      return !before && after;
    case Event::kModify:
      return before && after;
    case Event::kRemove:
      return before && !after;
  }
  return false;
}

}  // namespace

Bytes NameOf(Event event) {
  switch (event) {
    case Event::kInsert:
      return "INSERT";
    case Event::kModify:
      return "MODIFY";
    case Event::kRemove:
      break;
  }
  return "REMOVE";
}

void AppendChange(engine::Batch* batch, engine::Space log, item::ItemView before, item::ItemView after,
                  bool by_service) {
  STATOR_CHECK(before.valid() || after.valid());
  const Event event = !before.valid() ? Event::kInsert : after.valid() ? Event::kModify : Event::kRemove;
  std::string head;  // short enough to need no allocation
  head.push_back(static_cast<char>(kFormat));
  head.push_back(static_cast<char>(static_cast<uint8_t>(event) | (by_service ? kByService : 0)));
  if (before.valid()) PutVarint(&head, before.stored().size());
  batch->Append(log, {head, before.stored(), after.stored()});
}

bool DecodeChange(const engine::LogRecord& record, Change* change) {
  Bytes rest = record.record;
  uint8_t format = 0;
  uint8_t kind = 0;
  if (!GetByte(&rest, &format) || format != kFormat || !GetByte(&rest, &kind)) return false;
  change->position = record.position;
  change->time = record.time;
  change->by_service = (kind & kByService) != 0;
  change->event = static_cast<Event>(kind & ~kByService);
  Bytes before;
  if (change->event != Event::kInsert && !GetLengthPrefixed(&rest, &before)) return false;
  change->before = item::ItemView(before);
  change->after = item::ItemView(rest);
  return Agrees(change->event, change->before.valid(), change->after.valid());
}

bool ValidChange(Bytes record) {
  Change change;
  if (!DecodeChange(engine::LogRecord{0, {}, record}, &change)) return false;
  return (!change.before.valid() || item::ValidItem(change.before.stored())) &&
         (!change.after.valid() || item::ValidItem(change.after.stored()));
}

std::string SequenceNumber(engine::Position position) {
  char text[32];
  std::snprintf(text, sizeof text, "1%020llu", static_cast<unsigned long long>(position));
  return text;
}

std::optional<engine::Position> ParseSequenceNumber(Bytes text) {
  if (text.size() != kDigits || text.front() != '1') return std::nullopt;
  text.remove_prefix(1);
  engine::Position position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return position;
}

uint64_t ItemHash(const catalog::KeySchema& key, const Change& change) {
  std::string encoded;
  for (const auto* part : {&key.hash, &key.range}) {
    for (const catalog::KeyAttribute& attribute : *part) {
      item::AppendKeyPart(&encoded, change.image().Find(attribute.name));
    }
  }
  return item::HashOfKey(encoded);
}

}  // namespace stator::streams
