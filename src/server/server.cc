#include "server/server.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <thread>

#include "catalog/catalog.h"
#include "dispatch/dispatcher.h"
#include "engine/memory/memory_engine.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "functions/functions.h"
#include "http/listener.h"
#include "http/stop_listener.h"
#include "server/apply.h"
#include "server/aws_names.h"
#include "server/data_folder.h"
#include "server/pages.h"
#include "server/pooling.h"
#include "server/running.h"
#include "server/telemetry.h"
#include "server/triggering.h"
#include "services/autoscaling/service.h"
#include "services/dynamodb/service.h"
#include "services/lambda/mapping_ops.h"
#include "services/lambda/service.h"
#include "streams/streams.h"
#include "table/tables.h"

namespace stator::server {
namespace {

constexpr Duration kStopGrace{10'000'000};
constexpr Duration kInvocationGrace{5'000'000};
constexpr int kWorkers = 2;

Result<std::unique_ptr<engine::Engine>> OpenEngine(const Config& config, const Clock& clock) {
  if (config.data.empty()) return engine::NewMemoryEngine(clock);
  engine::RocksOptions options;
  options.path = config.data;
  options.beside = FoldersBesideDatabase();
  options.durability = config.relaxed ? engine::Durability::kRelaxed : engine::Durability::kStrict;
  options.cache_bytes = config.cache_bytes;
  std::error_code ignored;
  const bool made = !std::filesystem::exists(config.data, ignored);
  auto engine = engine::OpenRocksEngine(options, clock);
  // Keys of user pools lie in it. Who may enter a folder that was there is for others to say.
  if (made && engine.ok()) std::filesystem::permissions(config.data, std::filesystem::perms::owner_all, ignored);
  return engine;
}

http::ListenerOptions ListenerOptionsOf(const Config& config) {
  http::ListenerOptions options;
  options.hosts = config.hosts;
  options.port = config.port;
  options.limits = config.limits;
  options.certificate_file = config.certificate_file;
  options.key_file = config.key_file;
  return options;
}

}  // namespace

// In the order in which they start; they go in the other.
struct Server::Parts {
  Clock clock;
  std::unique_ptr<Lanes> lanes;  // before the engine, which posts to them until it is gone
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<catalog::Catalog> catalog;
  std::unique_ptr<streams::Streams> streams;
  std::unique_ptr<WorkerPool> workers;
  std::unique_ptr<Telemetry> telemetry;  // before the tables, which tell it what expires
  std::unique_ptr<table::Tables> tables;
  std::unique_ptr<functions::Functions> functions;
  std::unique_ptr<Pooling> pooling;
  services::lambda::Downloads downloads;
  dispatch::Registry registry;
  std::unique_ptr<dispatch::Dispatcher> dispatcher;
  std::unique_ptr<AwsNames> aws_names;
  std::unique_ptr<Running> running;
  std::unique_ptr<triggers::Triggers> triggers;
  std::unique_ptr<http::Listener> listener;

