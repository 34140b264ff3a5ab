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
  TableAnswers answers;
  answers.description =
      R"({"Table":{"TableName":"t","AttributeDefinitions":[],"KeySchema":[],"TableStatus":"ACTIVE","ItemCount":3,)"
      R"("BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},)"
      R"("ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0},"DeletionProtectionEnabled":true,)"
      R"("TableClassSummary":{"TableClass":"STANDARD_INFREQUENT_ACCESS"},)"
      R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},)"
      R"("GlobalSecondaryIndexes":[{"IndexName":"i","IndexStatus":"ACTIVE","KeySchema":[],"Projection":{},)"
      R"("ProvisionedThroughput":{"ReadCapacityUnits":0}}]}})";
  answers.tags = {R"({"Tags":[{"Key":"k","Value":"v"}],"NextToken":"x"})", R"({"Tags":[{"Key":"l","Value":""}]})"};
  answers.time_to_live = R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"exp"}})";
  const auto line = TableLine(answers);
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(*line, R"({"Table":{"TableName":"t","AttributeDefinitions":[],"KeySchema":[],)"
                   R"("GlobalSecondaryIndexes":[{"IndexName":"i","KeySchema":[],"Projection":{}}],)"
                   R"("BillingMode":"PAY_PER_REQUEST",)"
                   R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},)"
                   R"("TableClass":"STANDARD_INFREQUENT_ACCESS",)"
                   R"("DeletionProtectionEnabled":true,"Tags":[{"Key":"k","Value":"v"},{"Key":"l","Value":""}]},)"
                   R"("TimeToLive":{"AttributeName":"exp","Enabled":true}})");
}

TableAnswers Described(std::string description) {
  TableAnswers answers;
  answers.description = std::move(description);
  return answers;
}

TEST(TableLine, ProvisionedThroughputLosesItsHistory) {
  TableAnswers answers = Described(R"({"Table":{"TableName":"t","ProvisionedThroughput":{"ReadCapacityUnits":5,)"
                                   R"("WriteCapacityUnits":6,"NumberOfDecreasesToday":1}}})");
  answers.time_to_live = R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})";
  const auto line = TableLine(answers);
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(*line, R"({"Table":{"TableName":"t","BillingMode":"PROVISIONED",)"
                   R"("ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6}}})");
}

TEST(TableLine, HoldsWhatWasWarmedAndNotWhatAlwaysIs) {
  const std::string units = R"("ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6})";
  const std::string on_demand = R"("BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"})";
  const auto warm = [](int read, int write) {
    return R"("WarmThroughput":{"ReadUnitsPerSecond":)" + std::to_string(read) + R"(,"WriteUnitsPerSecond":)" +
           std::to_string(write) + R"(,"Status":"ACTIVE"})";
  };
  const auto written = [&](const std::string& of_table, const std::string& warm_text) {
    const auto line =
        TableLine(Described("{\"Table\":{" + of_table + "," + warm_text +
                            ",\"GlobalSecondaryIndexes\":[{\"IndexName\":\"i\"," + units + "," + warm_text + "}]}}"));
    if (!line.ok()) return -1;
    int count = 0;
    for (size_t at = 0; (at = line->find("WarmThroughput", at)) != std::string::npos; ++at) ++count;
    EXPECT_EQ(line->find("Status"), std::string::npos);
    return count;
  };
  EXPECT_EQ(written(units, warm(5, 6)), 0);
  EXPECT_EQ(written(units, warm(5, 7)), 2);
  EXPECT_EQ(written(on_demand, warm(12'000, 4'000)), 0);
  EXPECT_EQ(written(on_demand, warm(12'001, 4'000)), 2);
}

TEST(TableLine, HoldsTheKeyOfEncryption) {
  const auto line = TableLine(
      Described(R"({"Table":{"SSEDescription":{"Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":"arn:k"}}})"));
  ASSERT_TRUE(line.ok());
  EXPECT_NE(line->find(R"("SSESpecification":{"Enabled":true,"SSEType":"KMS","KMSMasterKeyId":"arn:k"})"),
            std::string::npos)
      << *line;
}

