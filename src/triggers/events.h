// The JSON a mapping makes: the event of a function, and the record of a batch that was given up.
// Source: notes/lambda.md, sections 2.6, 2.7 and 3.
#pragma once

#include <string>

#include "triggers/event_batch.h"
#include "triggers/mapping.h"

namespace stator::triggers {

// {"Records": [...]} of [begin, end).
std::string EventOf(const EventBatch& batch, size_t begin, size_t end);

// The tumbling window a call belongs to.
struct WindowCall {
  Time start;
  int seconds = 0;
  Bytes state;  // JSON
  Bytes shard_id;
  Bytes stream_arn;
  bool final = false;
  bool early = false;  // ended before its time: the state had outgrown its limit
};
std::string WindowEventOf(const EventBatch& batch, size_t begin, size_t end, const WindowCall& window);

// Why records were given up, and what the function said last.
struct GivenUp {
  enum class Why : uint8_t { kRetriesExhausted, kTooOld };
  Why why = Why::kRetriesExhausted;
  std::string request_id;
  std::string function_arn;
  std::string executed_version;
  bool function_error = false;  // it raised; otherwise it answered that items failed
  int calls = 1;
};
// What a queue, a topic or a function is told; a bucket gets the records themselves, too (`with_payload`).
std::string FailureRecord(const GivenUp& given_up, const EventBatch& batch, size_t begin, size_t end, Bytes shard_id,
                          Bytes stream_arn, Time now, bool with_payload);
// Where it would lie in a bucket: aws/lambda/UUID/SHARD/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-ID.
std::string FailureKey(const Mapping& mapping, Bytes shard_id, Time now, Bytes id);

}  // namespace stator::triggers
