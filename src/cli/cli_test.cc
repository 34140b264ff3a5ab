#include <gtest/gtest.h>

#include <atomic>
#include <map>

#include "cli/cli_testing.h"
#include "cli/dump.h"
#include "cli/files.h"
#include "cli/load.h"
#include "cli/table_line.h"
#include "client/connect.h"
#include "errors/client.h"

namespace stator::cli {
namespace {

using client::Answer;
using client::HttpReply;

constexpr char kMissing[] = R"({"__type":"x#ResourceNotFoundException","message":"Requested resource not found"})";
constexpr char kUnknown[] = R"({"__type":"x#UnknownOperationException"})";

// Answers by operation.
struct Server : FakeServer {
  std::map<std::string, std::function<HttpReply(const std::string& body)>> answers;

  Server() {
    answer = [this](const std::string& operation, const std::string& body) {
      const auto found = answers.find(operation);
      return found == answers.end() ? Answer(400, kUnknown) : found->second(body);
    };
  }
  std::function<std::unique_ptr<client::Client>()> Clients() {
    return [this] { return Connect(); };
  }
  void Fixed(const std::string& operation, int status, const std::string& body) {
    answers[operation] = [=](const std::string&) { return Answer(status, body); };
  }
  std::vector<std::string> Bodies(const std::string& operation) const {
    std::vector<std::string> bodies;
    for (const Asked& each : asked) {
      if (each.what == operation) bodies.push_back(each.body);
    }
    return bodies;
  }
};

TEST(TableLine, HoldsWhatCreateTableTakes) {
  const auto line = TableLine(
      R"({"Table":{"TableName":"t","AttributeDefinitions":[],"KeySchema":[],"TableStatus":"ACTIVE","ItemCount":3,)"
      R"("BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},)"
      R"("ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0},"DeletionProtectionEnabled":true,)"
      R"("TableClassSummary":{"TableClass":"STANDARD_INFREQUENT_ACCESS"},)"
      R"("GlobalSecondaryIndexes":[{"IndexName":"i","IndexStatus":"ACTIVE","KeySchema":[],"Projection":{},)"
      R"("ProvisionedThroughput":{"ReadCapacityUnits":0}}]}})",
      R"({"Tags":[{"Key":"k","Value":"v"}]})",
      R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"exp"}})");
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(*line, R"({"Table":{"TableName":"t","AttributeDefinitions":[],"KeySchema":[],)"
                   R"("GlobalSecondaryIndexes":[{"IndexName":"i","KeySchema":[],"Projection":{}}],)"
                   R"("BillingMode":"PAY_PER_REQUEST","TableClass":"STANDARD_INFREQUENT_ACCESS",)"
                   R"("DeletionProtectionEnabled":true,"Tags":[{"Key":"k","Value":"v"}]},)"
                   R"("TimeToLive":{"AttributeName":"exp","Enabled":true}})");
}

TEST(TableLine, ProvisionedThroughputLosesItsHistory) {
  const auto line = TableLine(R"({"Table":{"TableName":"t","ProvisionedThroughput":{"ReadCapacityUnits":5,)"
                              R"("WriteCapacityUnits":6,"NumberOfDecreasesToday":1}}})",
                              "", R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(*line, R"({"Table":{"TableName":"t","BillingMode":"PROVISIONED",)"
                   R"("ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6}}})");
}

TEST(TableLine, RefusesOtherAnswers) {
  for (const Bytes bad : {"", "[]", "{}", R"({"Table":1})"}) EXPECT_FALSE(TableLine(bad, "", "").ok()) << bad;
}

TEST(Dump, ReadsEverySegmentToItsEnd) {
  Server server;
  server.Fixed("DescribeTable", 200, R"({"Table":{"TableName":"t","TableArn":"arn","ItemCount":4}})");
  server.answers["Scan"] = [](const std::string& body) {
    const std::string segment = body.find(R"("Segment":0)") != std::string::npos ? "0" : "1";
    if (body.find("ExclusiveStartKey") != std::string::npos) {
      return Answer(200, R"({"Items":[{"pk":{"S":"last)" + segment + R"("}}]})");
    }
    return Answer(200, R"({"Items":[{"pk":{"S":"first)" + segment + R"("}}],"LastEvaluatedKey":{"pk":{"S":"x"}}})");
  };
  std::string out;
  const auto dumped = Dump({server.Clients(), {"t"}, 2, true}, [&](Bytes lines) {
    out.append(lines);
    return Status();
  });
  ASSERT_TRUE(dumped.ok());
  ASSERT_EQ(dumped->size(), 1u);
  EXPECT_EQ((*dumped)[0].items, 4u);
  EXPECT_TRUE(out.starts_with(R"({"Table":{"TableName":"t")"));
  for (const char* item : {"first0", "first1", "last0", "last1"}) {
    EXPECT_NE(out.find(R"({"Item":{"pk":{"S":")" + std::string(item) + "\"}}}\n"), std::string::npos) << item;
  }
}

TEST(Dump, WritesNothingIfATableIsMissing) {
  Server server;
  server.answers["DescribeTable"] = [](const std::string& body) {
    if (body.find("gone") != std::string::npos) return Answer(400, kMissing);
    return Answer(200, R"({"Table":{"TableName":"t"}})");
  };
  const auto dumped = Dump({server.Clients(), {"t", "gone"}, 1, true}, [&](Bytes) {
    ADD_FAILURE() << "wrote";
    return Status();
  });
  ASSERT_FALSE(dumped.ok());
  EXPECT_EQ(dumped.error().text,
            "there is no table gone at http://localhost:8000; see what there is with `stator tables`");
}

