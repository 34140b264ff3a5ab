// Event source mappings, put together with what they read and call.
#pragma once

#include <memory>

#include "functions/functions.h"
#include "server/config.h"
#include "server/running.h"
#include "streams/streams.h"
#include "triggers/triggers.h"

namespace stator::server {

// Reads the mappings of the store. Blocks; borrows everything.
Result<std::unique_ptr<triggers::Triggers>> OpenTriggers(const Config& config, engine::Engine& engine,
                                                         streams::Streams& streams,
                                                         const functions::Functions& functions, Running& running,
                                                         metrics::MetricSink& metrics, const Clock& clock);

}  // namespace stator::server
