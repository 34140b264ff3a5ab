// The whole service in a process of its own, on the memory engine: one line a call.
#pragma once

#include <memory>
#include <string>

#include "base/run_on.h"
#include "catalog/catalog.h"
#include "dispatch/dispatcher.h"
#include "engine/memory/memory_engine.h"
#include "services/dynamodb/service.h"
#include "table/tables.h"

namespace stator::services::dynamodb {

class TestService {
 public:
  TestService() {
    const auto started = tables_.Start(lanes_.at(0));
    STATOR_CHECK(started.ok());
    RegisterAll(registry_, {*catalog_, *streams_, tables_, workers_});
    dispatcher_ = std::make_unique<dispatch::Dispatcher>(registry_, clock_, dispatch::DispatchOptions{});
    lanes_.Start();
  }
  ~TestService() { lanes_.StopAndJoin(); }

  // The reply's body; status() has its status.
  std::string Call(const std::string& operation, Bytes body) {
    return Send(std::string(kTargetPrefix) + "." + operation, body);
  }
  // The same of any service's operation.
  std::string Send(const std::string& target, Bytes body) {
    http::Request request;
    request.head.method = "POST";
    request.head.path = "/";
    request.head.headers = {{"content-type", "application/x-amz-json-1.0"}, {"x-amz-target", target}};
    request.body = body;
    const http::Reply reply = RunOn(lanes_.at(0), [&](Lane& lane) { return dispatcher_->Handle(request, lane); });
    status_ = reply.status;
    return reply.body;
  }
  int status() const { return status_; }
  // Every table and stream goes.
  void Empty() {
    STATOR_CHECK(RunOn(lanes_.at(0), [&](Lane& lane) { return catalog_->RemoveAll(lane); }).ok());
  }
  engine::Engine& engine() { return *engine_; }
  catalog::Catalog& catalog() { return *catalog_; }
  const streams::Streams& streams() const { return *streams_; }
  const dispatch::Registry& registry() const { return registry_; }

 private:
  Clock clock_;
  Lanes lanes_{1};  // outlives the workers and the engine, who wake it
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
  std::unique_ptr<catalog::Catalog> catalog_ = std::move(catalog::Catalog::Open(*engine_, clock_, {})).value();
  WorkerPool workers_{1};
  std::unique_ptr<streams::Streams> streams_ =
      std::move(streams::Streams::Open(*engine_, *catalog_, clock_, {})).value();
  table::Tables tables_{*engine_, *catalog_, *streams_, workers_};
  dispatch::Registry registry_;
  std::unique_ptr<dispatch::Dispatcher> dispatcher_;
  int status_ = 0;
};

}  // namespace stator::services::dynamodb
