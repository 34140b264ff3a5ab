#include <gmock/gmock.h>

#include "services/dynamodb/service_testing.h"

namespace stator::services::dynamodb {
namespace {

using ::testing::HasSubstr;

constexpr char kTable[] = R"({"TableName":"music","BillingMode":"PAY_PER_REQUEST",
  "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},
                          {"AttributeName":"g","AttributeType":"S"}],
  "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
  "GlobalSecondaryIndexes":[{"IndexName":"by-g","Projection":{"ProjectionType":"KEYS_ONLY"},
    "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}]})";

class ItemOpsTest : public ::testing::Test {
 protected:
  void SetUp() override { service_.Call("CreateTable", kTable); }
  std::string Call(const std::string& operation, const std::string& body) { return service_.Call(operation, body); }
  void PutNumbers(int count) {
    for (int i = 0; i < count; ++i) {
      Call("PutItem",
           R"({"TableName":"music","Item":{"pk":{"S":"a"},"sk":{"N":")" + std::to_string(i) + R"("},"g":{"S":"x"}}})");
      ASSERT_EQ(service_.status(), 200);
    }
  }
  TestService service_;
};

TEST_F(ItemOpsTest, PutThenGet) {
  EXPECT_EQ(Call("PutItem", R"({"TableName":"music","Item":{"pk":{"S":"a"},"sk":{"N":"1.0"},"b":{"BOOL":true}}})"),
            "{}");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"music","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}})"),
            R"({"Item":{"b":{"BOOL":true},"pk":{"S":"a"},"sk":{"N":"1"}}})");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"music","Key":{"pk":{"S":"b"},"sk":{"N":"1"}}})"), "{}");
}

TEST_F(ItemOpsTest, ConditionFailureCarriesTheItemWhenAsked) {
  PutNumbers(1);
  const std::string put = R"json({"TableName":"music","Item":{"pk":{"S":"a"},"sk":{"N":"0"}},
    "ConditionExpression":"attribute_not_exists(pk)","ReturnValuesOnConditionCheckFailure":"ALL_OLD"})json";
  const std::string reply = Call("PutItem", put);
  EXPECT_EQ(service_.status(), 400);
  EXPECT_EQ(reply, R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
                   R"("message":"The conditional request failed",)"
                   R"("Item":{"g":{"S":"x"},"pk":{"S":"a"},"sk":{"N":"0"}}})");
}

TEST_F(ItemOpsTest, UpdateCountsAndReturns) {
  const std::string update = R"({"TableName":"music","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},
    "UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}},"ReturnValues":"UPDATED_NEW"})";
  EXPECT_EQ(Call("UpdateItem", update), R"({"Attributes":{"n":{"N":"1"}}})");
  EXPECT_EQ(Call("UpdateItem", update), R"({"Attributes":{"n":{"N":"2"}}})");
}

TEST_F(ItemOpsTest, DeleteReturnsWhatWasThere) {
  PutNumbers(1);
  const std::string erase = R"({"TableName":"music","Key":{"pk":{"S":"a"},"sk":{"N":"0"}},"ReturnValues":"ALL_OLD"})";
  EXPECT_EQ(Call("DeleteItem", erase), R"({"Attributes":{"g":{"S":"x"},"pk":{"S":"a"},"sk":{"N":"0"}}})");
  EXPECT_EQ(Call("DeleteItem", erase), "{}");
}

TEST_F(ItemOpsTest, QueryPagesInBothDirections) {
  PutNumbers(5);
  const std::string query = R"({"TableName":"music","KeyConditionExpression":"pk = :a AND sk > :n","Limit":2,
    "ExpressionAttributeValues":{":a":{"S":"a"},":n":{"N":"0"}},"ProjectionExpression":"sk")";
  EXPECT_EQ(Call("Query", query + "}"), R"({"Items":[{"sk":{"N":"1"}},{"sk":{"N":"2"}}],"Count":2,"ScannedCount":2,)"
                                        R"("LastEvaluatedKey":{"pk":{"S":"a"},"sk":{"N":"2"}}})");
  EXPECT_EQ(Call("Query", query + R"(,"ExclusiveStartKey":{"pk":{"S":"a"},"sk":{"N":"2"}}})"),
            R"({"Items":[{"sk":{"N":"3"}},{"sk":{"N":"4"}}],"Count":2,"ScannedCount":2,)"
            R"("LastEvaluatedKey":{"pk":{"S":"a"},"sk":{"N":"4"}}})");
  EXPECT_EQ(Call("Query", query + R"(,"ExclusiveStartKey":{"pk":{"S":"a"},"sk":{"N":"4"}}})"),
            R"({"Items":[],"Count":0,"ScannedCount":0})");
  EXPECT_EQ(Call("Query", query + R"(,"ScanIndexForward":false})"),
            R"({"Items":[{"sk":{"N":"4"}},{"sk":{"N":"3"}}],"Count":2,"ScannedCount":2,)"
            R"("LastEvaluatedKey":{"pk":{"S":"a"},"sk":{"N":"3"}}})");
}

