// The pages under /_stator/: health, metrics, and the controls that tests may use.
#pragma once

#include "catalog/catalog.h"
#include "dispatch/dispatcher.h"
#include "engine/engine.h"
#include "functions/functions.h"
#include "http/listener.h"
#include "runtime/async_queue.h"
#include "runtime/runner.h"
#include "server/pooling.h"
#include "server/telemetry.h"
#include "streams/streams.h"
#include "table/tables.h"
#include "triggers/triggers.h"

namespace stator::server {

// GET /_stator/health and GET /_stator/metrics; `more` are metrics of others. Borrows everything.
void AddStatusPages(dispatch::Dispatcher& dispatcher, const engine::Engine& engine,
                    const std::function<http::ListenerFigures()>& figures, const std::function<std::string()>& more);

// Prometheus' text of what runs functions, for `more`.
std::string RunnerFigures(const runtime::Runner& runner, const runtime::AsyncQueue& events);

// The same of expiry.
std::string ExpiryFigures(const table::ExpiryKeeper::Figures& figures);

// What tests may use, only with --test-controls; all of them POST. Borrows everything.
//   /_stator/reset              every mapping, table, stream, token, function, asynchronous event, user pool, log
//                               and figure goes, at once
//   /_stator/test/clock         {"advance_seconds": N}: Clock::Now goes ahead; what is due then is done when it
//   answers,
//                               but for the removal of expired items, which may be given more time until it comes
//   /_stator/test/expire        items whose time has passed are removed when it answers; indexes of tables where that
//                               was enabled just before are filled first
//   /_stator/test/roll-streams  every shard of every enabled stream is rolled over; its parents are closed when it
//                               answers
//   /_stator/test/conflicts     conflict_control.h
void AddTestControls(dispatch::Dispatcher& dispatcher, catalog::Catalog& catalog, table::Tables& tables,
                     streams::Streams& streams, functions::Functions& functions, runtime::AsyncQueue& events,
                     triggers::Triggers& triggers, Pooling& pooling, Telemetry& telemetry, WorkerPool& workers,
                     Clock& clock);

}  // namespace stator::server
