// What CreateTable and UpdateTable refuse, and in which words. Requests are written as changes to one that is accepted.
#include <gtest/gtest.h>

#include <map>

#include "catalog/create_schema.h"
#include "catalog/update_schema.h"

namespace stator::catalog {
namespace {

const Origin kOrigin{"eu-west-1", "000000000000", Time{1'795'000'000'000'000}};
const std::string kInvalid = "One or more parameter values were invalid: ";

using Members = std::map<std::string, std::string>;  // JSON by member name; empty: left out

std::string Join(const Members& members) {
  std::string json = "{";
  for (const auto& [name, value] : members) {
    if (!value.empty()) json.append(json.size() > 1 ? ",\"" : "\"").append(name).append("\":").append(value);
  }
  return json + "}";
}

std::string Attributes(const std::string& names) {
  std::string json;
  for (const char c : names) {
    json += std::string(json.empty() ? "" : ",") + R"({"AttributeName":")" + c + R"(","AttributeType":"S"})";
  }
  return "[" + json + "]";
}

// "aH bR": attribute and kind.
std::string Key(const std::string& elements) {
  std::string json;
  for (size_t i = 0; i + 1 < elements.size(); i += 3) {
    json += std::string(json.empty() ? "" : ",") + R"({"AttributeName":")" + elements[i] + R"(","KeyType":")" +
            (elements[i + 1] == 'H' ? "HASH" : "RANGE") + "\"}";
  }
  return "[" + json + "]";
}

std::string Units(int64_t read, int64_t write) {
  return R"({"ReadCapacityUnits":)" + std::to_string(read) + R"(,"WriteCapacityUnits":)" + std::to_string(write) + "}";
}

const std::string kAll = R"({"ProjectionType":"ALL"})";

std::string Index(const std::string& name, const std::string& key, const std::string& projection = kAll,
                  const std::string& units = "") {
  return Join({{"IndexName", "\"" + name + "\""},
               {"KeySchema", Key(key)},
               {"Projection", projection},
               {"ProvisionedThroughput", units}});
}

std::string Include(int names) {
  std::string json;
  for (int i = 0; i < names; ++i) json += std::string(json.empty() ? "" : ",") + "\"n" + std::to_string(i) + "\"";
  return R"({"ProjectionType":"INCLUDE","NonKeyAttributes":[)" + json + "]}";
}

Members Base() {
  return {{"TableName", "\"abc\""},
          {"AttributeDefinitions", Attributes("ab")},
          {"KeySchema", Key("aH bR")},
          {"BillingMode", "\"PAY_PER_REQUEST\""}};
}

Result<TableSchema> Make(const Members& changes) {
  Members members = Base();
  for (const auto& [name, value] : changes) members[name] = value;
  json::Document document;
  return SchemaOfCreate(*document.Parse(Join(members)), kOrigin);
}

std::string Create(const Members& changes) {
  const Result<TableSchema> schema = Make(changes);
  return schema.ok() ? "" : schema.error().text;
}

std::string Update(const TableSchema& table, const Members& members) {
  json::Document document;
  const json::Value request = *document.Parse(Join(members));
  const Status checked = CheckUpdate(request);
  if (!checked.ok()) return checked.error().text;
  const Result<TableSchema> next = SchemaOfUpdate(table, request, kOrigin);
  return next.ok() ? "" : next.error().text;
}

struct Case {
  Members changes;
  std::string text;
};

const char* const kPolicy =
    R"("{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}}")";

TEST(CreateTable, Accepts) {
  for (const Members& changes : {
           Members{},
           Members{{"AttributeDefinitions", Attributes("a")}, {"KeySchema", Key("aH")}},
           Members{{"BillingMode", ""}, {"ProvisionedThroughput", Units(1, 1)}},
           Members{{"TableName", "\"arn:aws:dynamodb:eu-west-1:000000000000:table/abc\""}},
           Members{{"LocalSecondaryIndexes", "[" + Index("loc", "aH bR") + "]"}},
           Members{{"GlobalSecondaryIndexes", "[" + Index("glo", "bH aH") + "]"}},
           Members{{"AttributeDefinitions", Attributes("abcdefgh")},
                   {"GlobalSecondaryIndexes", "[" + Index("glo", "aH bH cH dH eR fR gR hR") + "]"}},
           Members{{"GlobalSecondaryIndexes", "[" + Index("glo", "bH", Include(20)) + "]"}},
           Members{{"StreamSpecification", R"({"StreamEnabled":false})"}},
           Members{{"SSESpecification", R"({"Enabled":false})"}},
           Members{{"Tags", "[]"}, {"ResourcePolicy", kPolicy}},
           Members{{"OnDemandThroughput", R"({"MaxReadRequestUnits":-1,"MaxWriteRequestUnits":1})"}},
       }) {
    EXPECT_EQ(Create(changes), "") << Join(changes);
  }
}

TEST(CreateTable, Keys) {
  const std::string null = "1 validation error detected: Value null at '";
  const Case cases[] = {
      {{{"AttributeDefinitions", ""}},
       null + "AttributeDefinitions' failed to satisfy constraint: Member must not be null"},
      {{{"KeySchema", ""}}, null + "KeySchema' failed to satisfy constraint: Member must not be null"},
      {{{"AttributeDefinitions", "[]"}}, "Invalid KeySchema: Some index key attribute have no definition"},
      {{{"KeySchema", Key("aH cR")}},
       kInvalid + "Some index key attributes are not defined in AttributeDefinitions. Keys: [a, c], "
                  "AttributeDefinitions: [a, b]"},
      {{{"KeySchema", Key("aH aR")}},
       "Both the Hash Key and the Range Key element in the KeySchema have the same name"},
      {{{"KeySchema", Key("aR bH")}}, "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
      {{{"KeySchema", Key("aH bH")}}, "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"},
      {{{"AttributeDefinitions", Attributes("abc")}, {"KeySchema", Key("aH bR cR")}},
       "1 validation error detected: Value at 'KeySchema' failed to satisfy constraint: Member must have length less "
       "than "
       "or equal to 2"},
      {{{"KeySchema", Key("aH")}},
       kInvalid + "Number of attributes in KeySchema does not exactly match number of attributes defined in "
                  "AttributeDefinitions"},
      {{{"AttributeDefinitions", Attributes("abc")}, {"GlobalSecondaryIndexes", "[" + Index("glo", "bH") + "]"}},
       kInvalid + "Some AttributeDefinitions are not used. AttributeDefinitions: [a, b, c], keys used: [a, b]"},
      {{{"AttributeDefinitions", Attributes("aba")}, {"GlobalSecondaryIndexes", "[" + Index("glo", "bH") + "]"}},
       kInvalid + "Conflicting attribute definition for 'a'"},
  };
  for (const Case& c : cases) EXPECT_EQ(Create(c.changes), c.text) << Join(c.changes);
}

TEST(CreateTable, Throughput) {
  const Case cases[] = {
      {{{"ProvisionedThroughput", Units(1, 1)}},
       kInvalid +
           "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
      {{{"BillingMode", ""}},
       kInvalid + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"},
      {{{"BillingMode", ""}, {"ProvisionedThroughput", Units(1'000'000'000'001, 1)}},
       "Given value 1000000000001 for ReadCapacityUnits is out of bounds"},
      {{{"OnDemandThroughput", R"({"MaxReadRequestUnits":0})"}},
       kInvalid + "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range"},
      {{{"BillingMode", ""},
        {"ProvisionedThroughput", Units(1, 1)},
        {"OnDemandThroughput", R"({"MaxWriteRequestUnits":5})"}},
       kInvalid +
           "MaxWriteRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED."},
      {{{"BillingMode", ""},
        {"ProvisionedThroughput", Units(1, 1)},
        {"GlobalSecondaryIndexes", "[" + Index("glo", "bH") + "]"}},
       kInvalid + "ProvisionedThroughput must be specified for index: glo"},
      {{{"GlobalSecondaryIndexes", "[" + Index("glo", "bH", kAll, Units(1, 1)) + "]"}},
       kInvalid + "ProvisionedThroughput should not be specified for index: glo when BillingMode is PAY_PER_REQUEST"},
  };
  for (const Case& c : cases) EXPECT_EQ(Create(c.changes), c.text) << Join(c.changes);
}

TEST(CreateTable, LocalIndexes) {
  const auto local = [](const std::string& list) { return Members{{"LocalSecondaryIndexes", "[" + list + "]"}}; };
  std::string six;
  for (int i = 0; i < 6; ++i) six += (i ? "," : "") + Index("loc" + std::to_string(i), "aH bR");
  const Case cases[] = {
      {local(""), kInvalid + "List of LocalSecondaryIndexes is empty"},
      {local(Index("loc", "aH")), kInvalid + "Index KeySchema does not have a range key for index: loc"},
      {local(Index("loc", "bH aR")),
       kInvalid +
           "Index KeySchema does not have the same leading hash key as table KeySchema for index: loc. index hash "
           "key: b, table hash key: a"},
      {{{"AttributeDefinitions", Attributes("a")},
        {"KeySchema", Key("aH")},
        {"LocalSecondaryIndexes", "[" + Index("loc", "aH") + "]"}},
       kInvalid + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"},
      {local(Index("loc", "aH bR") + "," + Index("loc", "aH bR")), kInvalid + "Duplicate index name: loc"},
      {local(six), kInvalid + "Number of LocalSecondaryIndexes exceeds per-table limit of 5"},
  };
  for (const Case& c : cases) EXPECT_EQ(Create(c.changes), c.text) << Join(c.changes);
}

TEST(CreateTable, GlobalIndexes) {
  const auto global = [](const std::string& list) { return Members{{"GlobalSecondaryIndexes", "[" + list + "]"}}; };
  std::string many;
  std::string wide;
  for (int i = 0; i < 21; ++i) many += (i ? "," : "") + Index("glo" + std::to_string(i), "bH");
  for (int i = 0; i < 6; ++i) wide += (i ? "," : "") + Index("glo" + std::to_string(i), "bH", Include(i ? 20 : 1));
  const Case cases[] = {
      {global(""), kInvalid + "List of GlobalSecondaryIndexes is empty"},
      {global(Index("glo", "cH")), kInvalid + "Some index key attributes are not defined in AttributeDefinitions. "
                                              "Keys: [c], AttributeDefinitions: [a, b]"},
      {global(Index("glo", "bR")), "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
      {global(Index("glo", "bH bR")),
       "Both the Hash Key and the Range Key element in the KeySchema have the same name"},
      {{{"AttributeDefinitions", Attributes("abc")}, {"GlobalSecondaryIndexes", "[" + Index("glo", "aH bR cH") + "]"}},
       "Invalid KeySchema: All HASH key elements must precede all RANGE key elements"},
      {{{"AttributeDefinitions", Attributes("abcde")},
        {"GlobalSecondaryIndexes", "[" + Index("glo", "aH bH cH dH eH") + "]"}},
       "Invalid KeySchema: The number of HASH key elements exceeds the limit of 4"},
      {global(Index("glo", "bH", "{}")), kInvalid + "Unknown ProjectionType: null"},
      {global(Index("glo", "bH", R"({"ProjectionType":"INCLUDE"})")),
       kInvalid + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"},
      {global(Index("glo", "bH", R"({"ProjectionType":"KEYS_ONLY","NonKeyAttributes":["x"]})")),
       kInvalid + "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"},
      {global(Index("glo", "bH") + "," + Index("glo", "aH")), kInvalid + "Duplicate index name: glo"},
      {global(many), kInvalid + "GlobalSecondaryIndex count exceeds the per-table limit of 20"},
      {global(wide),
       kInvalid + "Number of projected NonKeyAttributes over all indexes exceeds the per-table limit of 100"},
  };
  for (const Case& c : cases) EXPECT_EQ(Create(c.changes), c.text) << Join(c.changes);
}

TEST(CreateTable, Settings) {
  const Case cases[] = {
      {{{"StreamSpecification", R"({"StreamEnabled":true})"}},
       kInvalid + "StreamViewType must be specified when StreamEnabled is true"},
      {{{"StreamSpecification", R"({"StreamEnabled":false,"StreamViewType":"NEW_IMAGE"})"}},
       kInvalid + "Table is being created with a stream disabled, UpdateViewType should not be specified"},
      {{{"SSESpecification", R"({"Enabled":true,"SSEType":"AES256"})"}}, kInvalid + "SSEType AES256 is not supported"},
      {{{"VectorIndexes", "[]"}}, kInvalid + "List of VectorIndexes is empty"},
      {{{"GlobalTableSourceArn", "\"arn\""}}, kInvalid + "GlobalTableSourceArn is not supported in this region"},
  };
  for (const Case& c : cases) EXPECT_EQ(Create(c.changes), c.text) << Join(c.changes);
}

TEST(UpdateTable, WithoutTheTable) {
  const TableSchema table = *Make({});
  const auto updates = [](const std::string& list) { return Members{{"GlobalSecondaryIndexUpdates", list}}; };
  const std::string remove = R"({"Delete":{"IndexName":"glo"}})";
  const Case cases[] = {
      {{},
       "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
       "SSESpecification or ReplicaUpdates is required"},
      {{{"BillingMode", "\"PROVISIONED\""}},
       kInvalid + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"},
      {{{"BillingMode", "\"PAY_PER_REQUEST\""}, {"ProvisionedThroughput", Units(1, 1)}},
       kInvalid +
           "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
      {updates("[{}]"), kInvalid + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                                   "GlobalSecondaryIndexUpdate.Delete must not be null"},
      {updates("[" + remove + "," + remove + "]"),
       kInvalid + "Only one global secondary index update per index is allowed simultaneously. Index: glo"},
      {{{"ReplicaUpdates", "[]"}}, kInvalid + "ReplicaUpdates is not supported in this region"},
      {{{"ReplicaUpdates", R"([{"Create":{"RegionName":"r"}}])"}},
       kInvalid + "ReplicaUpdates is not supported in this region"},
      {{{"ReplicaUpdates", R"([{"Delete":{"RegionName":"r"}}])"}},
       "Replica specified in the Replica Update or Replica Delete action of the request was not found"},
  };
  for (const Case& c : cases) EXPECT_EQ(Update(table, c.changes), c.text) << Join(c.changes);
}

TEST(UpdateTable, AgainstTheTable) {
  const TableSchema table = *Make({{"GlobalSecondaryIndexes", "[" + Index("glo", "bH", kAll, Units(2, 3)) + "]"},
                                   {"BillingMode", ""},
                                   {"ProvisionedThroughput", Units(5, 6)}});
  const auto update = [](const std::string& what) {
    return Members{{"GlobalSecondaryIndexUpdates", "[" + what + "]"}};
  };
  const Case cases[] = {
      {{{"ProvisionedThroughput", Units(5, 6)}},
       "The provisioned throughput for the table will not change. The requested value equals the current value. "
       "Current "
       "ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits "
       "provisioned for the table: 6. Requested WriteCapacityUnits: 6. Refer to the Amazon DynamoDB Developer Guide "
       "for "
       "current limits and how to request higher limits."},
      {update(R"({"Create":)" + Index("glo", "bH", kAll, Units(1, 1)) + "}"), kInvalid + "Index already exists: glo"},
      {update(R"({"Create":)" + Index("new", "cH", kAll, Units(1, 1)) + "}"),
       kInvalid +
           "Some index key attributes are not defined in AttributeDefinitions. Keys: [c], AttributeDefinitions: []"},
      {update(R"({"Create":)" + Index("new", "aH", kAll) + "}"),
       kInvalid + "ProvisionedThroughput must be specified for index: new"},
      {update(R"({"Delete":{"IndexName":"nope"}})"), "Requested resource not found"},
      {update(R"({"Update":{"IndexName":"nope","ProvisionedThroughput":)" + Units(1, 1) + "}}"),
       "This operation cannot be performed with given input values. Please contact DynamoDB service team for more "
       "info: "
       "Action Blocked: IndexUpdate"},
      {update(R"({"Update":{"IndexName":"glo"}})"),
       "1 validation error detected: Value null at 'GlobalSecondaryIndexUpdates.1.member.Update.ProvisionedThroughput' "
       "failed to satisfy constraint: Member must not be null"},
      {update(R"({"Create":)" + Index("one", "aH", kAll, Units(1, 1)) + R"(},{"Create":)" +
              Index("two", "aH", kAll, Units(1, 1)) + "}"),
       "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"},
      {{{"StreamSpecification", R"({"StreamEnabled":false})"}},
       kInvalid + "Table does not have an enabled stream: TableName: abc"},
      {{{"OnDemandThroughput", R"({"MaxReadRequestUnits":5})"}},
       kInvalid +
           "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED"},
  };
  for (const Case& c : cases) EXPECT_EQ(Update(table, c.changes), c.text) << Join(c.changes);
}

}  // namespace
}  // namespace stator::catalog
