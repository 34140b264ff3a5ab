#include "client/batch_writer.h"

#include <gtest/gtest.h>

#include <set>

#include "client/connect.h"
#include "client/json_text.h"
#include "client/progress.h"
#include "client/testing_fakes.h"
#include "errors/client.h"

namespace stator::client {
namespace {

struct Server {
  FakeMachine machine;
  Handler handler;
  std::mutex mutex;

  BatchWriter::Options Options(int threads) {
    BatchWriter::Options options;
    options.table = "t";
    options.threads = threads;
    options.connect = [this] {
      Effort effort;
      effort.attempts = 1;
      effort.sleep = [](Duration) {};
      return std::make_unique<Client>(*Connect({}, machine.Around()),
                                      std::make_unique<SharedTransport>(&handler, &mutex), effort);
    };
    return options;
  }
};

std::string Item(int n) { return R"({"pk":{"S":")" + std::to_string(n) + R"("}})"; }

std::string OperationOf(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (name == "X-Amz-Target") return value.substr(value.find('.') + 1);
  }
  return "";
}

std::vector<std::string> KeysIn(Bytes body) {
  json::Document document;
  const auto root = document.Parse(body);
  std::vector<std::string> keys;
  for (const json::Value put : root->Find("RequestItems").Find("t").elements()) {
    keys.emplace_back(TextOf(put.Find("PutRequest").Find("Item").Find("pk"), "S"));
  }
  return keys;
}

TEST(BatchWriter, WritesEverythingOnce) {
  Server server;
  std::multiset<std::string> seen;
  size_t largest = 0;
  server.handler = [&](const HttpRequest& request) {
    const auto keys = KeysIn(request.body);
    largest = std::max(largest, keys.size());
    seen.insert(keys.begin(), keys.end());
    return Answer(200, R"({"UnprocessedItems":{}})");
  };
  BatchWriter writer(server.Options(3));
  for (int i = 0; i < 1003; ++i) ASSERT_TRUE(writer.Put({static_cast<uint64_t>(i), Item(i)}).ok());
  ASSERT_TRUE(writer.Finish().ok());
  EXPECT_EQ(writer.written(), 1003u);
  EXPECT_EQ(seen.size(), 1003u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 1003u);
  EXPECT_EQ(largest, 25u);
  EXPECT_FALSE(writer.first_unwritten().has_value());
}

TEST(BatchWriter, SendsTheUnprocessedAgain) {
  Server server;
  std::vector<std::vector<std::string>> rounds;
  server.handler = [&](const HttpRequest& request) {
    rounds.push_back(KeysIn(request.body));
    if (rounds.size() > 1) return Answer(200, "{}");
    return Answer(200, R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":)" + Item(2) + "}}]}}");
  };
  BatchWriter writer(server.Options(1));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(writer.Put({static_cast<uint64_t>(i), Item(i)}).ok());
  ASSERT_TRUE(writer.Finish().ok());
  EXPECT_EQ(rounds, (std::vector<std::vector<std::string>>{{"0", "1", "2"}, {"2"}}));
}

TEST(BatchWriter, GivesUpOnATableThatTakesNothing) {
  Server server;
  server.handler = [&](const HttpRequest&) {
    return Answer(200, R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":)" + Item(0) + "}}]}}");
  };
  BatchWriter writer(server.Options(1));
  ASSERT_TRUE(writer.Put({0, Item(0)}).ok());
  const Status status = writer.Finish();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().id, errors::kUnprocessed);
}

TEST(BatchWriter, NamesTheItemThatABatchWasRefusedFor) {
  Server server;
  const HttpReply refusal = Answer(400, R"({"__type":"a#ValidationException","message":"bad key"})");
  server.handler = [&](const HttpRequest& request) {
    if (OperationOf(request) == "BatchWriteItem") return refusal;
    return request.body.find(R"("31")") == Bytes::npos ? Answer(200, "{}") : refusal;
  };
  BatchWriter writer(server.Options(1));
  for (int i = 0; i < 60; ++i) {
    if (!writer.Put({static_cast<uint64_t>(i), Item(i)}).ok()) break;
  }
  const Status status = writer.Finish();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().text, "item 31: ValidationException: bad key");
  EXPECT_EQ(writer.first_unwritten(), 25u) << "the first item of the batch that failed";
}

TEST(Progress, Line) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(ProgressLine("load", "items", 500, 1000, std::chrono::seconds(2), 0),
            "load  [============>           ] 50%  500 of 1,000 items  250/s");
  EXPECT_EQ(ProgressLine("load", "items", 1000, 1000, Duration(), 0),
            "load  [========================] 100%  1,000 of 1,000 items");
  EXPECT_EQ(ProgressLine("dump", "items", 7, 0, Duration(), 0), "dump  7 items");
  EXPECT_EQ(ProgressLine("dump", "items", 7, 0, Duration(), 8), "dump  7");
}

}  // namespace
}  // namespace stator::client