  Status OpenStore(const Config& config);
  Status OpenFunctions(const Config& config);
  Status OpenFront(const Config& config);
};

Status Server::Parts::OpenStore(const Config& config) {
  STATOR_TRY(engine, OpenEngine(config, clock));
  catalog::CatalogOptions options;
  options.account = config.account;
  options.state_delay = config.state_delay;
  STATOR_TRY(catalog, catalog::Catalog::Open(*engine, clock, options));
  const streams::StreamOptions stream_options{config.stream_shards, config.stream_shard_age, config.state_delay};
  STATOR_TRY(streams, streams::Streams::Open(*engine, *catalog, clock, stream_options));
  workers = std::make_unique<WorkerPool>(kWorkers);
  tables = std::make_unique<table::Tables>(*engine, *catalog, *streams, *workers);
  STATOR_TRY(telemetry, Telemetry::Open(*engine, clock, config));
  return {};
}

Status Server::Parts::OpenFunctions(const Config& config) {
  functions::Options options{config.data.empty() ? std::string() : config.data + "/" + kFunctionsFolder,
                             config.state_delay};
  STATOR_TRY(functions, functions::Functions::Open(*engine, clock, *workers, std::move(options)));
  STATOR_TRY(running, Running::Open(config, *engine, clock, *functions, telemetry->logs(), telemetry->metrics(),
                                    aws_names->surroundings()));
  services::lambda::RegisterAll(registry, {*functions, running->runner(), running->events(), downloads, clock});
  STATOR_TRY(triggers, OpenTriggers(config, *engine, *streams, *functions, *running, telemetry->metrics(), clock));
  services::lambda::RegisterMappingOps(registry, {*triggers, *functions, *streams});
  services::lambda::AddDownloadPage(*dispatcher, downloads, *functions, clock);
  return {};
}

Status Server::Parts::OpenFront(const Config& config) {
  const services::dynamodb::Items items{*catalog, *streams, *tables, *workers};
  services::dynamodb::RegisterAll(registry, items);
  services::autoscaling::RegisterAll(registry);
  telemetry->Register(registry, *workers);
  dispatch::DispatchOptions options{config.region, config.account, config.allowed_origins};
  dispatcher = std::make_unique<dispatch::Dispatcher>(registry, clock, std::move(options));
  AddStatusPages(
      *dispatcher, *engine, [this] { return listener->figures(); },
      [this] {
        return telemetry->Metrics() + RunnerFigures(running->runner(), running->events()) +
               ExpiryFigures(tables->expiry()->figures());
      });
  STATOR_TRY(aws_names, AwsNames::Open(config));
  STATOR_OK(OpenFunctions(config));
  STATOR_TRY(pooling, Pooling::Open(config, *engine, clock, *functions, running->runner()));
  pooling->Register(registry);
  pooling->AddPages(*dispatcher);
  if (config.test_controls) {
    AddTestControls(*dispatcher, *catalog, *tables, *streams, *functions, running->events(), *triggers, *pooling,
                    *telemetry, *workers, clock);
  }
  aws_names->AddPages(*dispatcher, config.test_controls);

  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  lanes = std::make_unique<Lanes>(config.lanes > 0 ? config.lanes : cores);
  STATOR_OK(tables->Start(lanes->at(0)));
  streams->Start(lanes->at(0));
  table::ExpiryOptions expiry{config.ttl_interval};
  expiry.on_removed = [this](const std::string& table, uint64_t count) {
    telemetry->metrics().Add(metrics::OfTable(table), metrics::Metric::kExpiredItems, static_cast<double>(count),
                             clock.Now());
  };
  tables->StartExpiry(clock, std::move(expiry));
  // The port is taken before the lanes run: who fails here has answered nobody.
  http::ListenerOptions listener_options = ListenerOptionsOf(config);
  listener_options.proxy = &aws_names->proxy();
  listener_options.workers = workers.get();
  STATOR_TRY(listener, http::Listener::Open(std::move(listener_options), *lanes, *dispatcher));
  pooling->SetIssuer(config, listener->port());
  STATOR_OK(aws_names->Begin(config, *listener, *lanes, *dispatcher, *workers));
  STATOR_OK(running->Start(lanes->at(0)));
  triggers->Start(*lanes);
  return {};
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() {
  if (!parts_ || !parts_->lanes) return;
  parts_->tables->StopExpiry();
  parts_->lanes->StopAndJoin();
}

Result<std::unique_ptr<Server>> Server::Start(const Config& config) {
  auto parts = std::make_unique<Parts>();
  STATOR_OK(parts->OpenStore(config));
  STATOR_OK(parts->OpenFront(config));
  Parts& p = *parts;
  auto server = std::unique_ptr<Server>(new Server(std::move(parts)));
  p.lanes->Start();
  if (!config.apply.empty()) STATOR_OK(ApplyTables(config.apply, config, p.registry, p.lanes->at(0), p.clock));
  return server;
}

int Server::port() const { return parts_->listener->port(); }

// Functions that streams call still find the API. Invocations may take a quarter of an hour: those that are not done
// soon are ended while who waits for them can be told.
Status Server::Stop() {
  parts_->triggers->Stop(kInvocationGrace);
  const std::future<void> answered = http::StopListener(*parts_->listener, kStopGrace);
  answered.wait_for(kInvocationGrace);
  parts_->running->Stop();
  answered.wait();
  parts_->aws_names->Stop(kStopGrace);
  parts_->streams->Stop();
  parts_->tables->StopExpiry();
  parts_->lanes->StopAndJoin();
  parts_->listener.reset();
  parts_->triggers.reset();
  parts_->running.reset();
  parts_->aws_names.reset();
  parts_->pooling.reset();
  parts_->functions.reset();
  Status status = parts_->tables->Stop();
  parts_->workers.reset();
  const Status kept = parts_->telemetry->Stop();
  return status.ok() ? kept : status;
}

}  // namespace stator::server