TEST_F(ItemOpsTest, IndexCursorsNameEveryKeyPart) {
  PutNumbers(3);
  const std::string query = R"({"TableName":"music","IndexName":"by-g","KeyConditionExpression":"g = :x","Limit":2,
    "ExpressionAttributeValues":{":x":{"S":"x"}},"Select":"COUNT")";
  EXPECT_EQ(Call("Query", query + "}"),
            R"({"Count":2,"ScannedCount":2,"LastEvaluatedKey":{"g":{"S":"x"},"pk":{"S":"a"},"sk":{"N":"1"}}})");
  EXPECT_EQ(Call("Query", query + R"(,"ExclusiveStartKey":{"g":{"S":"x"},"pk":{"S":"a"},"sk":{"N":"1"}}})"),
            R"({"Count":1,"ScannedCount":1})");
}

TEST_F(ItemOpsTest, GlobalIndexesRefuseWhatTheyCannotGive) {
  const std::string query = R"({"TableName":"music","IndexName":"by-g","KeyConditionExpression":"g = :x",
    "ExpressionAttributeValues":{":x":{"S":"x"}})";
  EXPECT_THAT(Call("Query", query + R"(,"ConsistentRead":true})"), HasSubstr("Consistent reads are not supported"));
  EXPECT_THAT(Call("Query", query + R"(,"Select":"ALL_ATTRIBUTES"})"), HasSubstr("projection type is not ALL"));
}

TEST_F(ItemOpsTest, ScanSegmentsPartition) {
  for (int i = 0; i < 40; ++i) {
    Call("PutItem", R"({"TableName":"music","Item":{"pk":{"S":"p)" + std::to_string(i) + R"("},"sk":{"N":"1"}}})");
  }
  int total = 0;
  for (int segment = 0; segment < 7; ++segment) {
    const std::string reply = Call("Scan", R"({"TableName":"music","Select":"COUNT","TotalSegments":7,"Segment":)" +
                                               std::to_string(segment) + "}");
    total += std::stoi(reply.substr(reply.find(':') + 1));
  }
  EXPECT_EQ(total, 40);
}

// Five items of a quarter of a page each, the fourth larger by `more` bytes; the sort keys in a page of them.
class PagesOfBytes : public ItemOpsTest {
 protected:
  static constexpr size_t kQuarter = size_t{1} << 18;

  void PutQuarters(int more, int count) {
    Call("CreateTable", R"({"TableName":"pages","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}]})");
    for (int i = 0; i < count; ++i) {
      const size_t besides = std::string("pqs0v").size();
      const std::string value(kQuarter - besides + static_cast<size_t>(i == 3 ? more : 0), 'x');
      Call("PutItem", R"({"TableName":"pages","Item":{"p":{"S":"q"},"s":{"S":")" + std::to_string(i) +
                          R"("},"v":{"S":")" + value + R"("}}})");
      ASSERT_EQ(service_.status(), 200);
    }
  }
  std::string Query(const std::string& more = "") {
    return Call("Query", R"({"TableName":"pages","KeyConditionExpression":"p = :q","Select":"COUNT",
        "ExpressionAttributeValues":{":q":{"S":"q"}},"ReturnConsumedCapacity":"TOTAL")" +
                             more + "}");
  }
  std::string Scan() {
    return Call("Scan", R"({"TableName":"pages","Select":"COUNT","ReturnConsumedCapacity":"TOTAL"})");
  }
  static std::string Page(int count, const std::string& last, const std::string& units) {
    return R"({"Count":)" + std::to_string(count) + R"(,"ScannedCount":)" + std::to_string(count) +
           (last.empty() ? "" : R"(,"LastEvaluatedKey":{"p":{"S":"q"},"s":{"S":")" + last + "\"}}") +
           R"(,"ConsumedCapacity":{"TableName":"pages","CapacityUnits":)" + units + "}}";
  }
};

