#include "client/client.h"

#include <gtest/gtest.h>

#include "client/connect.h"
#include "client/tables.h"
#include "client/testing_fakes.h"
#include "errors/client.h"

namespace stator::client {
namespace {

constexpr char kThrottled[] =
    R"({"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"Rate exceeded"})";
constexpr char kMissing[] = R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
                            R"("message":"Requested resource not found"})";

struct Fixture {
  FakeMachine machine;
  std::vector<Sent> sent;
  std::vector<Duration> pauses;

  Client Make(std::deque<Result<HttpReply>> answers, int attempts = 4) {
    auto target = Connect({}, machine.Around());
    Effort effort;
    effort.attempts = attempts;
    effort.sleep = [this](Duration time) { pauses.push_back(time); };
    effort.now = [this] { return machine.now; };
    effort.seed = 7;
    return Client(*target, std::make_unique<FakeTransport>(std::move(answers), &sent), effort);
  }
};

TEST(Client, SignsAndSends) {
  Fixture f;
  Client client = f.Make({Answer(200, "{}")});
  ASSERT_TRUE(client.Call("ListTables", "{}").ok());
  ASSERT_EQ(f.sent.size(), 1u);
  EXPECT_EQ(f.sent[0].url, "http://localhost:8000/");
  EXPECT_EQ(f.sent[0].body, "{}");
  EXPECT_EQ(f.sent[0].Header("Host"), "localhost:8000");
  EXPECT_EQ(f.sent[0].Header("X-Amz-Target"), "DynamoDB_20120810.ListTables");
  EXPECT_EQ(f.sent[0].Header("X-Amz-Date"), "20261120T100000Z");
  EXPECT_TRUE(f.sent[0]
                  .Header("Authorization")
                  .starts_with("AWS4-HMAC-SHA256 Credential=stator/20261120/us-east-1/dynamodb/aws4_request, "
                               "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="));
}

TEST(Client, CallsOtherServices) {
  Fixture f;
  f.machine.env = {{"AWS_ENDPOINT_URL", "http://localhost:8000/prefix"}};
  Client client = f.Make({Answer(204, "")});
  ServiceCall call;
  call.service = "lambda";
  call.method = "DELETE";
  call.path = "/2015-03-31/functions/f";
  call.query = "Qualifier=1";
  call.content_type = "application/json";
  EXPECT_EQ(client.Call(call).value(), "");
  EXPECT_EQ(f.sent[0].url, "http://localhost:8000/prefix/2015-03-31/functions/f?Qualifier=1");
  EXPECT_NE(f.sent[0].Header("Authorization").find("/us-east-1/lambda/aws4_request"), std::string::npos);
  EXPECT_EQ(f.sent[0].Header("X-Amz-Target"), "");
}

TEST(Client, ReadsTheErrorNameOfRestServices) {
  Fixture f;
  HttpReply reply = Answer(404, R"({"Type":"User","Message":"Function not found: f"})");
  reply.headers = {{"x-amzn-errortype", "ResourceNotFoundException:http://internal/"}};
  Client client = f.Make({reply});
  const auto answer = client.Call(ServiceCall{"lambda", "GET", "/2015-03-31/functions/f"});
  EXPECT_TRUE(IsRemote(answer.error(), "ResourceNotFoundException"));
  EXPECT_EQ(AsRemote(answer.error())->message, "Function not found: f");
}

TEST(Client, ErrorsCarryAwsNameAndText) {
  Fixture f;
  Client client = f.Make({Answer(400, kMissing)});
  const auto answer = client.Call("DescribeTable", "{}");
  ASSERT_FALSE(answer.ok());
  const RemoteError* remote = AsRemote(answer.error());
  ASSERT_NE(remote, nullptr);
  EXPECT_EQ(remote->name, "ResourceNotFoundException");
  EXPECT_EQ(remote->message, "Requested resource not found");
  EXPECT_EQ(remote->status, 400);
  EXPECT_EQ(answer.error().text, "ResourceNotFoundException: Requested resource not found");
  EXPECT_EQ(f.sent.size(), 1u) << "a caller's fault is not tried again";
}

