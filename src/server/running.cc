#include "server/running.h"

#include "server/data_folder.h"

namespace stator::server {
namespace {

constexpr int kWorkers = 1;

runtime::Options OptionsOf(const Config& config) {
  runtime::Options options;
  options.processes = config.function_processes;
  options.memory_bytes = static_cast<int64_t>(config.function_memory_mb) << 20;
  options.idle_time = std::chrono::seconds(config.function_idle_seconds);
  options.isolate = config.function_isolation;
  options.data_folder = config.data;
  return options;
}

// What the function as a whole says of events for one of its qualifiers.
runtime::AsyncSettings SettingsOf(const functions::Functions& functions, const functions::Function& function,
                                  const std::string& qualifier) {
  runtime::AsyncSettings settings;
  settings.dead_letter = function.shown.dead_letter;
  const functions::EntryRef entry = functions.Find(function.name);
  if (!entry) return settings;
  const auto found = entry->event_invokes.find(qualifier.empty() ? "$LATEST" : qualifier);
  if (found == entry->event_invokes.end()) return settings;
  const functions::EventInvoke& given = found->second;
  settings.max_retries = given.max_retries.value_or(settings.max_retries);
  settings.max_age_seconds = given.max_age_seconds.value_or(settings.max_age_seconds);
  settings.on_success = given.on_success;
  settings.on_failure = given.on_failure;
  return settings;
}

}  // namespace

Result<std::unique_ptr<Running>> Running::Open(const Config& config, engine::Engine& engine, const Clock& clock,
                                               functions::Functions& functions, logs::LogSink& logs,
                                               metrics::MetricSink& metrics,
                                               const runtime::Surroundings& surroundings) {
  auto running = std::unique_ptr<Running>(new Running());
  running->surroundings_ = &surroundings;
  STATOR_TRY(running->runner_, runtime::Runner::Open(OptionsOf(config), clock, logs, metrics));
  running->workers_ = std::make_unique<WorkerPool>(kWorkers);
  const std::string folder =
      (config.data.empty() ? running->runner_->folder() : config.data) + "/" + kDestinationsFolder;
  running->destinations_ = std::make_unique<runtime::Destinations>(folder, *running->workers_, clock);
  const auto settings = [&functions](const functions::Function& function, const std::string& qualifier) {
    return SettingsOf(functions, function, qualifier);
  };
  running->events_ = std::make_unique<runtime::AsyncQueue>(runtime::AsyncQueue::Needs{
      engine, clock, *running->runner_, functions, *running->destinations_, metrics, settings});
  runtime::AsyncQueue* events = running->events_.get();
  running->destinations_->SetInvokeLater(
      [events](std::string function, std::string payload, std::string, Lane& lane) -> Task<Status> {
        runtime::AsyncEvent event;
        event.function = std::move(function);
        event.payload = std::move(payload);
        auto accept = events->Accept(std::move(event), lane);
        Status accepted = co_await accept;
        co_return accepted;
      });
  return running;
}

// The workers before what they work for.
Running::~Running() { workers_.reset(); }

Status Running::Start(Lane& lane) {
  runner_->SetSurroundings(*surroundings_);
  return events_->Start(lane);
}

void Running::Stop() {
  events_->Stop();
  runner_->Stop();
}

}  // namespace stator::server
