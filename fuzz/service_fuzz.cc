// The whole API in one process, on the memory engine: whatever body an operation is sent, it answers JSON with a status
// the API knows, and what is stored stays sound. An input is a line of service.seeds, changed: the operation's name, a
// blank, the body. A name that is none stands for any operation. $STREAM, $SHARD, $ITERATOR and $TOKEN stand for what
// the last reply that named one called it.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "expression_world.h"
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

  void Send(Bytes input) {
    const size_t name_end = std::min(input.find(' '), input.size());
    std::string body(input.substr(std::min(name_end + 1, input.size())));
    for (const Named& named : named_) Replace(named, &body);
    const std::string reply = service_.Send(TargetOf(input.substr(0, name_end)), body);
    for (Named& named : named_) Remember(reply, &named);
    STATOR_CHECK(service_.status() == 200 || service_.status() == 400);
    STATOR_CHECK(reply.empty() || document_.Parse(reply).ok());
    if (++calls_ % 1024 == 0) CheckAll();
  }

 private:
  const std::string& TargetOf(Bytes name) const {
    size_t sum = 0;
    for (const char c : name) sum = sum * 31 + static_cast<uint8_t>(c);
    const auto found = std::find_if(targets_.begin(), targets_.end(), [&](const std::string& target) {
      return Bytes(target).substr(target.find('.') + 1) == name;
    });
    return found != targets_.end() ? *found : targets_[sum % targets_.size()];
  }

  // What replies name and requests must know.
  struct Named {
    Bytes word, member;
    std::string value;
  };

  static void Replace(const Named& named, std::string* body) {
    for (size_t at = body->find(named.word); at != std::string::npos; at = body->find(named.word, at)) {
      body->replace(at, named.word.size(), named.value);
      at += named.value.size();
    }
  }

  static void Remember(const std::string& reply, Named* named) {
    const size_t at = reply.find(named->member);
    if (at == std::string::npos) return;
    const size_t from = at + named->member.size();
    named->value = reply.substr(from, reply.find('"', from) - from);
  }

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
  std::vector<Named> named_ = {{"$STREAM", "StreamArn\":\"", ""},
                               {"$SHARD", "\"ShardId\":\"", ""},
                               {"$ITERATOR", "ShardIterator\":\"", ""},
                               {"$TOKEN", "NextToken\":\"", ""}};
  json::Document document_;
  uint64_t calls_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto* world = new World;  // lives as long as the process: its threads end with it
  world->Send(fuzz::Text(data, size));
  return 0;
}