TEST(Dump, EndsWithTheFirstError) {
  Server server;
  server.Fixed("DescribeTable", 200, R"({"Table":{"TableName":"t"}})");
  server.Fixed("Scan", 200, R"({"Items":[{}]})");
  const auto dumped = Dump({server.Clients(), {"t"}, 3, true}, [&, calls = 0](Bytes) mutable -> Status {
    if (++calls == 2) return Fail(errors::kFileFailed, "f", "full");
    return {};
  });
  ASSERT_FALSE(dumped.ok());
  EXPECT_EQ(dumped.error().text, "cannot use f: full");
}

NextLine Lines(std::vector<std::string> lines) {
  return [lines = std::move(lines), at = size_t{0}](std::string* line) mutable -> Result<bool> {
    if (at == lines.size()) return false;
    *line = lines[at++];
    return true;
  };
}

constexpr char kTableLine[] =
    R"({"Table":{"TableName":"t","KeySchema":[]},"TimeToLive":{"AttributeName":"e","Enabled":true}})";
constexpr char kItemLine[] = R"({"Item":{"pk":{"S":"a"}}})";

struct LoadServer : Server {
  LoadServer() {
    Fixed("CreateTable", 200, "{}");
    Fixed("DescribeTable", 200, R"({"Table":{"TableStatus":"ACTIVE"}})");
    Fixed("BatchWriteItem", 200, "{}");
  }
  LoadOptions Options() {
    LoadOptions options;
    options.connect = Clients();
    options.threads = 1;
    options.quiet = true;
    return options;
  }
};

TEST(Load, CreatesAndFills) {
  LoadServer server;
  const auto loaded = Load(server.Options(), Lines({kTableLine, kItemLine, "", kItemLine}));
  ASSERT_TRUE(loaded.ok()) << loaded.error().text;
  ASSERT_EQ(loaded->size(), 1u);
  EXPECT_TRUE((*loaded)[0].created);
  EXPECT_EQ((*loaded)[0].items, 2u);
  EXPECT_EQ(server.Bodies("CreateTable"), std::vector<std::string>{R"({"TableName":"t","KeySchema":[]})"});
  EXPECT_EQ(server.Bodies("UpdateTimeToLive").size(), 1u) << "asked, and its absence forgiven";
  EXPECT_EQ(server.Bodies("BatchWriteItem").size(), 1u);
}

TEST(Load, KeepsATableThatExists) {
  LoadServer server;
  server.Fixed("CreateTable", 400, R"({"__type":"x#ResourceInUseException","message":"exists"})");
  const auto loaded = Load(server.Options(), Lines({kTableLine, kItemLine}));
  ASSERT_TRUE(loaded.ok());
  EXPECT_FALSE((*loaded)[0].created);
}

TEST(Load, ChoosesAndRenames) {
  LoadServer server;
  auto options = server.Options();
  options.tables = {"u"};
  options.into = "v";
  const auto loaded = Load(options, Lines({kTableLine, kItemLine, R"({"Table":{"TableName":"u"}})", kItemLine}));
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->size(), 1u);
  EXPECT_EQ((*loaded)[0].name, "v");
  EXPECT_EQ((*loaded)[0].items, 1u);
}

TEST(Load, ItemsAloneNeedATable) {
  LoadServer server;
  const auto nowhere = Load(server.Options(), Lines({kItemLine}));
  ASSERT_FALSE(nowhere.ok());
  EXPECT_NE(nowhere.error().text.find("line 1 is an item of no table; name one with --into"), std::string::npos);
  auto options = server.Options();
  options.into = "v";
  EXPECT_TRUE(Load(options, Lines({kItemLine})).ok());
}

TEST(Load, SaysFromWhereToGoOn) {
  LoadServer server;
  std::vector<std::string> lines = {kTableLine};
  lines.resize(40, kItemLine);
  lines.push_back("{");
  const auto broken = Load(server.Options(), Lines(lines));
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().text,
            "line 41 is not a JSON object; every line before 41 is loaded, go on with --from-line 41");
  EXPECT_EQ(server.Bodies("BatchWriteItem").size(), 2u) << "what stands above is loaded";

  server.Fixed("BatchWriteItem", 400, kMissing);
  const auto refused = Load(server.Options(), Lines({kTableLine, kItemLine}));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().text.find("go on with --from-line 2"), std::string::npos) << refused.error().text;
}

TEST(Load, GoesOnAtALine) {
  LoadServer server;
  auto options = server.Options();
  options.from_line = 3;
  const auto loaded = Load(options, Lines({kTableLine, kItemLine, kItemLine}));
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ((*loaded)[0].items, 1u);
}

TEST(Files, AppearOnlyWhenComplete) {
  const std::string path = testing::TempDir() + "cli_test_sink";
  std::remove(path.c_str());
  {
    auto sink = Sink::Open(path);
    ASSERT_TRUE(sink.ok());
    ASSERT_TRUE(sink->Write("half").ok());
  }
  EXPECT_FALSE(LineSource::Open(path).ok());
  {
    auto sink = Sink::Open(path);
    ASSERT_TRUE(sink->Write("one\n\nthree").ok());
    ASSERT_TRUE(sink->Commit().ok());
  }
  auto source = LineSource::Open(path);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(source->size(), 10u);
  std::vector<std::string> lines;
  for (std::string line; *source->Next(&line);) lines.push_back(line);
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "", "three"}));
  std::remove(path.c_str());
}

}  // namespace
}  // namespace stator::cli