TEST(TableLine, HoldsPoliciesByWhatTheyAreOf) {
  TableAnswers answers = Described(R"({"Table":{}})");
  answers.policies = {{"arn:t", R"({"Policy":"{\"a\": 1}","RevisionId":"7"})"}, {"arn:t/stream/s", ""}};
  const auto line = TableLine(answers);
  ASSERT_TRUE(line.ok());
  EXPECT_TRUE(line->ends_with(R"(,"ResourcePolicies":[{"ResourceArn":"arn:t","Policy":"{\"a\": 1}"}]})")) << *line;
}

TEST(TableLine, RefusesOtherAnswers) {
  for (const char* bad : {"", "[]", "{}", R"({"Table":1})"}) EXPECT_FALSE(TableLine(Described(bad)).ok()) << bad;
}

TEST(TableLine, MovesArns) {
  EXPECT_EQ(WithArn("t/a t/ab t/a/index/i t/a.b t/a", "t/a", "u/xx"), "u/xx t/ab u/xx/index/i t/a.b u/xx");
  EXPECT_EQ(WithArn("nothing", "", "u"), "nothing");
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

TEST(Dump, AsksForEveryPageOfTagsAndForPolicies) {
  Server server;
  server.Fixed("DescribeTable", 200,
               R"({"Table":{"TableName":"t","TableArn":"arn:t","StreamSpecification":{"StreamEnabled":true},)"
               R"("LatestStreamArn":"arn:t/stream/s"}})");
  server.answers["ListTagsOfResource"] = [](const std::string& body) {
    if (body.find("NextToken") != std::string::npos) return Answer(200, R"({"Tags":[{"Key":"b","Value":""}]})");
    return Answer(200, R"({"Tags":[{"Key":"a","Value":""}],"NextToken":"more"})");
  };
  server.answers["GetResourcePolicy"] = [](const std::string& body) {
    if (body.find("/stream/") != std::string::npos) return Answer(200, R"({"Policy":"p"})");
    return Answer(400, R"({"__type":"x#PolicyNotFoundException"})");
  };
  server.Fixed("Scan", 200, R"({"Items":[]})");
  std::string out;
  const auto dumped = Dump({server.Clients(), {"t"}, 1, true}, [&](Bytes lines) {
    out.append(lines);
    return Status();
  });
  ASSERT_TRUE(dumped.ok());
  EXPECT_NE(out.find(R"("Tags":[{"Key":"a","Value":""},{"Key":"b","Value":""}])"), std::string::npos) << out;
  EXPECT_NE(out.find(R"("ResourcePolicies":[{"ResourceArn":"arn:t/stream/s","Policy":"p"}])"), std::string::npos)
      << out;
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

TEST(Load, PutsPoliciesOnTheTableAsItIsNamedNow) {
  LoadServer server;
  server.Fixed("DescribeTable", 200,
               R"({"Table":{"TableStatus":"ACTIVE","TableArn":"new:t","LatestStreamArn":"new:t/stream/2"}})");
  const std::string line =
      R"({"Table":{"TableName":"t"},"ResourcePolicies":[{"ResourceArn":"old:t","Policy":"of old:t and old:t/index/i"},)"
      R"({"ResourceArn":"old:t/stream/1","Policy":"of old:t/stream/1"}]})";
  const auto loaded = Load(server.Options(), Lines({line}));
  ASSERT_TRUE(loaded.ok()) << loaded.error().text;
  EXPECT_EQ(server.Bodies("PutResourcePolicy"),
            (std::vector<std::string>{R"({"ResourceArn":"new:t","Policy":"of new:t and new:t/index/i"})",
                                      R"({"ResourceArn":"new:t/stream/2","Policy":"of new:t/stream/2"})"}));
  server.Fixed("PutResourcePolicy", 400, R"({"__type":"x#ValidationException","message":"no"})");
  EXPECT_FALSE(Load(server.Options(), Lines({line})).ok());
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
