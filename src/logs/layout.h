// The bytes of log groups, streams and events: docs/formats/logs.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/bytes.h"
#include "engine/engine.h"
#include "logs/place.h"
#include "records/records.h"

namespace stator::logs {

// Numbers of groups and streams are never used again. Those of groups begin at 1.
using GroupId = uint64_t;
using StreamId = uint64_t;
using Tags = std::map<std::string, std::string>;

// What every flush writes down: the next numbers to give.
struct Counters {
  GroupId next_group = 1;
  StreamId next_stream = 1;
  uint64_t next_sequence = 1;

  std::string Encode() const;
  static bool Decode(Bytes in, Counters* counters);
};
std::string CountersKey();

struct GroupRecord {
  GroupId id = 0;
  int64_t created = 0;          // milliseconds, as every time here
  uint32_t retention_days = 0;  // 0: the server's
  uint64_t bytes = 0;           // of its events, as the service counts them
  std::string region;           // of the request that made it
  Tags tags;

  std::string Encode() const;
  static bool Decode(Bytes in, GroupRecord* group);
};
records::Key GroupKey(Bytes name);

struct StreamRecord {
  StreamId id = 0;
  int64_t created = 0;
  bool used = false;  // it had events; the times below mean something
  int64_t first = 0, last = 0, ingested = 0;

  std::string Encode() const;
  static bool Decode(Bytes in, StreamRecord* stream);
};
records::Key StreamKey(GroupId group, Bytes name);

inline constexpr uint8_t kRecordVersion = 1;

// A group or stream that is deleted and whose events may still be there.
struct Doomed {
  GroupId group = 0;
  StreamId stream = 0;  // 0: the whole group

  std::string Key() const;
  static bool Decode(Bytes key, Doomed* doomed);
};
// The marks stand in [DoomedStart, DoomedEnd) of the event space.
std::string DoomedStart();
std::string DoomedEnd();

// Events: their keys sort by group and place.
std::string EventKey(GroupId group, Place place);
bool ReadEventKey(Bytes key, Place* place);
struct StoredEvent {
  StreamId stream = 0;
  int64_t ingested = 0;
  Bytes message;

  std::string Encode() const;
  static bool Decode(Bytes in, StoredEvent* event);
};

// What an event counts for storedBytes: its text and 26 bytes.
inline uint64_t SizeOf(Bytes message) { return message.size() + 26; }

}  // namespace stator::logs
