// The whole API in one process, on the memory engine: whatever body an operation is sent, it answers JSON with a status
// the API knows, and what is stored stays sound. The first byte of the input chooses the operation.
#include <future>

#include "base/check.h"
#include "catalog/catalog.h"
#include "dispatch/dispatcher.h"
#include "engine/memory/memory_engine.h"
#include "services/dynamodb/service.h"
#include "table/check.h"
#include "table/tables.h"

namespace {

using namespace stator;  // NOLINT(google-build-using-namespace)

constexpr const char* kTables[] = {
    R"({"TableName":"abc","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
        {"AttributeName":"sk","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
        {"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"B"}],
        "GlobalSecondaryIndexes":[{"IndexName":"gsi","Projection":{"ProjectionType":"KEYS_ONLY"},
        "KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]}],
        "LocalSecondaryIndexes":[{"IndexName":"lsi","Projection":{"ProjectionType":"ALL"},
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"g","KeyType":"RANGE"}]}]})"};

class World {
 public:
  World() {
    services::dynamodb::RegisterAll(registry_, {*catalog_, tables_, workers_});
    for (const auto& [target, registered] : registry_.All()) targets_.push_back(target);
    lanes_.Start();
    Refill();
  }

  void Send(uint8_t choice, Bytes body) {
    const http::Reply reply = Call(targets_[choice % targets_.size()], body);
    STATOR_CHECK(reply.status == 200 || reply.status == 400);
    STATOR_CHECK(reply.body.empty() || document_.Parse(reply.body).ok());
    if (++calls_ % 1024 == 0) CheckAll();
  }

 private:
  http::Reply Call(Bytes target, Bytes body) {
    http::Request request;
    request.head.method = "POST";
    request.head.path = "/";
    request.head.headers = {{"content-type", "application/x-amz-json-1.0"}, {"x-amz-target", target}};
    request.body = body;
    std::promise<http::Reply> promise;
    auto future = promise.get_future();
    Lane& lane = lanes_.at(0);
    lane.Post([&] {
      Start(dispatcher_.Handle(request, lane), [&](http::Reply reply) { promise.set_value(std::move(reply)); });
    });
    return future.get();
  }

  void CheckAll() {
    table::CheckReport report;
    for (const auto& table : catalog_->All()) {
      STATOR_CHECK(table::CheckTable(*engine_, *table, &report).ok());
    }
    STATOR_CHECK(report.faults == 0);
    Refill();
  }

  // The table most inputs speak of may have been deleted by one of them.
  void Refill() {
    for (const char* table : kTables) Call("DynamoDB_20120810.CreateTable", table);
  }

  Clock clock_;
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
  std::unique_ptr<catalog::Catalog> catalog_ = std::move(catalog::Catalog::Open(*engine_, clock_, {})).value();
  WorkerPool workers_{1};
  table::Tables tables_{*engine_, *catalog_, workers_};
  dispatch::Registry registry_;
  dispatch::Dispatcher dispatcher_{registry_, clock_, {}};
  Lanes lanes_{1};
  std::vector<std::string> targets_;
  json::Document document_;
  uint64_t calls_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto* world = new World;  // lives as long as the process: its threads end with it
  if (size == 0) return 0;
  world->Send(data[0], Bytes(reinterpret_cast<const char*>(data) + 1, size - 1));
  return 0;
}