TEST_F(PagesOfBytes, EndWithTheItemThatMakesThemExactlyOneMegabyte) {
  PutQuarters(0, 5);
  EXPECT_EQ(Query(), Page(4, "3", "128.0"));
  EXPECT_EQ(Scan(), Page(4, "3", "128.0"));
  EXPECT_EQ(Query(R"(,"ExclusiveStartKey":{"p":{"S":"q"},"s":{"S":"3"}})"), Page(1, "", "32.0"));
}

TEST_F(PagesOfBytes, GoOnIfAByteIsMissing) {
  PutQuarters(-1, 5);
  EXPECT_EQ(Query(), Page(5, "4", "160.0"));
  EXPECT_EQ(Scan(), Page(5, "4", "160.0"));
}

TEST_F(PagesOfBytes, HoldTheItemThatExceedsThem) {
  PutQuarters(1, 5);
  EXPECT_EQ(Query(), Page(4, "3", "128.5"));
  EXPECT_EQ(Scan(), Page(4, "3", "128.5"));
}

TEST_F(PagesOfBytes, SayWhereTheyEndedThoughNothingFollows) {
  PutQuarters(0, 4);
  EXPECT_EQ(Query(), Page(4, "3", "128.0"));
  EXPECT_EQ(Query(R"(,"ExclusiveStartKey":{"p":{"S":"q"},"s":{"S":"3"}})"), Page(0, "", "0.5"));
}

TEST_F(PagesOfBytes, OfStatementsAreTheSame) {
  PutQuarters(0, 5);
  const std::string reply = Call("ExecuteStatement", R"({"Statement":"SELECT s FROM pages WHERE p = 'q'"})");
  EXPECT_THAT(reply, HasSubstr(R"("LastEvaluatedKey":{"p":{"S":"q"},"s":{"S":"3"}})"));
}

TEST_F(ItemOpsTest, CapacityFollowsTheNote) {
  const std::string put = R"({"TableName":"music","ReturnConsumedCapacity":"INDEXES","Item":{"pk":{"S":"a"},
    "sk":{"N":"1"},"g":{"S":"x"}}})";
  EXPECT_EQ(Call("PutItem", put),
            R"({"ConsumedCapacity":{"TableName":"music","CapacityUnits":2.0,"Table":{"CapacityUnits":1.0},)"
            R"("GlobalSecondaryIndexes":{"by-g":{"CapacityUnits":1.0}}}})");
  // An untouched index has no arm.
  EXPECT_EQ(Call("PutItem", put),
            R"({"ConsumedCapacity":{"TableName":"music","CapacityUnits":1.0,"Table":{"CapacityUnits":1.0}}})");
}

TEST_F(ItemOpsTest, BatchesWriteAndRead) {
  EXPECT_EQ(Call("BatchWriteItem", R"({"RequestItems":{"music":[
      {"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"N":"1"}}}},{"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"N":"2"}}}},
      {"DeleteRequest":{"Key":{"pk":{"S":"a"},"sk":{"N":"3"}}}}]}})"),
            R"({"UnprocessedItems":{}})");
  EXPECT_EQ(Call("BatchGetItem", R"({"RequestItems":{"music":{"Keys":[{"pk":{"S":"a"},"sk":{"N":"2"}},
      {"pk":{"S":"a"},"sk":{"N":"9"}}]}}})"),
            R"({"Responses":{"music":[{"pk":{"S":"a"},"sk":{"N":"2"}}]},"UnprocessedKeys":{}})");
  EXPECT_THAT(Call("BatchWriteItem", R"({"RequestItems":{"music":[
      {"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"N":"1"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"a"},"sk":{"N":"1.0"}}}}
      ]}})"),
              HasSubstr("Provided list of item keys contains duplicates"));
}

}  // namespace
}  // namespace stator::services::dynamodb