TEST(Client, CapitalMessageIsReadToo) {
  Fixture f;
  Client client = f.Make({Answer(400, R"({"__type":"x#TransactionCanceledException","Message":"why"})")});
  EXPECT_EQ(AsRemote(client.Call("X", "{}").error())->message, "why");
}

TEST(Client, TriesAgainWhenThrottledOrBroken) {
  Fixture f;
  Client client = f.Make({Answer(400, kThrottled), Fail(errors::kConnectionLost, "u"), Answer(500, "<html>busy</html>"),
                          Answer(200, R"({"done":1})")});
  const auto answer = client.Call("PutItem", "{}");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(*answer, R"({"done":1})");
  EXPECT_EQ(f.sent.size(), 4u);
  ASSERT_EQ(f.pauses.size(), 3u);
  EXPECT_LE(f.pauses[0], std::chrono::milliseconds(50));
  EXPECT_LE(f.pauses[2], std::chrono::milliseconds(200));
}

TEST(Client, TriesAgainWhileATransactionHoldsTheItem) {
  Fixture f;
  constexpr char kHeld[] =
      R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionConflictException","message":"ongoing"})";
  EXPECT_TRUE(f.Make({Answer(400, kHeld), Answer(200, "{}")}).Call("PutItem", "{}").ok());
  constexpr char kCancelled[] =
      R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled"})";
  EXPECT_FALSE(f.Make({Answer(400, kCancelled), Answer(200, "{}")}).Call("TransactWriteItems", "{}").ok());
}

TEST(Client, GivesUpWithTheLastError) {
  Fixture f;
  Client client = f.Make({Answer(400, kThrottled)});
  const auto answer = client.Call("PutItem", "{}");
  ASSERT_FALSE(answer.ok());
  EXPECT_TRUE(IsRemote(answer.error(), "ThrottlingException"));
  EXPECT_EQ(f.sent.size(), 4u);
}

TEST(Client, DoesNotKnockOnAClosedDoor) {
  Fixture f;
  Client client = f.Make({Fail(errors::kNothingAnswers, "http://localhost:8000")});
  const auto answer = client.Call("ListTables", "{}");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(f.sent.size(), 1u);
  EXPECT_EQ(answer.error().text,
            "nothing answers at http://localhost:8000; start a server there with `stator serve`, or name another one "
            "with --endpoint-url");
}

TEST(Client, KnowsThatSomethingElseListens) {
  Fixture f;
  EXPECT_EQ(f.Make({Answer(200, "<html>")}).Call("ListTables", "{}").error().id, errors::kNotDynamoDb);
  EXPECT_EQ(f.Make({Answer(404, "not found")}).Call("ListTables", "{}").error().id, errors::kNotDynamoDb);
}

TEST(Client, LooksForNewCredentialsOnceWhenTheyExpired) {
  Fixture f;
  f.machine.env = {{"AWS_ACCESS_KEY_ID", "OLD"}, {"AWS_SECRET_ACCESS_KEY", "s"}};
  Client client = f.Make({Answer(400, R"({"__type":"a#ExpiredTokenException","message":"expired"})")});
  ASSERT_TRUE(f.machine.env.contains("AWS_ACCESS_KEY_ID"));
  EXPECT_FALSE(client.Call("ListTables", "{}").ok());
  EXPECT_EQ(f.sent.size(), 2u);
  f.machine.env["AWS_ACCESS_KEY_ID"] = "NEW";
  EXPECT_FALSE(client.Call("ListTables", "{}").ok());
  EXPECT_NE(f.sent.back().Header("Authorization").find("Credential=NEW/"), std::string::npos);
}

TEST(Backoff, GrowsToACeilingWithJitter) {
  Random random(1);
  Duration longest{};
  for (int failures = 0; failures < 64; ++failures) {
    const Duration pause = Backoff(failures, random);
    EXPECT_GE(pause.count(), 0);
    EXPECT_LE(pause, std::chrono::seconds(20));
    longest = std::max(longest, pause);
  }
  EXPECT_GT(longest, std::chrono::seconds(10));
}

TEST(Tables, CreatingWaitsForActive) {
  Fixture f;
  Client client =
      f.Make({Answer(200, R"({"TableDescription":{}})"), Answer(200, R"({"Table":{"TableStatus":"CREATING"}})"),
              Answer(200, R"({"Table":{"TableStatus":"ACTIVE"}})")});
  const auto description = CreateTable(client, "t", "{}");
  ASSERT_TRUE(description.ok());
  EXPECT_EQ(*description, R"({"Table":{"TableStatus":"ACTIVE"}})");
  EXPECT_EQ(f.pauses.size(), 1u);
}

TEST(Tables, DroppingWaitsUntilItIsGone) {
  Fixture f;
  Client client =
      f.Make({Answer(200, "{}"), Answer(200, R"({"Table":{"TableStatus":"DELETING"}})"), Answer(400, kMissing)});
  EXPECT_TRUE(DropTable(client, "t").ok());
  EXPECT_EQ(f.sent.size(), 3u);
}

TEST(Tables, ListingFollowsPages) {
  Fixture f;
  Client client = f.Make({Answer(200, R"({"TableNames":["a","b"],"LastEvaluatedTableName":"b"})"),
                          Answer(200, R"({"TableNames":["c"]})")});
  EXPECT_EQ(*ListTables(client), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(f.sent[1].body, R"({"ExclusiveStartTableName":"b"})");
}

}  // namespace
}  // namespace stator::client
