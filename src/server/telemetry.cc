#include "server/telemetry.h"

#include <algorithm>

#include "base/pause.h"
#include "services/cloudwatch/service.h"
#include "services/logs/service.h"

namespace stator::server {
namespace {

constexpr uint64_t kBytesInMemory = uint64_t{128} << 20;  // of logs that no disk holds

}  // namespace

Result<std::unique_ptr<Telemetry>> Telemetry::Open(engine::Engine& engine, const Clock& clock, const Config& config) {
  auto telemetry = std::make_unique<Telemetry>();
  logs::StoreOptions options;
  options.region = config.region;
  options.max_bytes = config.data.empty() ? std::min(config.log_bytes, kBytesInMemory) : config.log_bytes;
  options.retention_days = config.log_retention_days;
  STATOR_TRY(telemetry->logs_, logs::LogStore::Open(engine, clock, std::move(options)));
  STATOR_TRY(telemetry->metrics_, metrics::MetricStore::Open(engine, clock, {}));
  return telemetry;
}

void Telemetry::Register(dispatch::Registry& registry, WorkerPool& workers) {
  services::logs::RegisterAll(registry, {*logs_, workers});
  services::cloudwatch::RegisterAll(registry, {*metrics_, workers});
}

std::string Telemetry::Metrics() const { return logs_->Metrics() + metrics_->Metrics(); }

Task<Status> Telemetry::RemoveAll(WorkerPool& workers, Lane& lane) {
  const Status logs = co_await logs_->RemoveAll(lane);
  co_await ToWorker(workers);
  const Status figures = metrics_->RemoveAll();
  co_await ToLane(lane);
  co_return logs.ok() ? figures : logs;
}

Status Telemetry::Stop() {
  const Status logs = logs_->Stop();
  const Status figures = metrics_->Stop();
  return logs.ok() ? figures : logs;
}

}  // namespace stator::server
