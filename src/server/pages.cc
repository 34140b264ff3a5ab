#include "server/pages.h"

#include "dispatch/error_reply.h"
#include "errors/server.h"
#include "json/lenient.h"
#include "server/conflict_control.h"
#include "server/version.h"

namespace stator::server {
namespace {

constexpr int64_t kMostSeconds = 10LL * 366 * 86400;  // of one step of the clock

http::Reply Text(std::string content_type, std::string body) {
  http::Reply reply;
  reply.content_type = std::move(content_type);
  reply.body = std::move(body);
  return reply;
}

void AppendFigure(std::string* out, Bytes name, Bytes type, Bytes help, uint64_t value) {
  out->append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ");
  out->append(type).append("\n").append(name).append(" ").append(std::to_string(value)).append("\n");
}

std::string EngineFigures(const engine::Engine& engine) {
  const engine::Engine::Statistics s = engine.statistics();
  std::string out;
  AppendFigure(&out, "stator_commits_total", "counter", "Commits acknowledged.", s.commits);
  AppendFigure(&out, "stator_conflicts_total", "counter", "Commits refused because a guard failed.", s.conflicts);
  AppendFigure(&out, "stator_syncs_total", "counter", "Syncs of the log device.", s.syncs);
  AppendFigure(&out, "stator_queued_bytes", "gauge", "Commits that wait for the device, in bytes.", s.queued_bytes);
  AppendFigure(&out, "stator_disk_bytes", "gauge", "Size of the data folder, estimated.", s.disk_bytes);
  AppendFigure(&out, "stator_memory_bytes", "gauge", "Caches and write buffers, estimated.", s.memory_bytes);
  return out;
}

std::string ConnectionFigures(const http::ListenerFigures& f) {
  std::string out;
  AppendFigure(&out, "stator_connections", "gauge", "Connections now.", f.connections);
  AppendFigure(&out, "stator_connections_accepted_total", "counter", "Connections accepted.", f.accepted);
  AppendFigure(&out, "stator_http_requests_total", "counter", "Requests read.", f.requests);
  AppendFigure(&out, "stator_http_refused_total", "counter", "Requests refused before they were understood.",
               f.refused);
  AppendFigure(&out, "stator_buffered_bytes", "gauge", "Request bodies in memory.", f.buffered_bytes);
  return out;
}

http::Reply DoneReply(const Status& status) {
  return status.ok() ? Text("application/json", "{}\n") : dispatch::ErrorReply(status.error(), nullptr);
}

// {"advance_seconds": N}, N not negative: the time of commits never goes back.
Result<Duration> ReadStep(Bytes body) {
  json::Document document;
  const auto request = document.Parse(body);
  if (!request.ok()) return request.error();
  const json::Value seconds = request->is_object() ? request->Find("advance_seconds") : json::Value();
  const int64_t step = seconds.valid() && seconds.is_number() ? json::WholeNumber(seconds) : -1;
  if (step < 0 || step > kMostSeconds) return Fail(errors::kClockStep, kMostSeconds);
  return Duration(std::chrono::seconds(step));
}

}  // namespace

void AddStatusPages(dispatch::Dispatcher& dispatcher, const engine::Engine& engine,
                    const std::function<http::ListenerFigures()>& figures, const std::function<std::string()>& more) {
  dispatcher.AddPage("GET", "/_stator/health", [](const http::Request&, Lane&) -> Task<http::Reply> {
    co_return Text("application/json", std::string(R"({"status":"ok","version":")") + kVersion + "\"}\n");
  });
  dispatcher.AddPage("GET", "/_stator/metrics",
                     [&dispatcher, &engine, figures, more](const http::Request&, Lane&) -> Task<http::Reply> {
                       std::string all = dispatcher.Metrics() + EngineFigures(engine);
                       all += ConnectionFigures(figures()) + more();
                       co_return Text("text/plain; version=0.0.4", std::move(all));
                     });
}

std::string RunnerFigures(const runtime::Runner& runner, const runtime::AsyncQueue& events) {
  const runtime::Environments::Figures f = runner.figures();
  std::string out;
  AppendFigure(&out, "stator_environments", "gauge", "Environments of functions.",
               static_cast<uint64_t>(f.environments));
  AppendFigure(&out, "stator_environments_busy", "gauge", "Environments with an invocation under way.",
               static_cast<uint64_t>(f.busy));
  AppendFigure(&out, "stator_invocations_waiting", "gauge", "Invocations that wait for an environment.",
               static_cast<uint64_t>(f.waiting));
  AppendFigure(&out, "stator_environments_memory_bytes", "gauge", "Memory of functions' processes, when last measured.",
               static_cast<uint64_t>(f.memory));
  AppendFigure(&out, "stator_async_events", "gauge", "Asynchronous events that wait or run.", events.size());
  return out;
}

std::string ExpiryFigures(const table::ExpiryKeeper::Figures& figures) {
  std::string out;
  AppendFigure(&out, "stator_expired_items_total", "counter", "Items removed because their time to live had passed.",
               figures.removed);
  AppendFigure(&out, "stator_expired_items_kept_total", "counter",
               "Items found expired that were changed before their removal.", figures.kept);
  return out;
}

void AddTestControls(dispatch::Dispatcher& dispatcher, catalog::Catalog& catalog, table::Tables& tables,
                     streams::Streams& streams, functions::Functions& functions, runtime::AsyncQueue& events,
                     triggers::Triggers& triggers, Pooling& pooling, Telemetry& telemetry, WorkerPool& workers,
                     Clock& clock) {
  const auto reset = [&](const http::Request&, Lane& lane) -> Task<http::Reply> {
    Status status = co_await triggers.RemoveAll(lane);
    if (status.ok()) status = co_await catalog.RemoveAll(lane);
    tables.mutator().conflicts().Clear();
    if (status.ok()) status = co_await tables.tokens().Remove(Time{INT64_MAX}, lane);
    if (status.ok()) status = co_await functions.RemoveAll(lane);
    if (status.ok()) status = co_await events.RemoveAll(lane);
    if (status.ok()) status = co_await pooling.RemoveAll(lane);
    if (status.ok()) status = co_await telemetry.RemoveAll(workers, lane);
    co_return DoneReply(status);
  };
  dispatcher.AddPage("POST", "/_stator/reset", reset);
  AddConflictControl(dispatcher, catalog, tables);
  dispatcher.AddPage("POST", "/_stator/test/clock",
                     [&streams, &clock](const http::Request& request, Lane& lane) -> Task<http::Reply> {
                       const Result<Duration> step = ReadStep(request.body);
                       if (!step.ok()) co_return dispatch::ErrorReply(step.error(), nullptr);
                       clock.Step(*step);
                       const Status status = co_await streams.Tick(lane);
                       co_return DoneReply(status);
                     });
  dispatcher.AddPage("POST", "/_stator/test/expire", [&tables](const http::Request&, Lane& lane) -> Task<http::Reply> {
    const Status status = co_await tables.expiry()->RemoveDue(lane);
    co_return DoneReply(status);
  });
  dispatcher.AddPage("POST", "/_stator/test/roll-streams",
                     [&streams](const http::Request&, Lane& lane) -> Task<http::Reply> {
                       const Status status = co_await streams.RollAll(lane);
                       co_return DoneReply(status);
                     });
}

}  // namespace stator::server
