// What event source mappings work with, and how they are set up.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "engine/engine.h"
#include "functions/function.h"
#include "metrics/metric_sink.h"
#include "runtime/invoker.h"
#include "streams/streams.h"
#include "triggers/filter_pattern.h"
#include "triggers/mapping.h"
#include "triggers/retry.h"

namespace stator::triggers {

// As runtime::Destinations::Deliver, which it is outside tests.
using Deliver = std::function<Task<Status>(std::string destination, std::string record, std::string request_id,
                                           std::string key, Lane& lane)>;

// All borrowed; they outlive whoever holds them.
struct Ports {
  engine::Engine& engine;
  streams::Streams& streams;
  const functions::Resolver& functions;
  runtime::Invoker& invoker;
  Deliver deliver;
  metrics::MetricSink& metrics;
  const Clock& clock;
};

struct Options {
  BackOff back_off;
  // At most one checkpoint of a shard in this time: a process that is killed delivers again what it did in it.
  Duration checkpoint_spacing{100'000};
  Duration state_delay{0};  // how long Creating, Updating, ... last
};

// What became of the last batch of a mapping (LastProcessingResult).
enum class LastResult : uint8_t { kNone, kOk, kProblem };
using LastResultRef = std::shared_ptr<std::atomic<LastResult>>;

// A mapping made ready to run.
struct Plan {
  MappingRef mapping;
  Filters filters;
  LastResultRef last_result;

  const Settings& settings() const { return mapping->settings; }
};
using PlanRef = std::shared_ptr<const Plan>;

}  // namespace stator::triggers
