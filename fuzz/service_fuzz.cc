// The whole API in one process, on the memory engine: whatever body an operation is sent, it answers JSON with a status
// the API knows, and what is stored stays sound. The first byte of the input chooses the operation.
#include "base/check.h"
#include "services/dynamodb/service_testing.h"
#include "table/check.h"
#include "table/check_stream.h"

namespace {

using namespace stator;  // NOLINT(google-build-using-namespace)

constexpr const char* kTables[] = {
    R"({"TableName":"abc","BillingMode":"PAY_PER_REQUEST","StreamSpecification":{"StreamEnabled":true,
        "StreamViewType":"NEW_AND_OLD_IMAGES"},"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
        {"AttributeName":"sk","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
        {"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"B"}],
        "GlobalSecondaryIndexes":[{"IndexName":"gsi","Projection":{"ProjectionType":"KEYS_ONLY"},
        "KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]}],
        "LocalSecondaryIndexes":[{"IndexName":"lsi","Projection":{"ProjectionType":"ALL"},
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"g","KeyType":"RANGE"}]}]})"};

class World {
 public:
  World() {
    for (const auto& [target, registered] : service_.registry().All()) targets_.push_back(target);
    Refill();
  }

  void Send(uint8_t choice, Bytes body) {
    const std::string reply = service_.Send(targets_[choice % targets_.size()], body);
    STATOR_CHECK(service_.status() == 200 || service_.status() == 400);
    STATOR_CHECK(reply.empty() || document_.Parse(reply).ok());
    if (++calls_ % 1024 == 0) CheckAll();
  }

 private:
  void CheckAll() {
    table::CheckReport report;
    for (const auto& table : service_.catalog().All()) {
      STATOR_CHECK(table::CheckTable(service_.engine(), *table, &report).ok());
    }
    for (const auto& stream : service_.streams().List(catalog::kSharedNamespace, {}, {}, SIZE_MAX)) {
      const auto table = stream->enabled ? service_.catalog().Find(stream->name_space, stream->table) : nullptr;
      STATOR_CHECK(table::CheckStream(service_.engine(), *stream, table.get(), &report).ok());
    }
    STATOR_CHECK(report.faults == 0);
    service_.Empty();  // streams grow
    Refill();
  }

  // The table most inputs speak of may have been deleted by one of them.
  void Refill() {
    for (const char* table : kTables) service_.Call("CreateTable", table);
  }

  services::dynamodb::TestService service_;
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
