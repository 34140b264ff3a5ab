// An event source mapping: which stream calls which function, and how. Never changes; an update makes a new one.
// Source: notes/lambda.md, section 2.1. docs/formats/triggers.md describes its record.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"

namespace stator::triggers {

// What Create and Update set, with the defaults of a DynamoDB stream. Units: seconds where the name says so.
struct Settings {
  int batch_size = 100;
  int batching_window_seconds = 0;
  int parallelization_factor = 1;
  int tumbling_window_seconds = 0;  // 0: none
  bool bisect_on_error = false;
  bool report_item_failures = false;
  int maximum_retries = -1;             // -1: until the record leaves the stream
  int maximum_record_age_seconds = -1;  // -1: as long as the stream keeps it
  std::vector<std::string> filters;     // patterns as given
  std::string on_failure;               // a destination's ARN; empty: none

  bool operator==(const Settings&) const = default;
};

struct Mapping {
  std::string uuid;
  std::string arn;  // arn:aws:lambda:REGION:ACCOUNT:event-source-mapping:UUID
  std::string stream_arn;
  std::string function_arn;  // with the qualifier it was given; need not exist any more
  // Where shards without a checkpoint begin: nothing below this position is delivered. TRIM_HORIZON: 0. LATEST: what
  // was behind every change when Create was acknowledged, so that a shard that appears later is read from its
  // beginning.
  bool latest = false;
  engine::Position start = 0;
  bool enabled = true;
  bool deleting = false;  // to be finished by the next start, if not by this one
  Time last_modified;
  Settings settings;
};
using MappingRef = std::shared_ptr<const Mapping>;

inline constexpr uint8_t kMappingVersion = 1;
std::string EncodeMapping(const Mapping& mapping);
// False: the bytes are none.
bool DecodeMapping(Bytes payload, Mapping* mapping);

}  // namespace stator::triggers
