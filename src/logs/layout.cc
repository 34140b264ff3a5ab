// Tests: log_store_test.cc; the bytes are described in docs/formats/logs.md.
#include "logs/layout.h"

#include "base/coding.h"

namespace stator::logs {
namespace {

// Group 0 does not exist: its place in the order holds the store's own rows.
std::string OwnKey(char kind) {
  std::string key;
  PutBig64(&key, 0);
  key.push_back(kind);
  return key;
}

constexpr char kCounters = 'c';
constexpr char kDoomed = 'd';

void PutTime(std::string* out, int64_t millis) { PutFixed64(out, static_cast<uint64_t>(millis)); }
bool GetTime(Bytes* in, int64_t* millis) {
  uint64_t number = 0;
  if (!GetFixed64(in, &number)) return false;
  *millis = static_cast<int64_t>(number);
  return true;
}

bool GetTags(Bytes* in, Tags* tags) {
  uint64_t count = 0;
  if (!GetVarint(in, &count)) return false;
  for (; count > 0; --count) {
    Bytes name;
    Bytes value;
    if (!GetLengthPrefixed(in, &name) || !GetLengthPrefixed(in, &value)) return false;
    tags->insert_or_assign(std::string(name), std::string(value));
  }
  return true;
}

}  // namespace

std::string CountersKey() { return OwnKey(kCounters); }

std::string Counters::Encode() const {
  std::string out;
  PutFixed64(&out, next_group);
  PutFixed64(&out, next_stream);
  PutFixed64(&out, next_sequence);
  return out;
}

bool Counters::Decode(Bytes in, Counters* counters) {
  return GetFixed64(&in, &counters->next_group) && GetFixed64(&in, &counters->next_stream) &&
         GetFixed64(&in, &counters->next_sequence) && in.empty();
}

std::string GroupRecord::Encode() const {
  std::string out;
  PutVarint(&out, id);
  PutTime(&out, created);
  PutVarint(&out, retention_days);
  PutVarint(&out, bytes);
  PutLengthPrefixed(&out, region);
  PutVarint(&out, tags.size());
  for (const auto& [name, value] : tags) {
    PutLengthPrefixed(&out, name);
    PutLengthPrefixed(&out, value);
  }
  return out;
}

bool GroupRecord::Decode(Bytes in, GroupRecord* group) {
  uint64_t days = 0;
  Bytes region;
  if (!GetVarint(&in, &group->id) || !GetTime(&in, &group->created) || !GetVarint(&in, &days) ||
      !GetVarint(&in, &group->bytes) || !GetLengthPrefixed(&in, &region) || !GetTags(&in, &group->tags)) {
    return false;
  }
  group->retention_days = static_cast<uint32_t>(days);
  group->region = region;
  return in.empty() && group->id != 0;
}

records::Key GroupKey(Bytes name) { return records::Key(records::Kind::kLogGroup, {name}); }

std::string StreamRecord::Encode() const {
  std::string out;
  PutVarint(&out, id);
  PutTime(&out, created);
  out.push_back(used ? 1 : 0);
  PutTime(&out, first);
  PutTime(&out, last);
  PutTime(&out, ingested);
  return out;
}

bool StreamRecord::Decode(Bytes in, StreamRecord* stream) {
  uint8_t used = 0;
  if (!GetVarint(&in, &stream->id) || !GetTime(&in, &stream->created) || !GetByte(&in, &used)) return false;
  stream->used = used != 0;
  return GetTime(&in, &stream->first) && GetTime(&in, &stream->last) && GetTime(&in, &stream->ingested) && in.empty();
}

records::Key StreamKey(GroupId group, Bytes name) {
  records::Key key(records::Kind::kLogStream);
  return key.Add(group).Add(name);
}

std::string DoomedStart() { return OwnKey(kDoomed); }
std::string DoomedEnd() { return OwnKey(kDoomed + 1); }

std::string Doomed::Key() const {
  std::string key = DoomedStart();
  PutBig64(&key, group);
  PutBig64(&key, stream);
  return key;
}

bool Doomed::Decode(Bytes key, Doomed* doomed) {
  key.remove_prefix(DoomedStart().size());
  return GetBig64(&key, &doomed->group) && GetBig64(&key, &doomed->stream) && key.empty();
}

std::string EventKey(GroupId group, Place place) {
  std::string key;
  PutBig64(&key, group);
  PutBig64(&key, static_cast<uint64_t>(place.millis));
  PutBig64(&key, place.sequence);
  return key;
}

bool ReadEventKey(Bytes key, Place* place) {
  uint64_t group = 0;
  uint64_t millis = 0;
  if (!GetBig64(&key, &group) || !GetBig64(&key, &millis) || !GetBig64(&key, &place->sequence)) return false;
  place->millis = static_cast<int64_t>(millis);
  return key.empty();
}

std::string StoredEvent::Encode() const {
  std::string out;
  out.reserve(message.size() + 16);
  PutVarint(&out, stream);
  PutTime(&out, ingested);
  out.append(message);
  return out;
}

bool StoredEvent::Decode(Bytes in, StoredEvent* event) {
  if (!GetVarint(&in, &event->stream) || !GetTime(&in, &event->ingested)) return false;
  event->message = in;
  return true;
}

}  // namespace stator::logs
