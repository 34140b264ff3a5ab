#include "cli/logs.h"

#include <gtest/gtest.h>

#include "cli/cli_testing.h"
#include "cli/functions.h"
#include "cli/span.h"

namespace stator::cli {
namespace {

using client::Answer;
using client::HttpReply;

std::string Event(int64_t time, const std::string& id, const std::string& text) {
  return R"({"timestamp":)" + std::to_string(time) + R"(,"eventId":")" + id + R"(","message":")" + text + R"("})";
}

TEST(LogTail, PrintsEachEventOnce) {
  FakeServer server;
  std::string events = Event(50'000, "1", "one\\n");
  const auto client = server.Connect([&](const std::string&, const std::string& body) {
    if (body.find("nextToken") != std::string::npos)
      return Answer(200, R"({"events":[)" + Event(50'002, "3", "three") + "]}");
    return Answer(200, R"({"events":[)" + events + R"(],"nextToken":"t"})");
  });
  LogTail tail(*client, {"/aws/lambda/f", "x", false}, 40'000);
  std::string out;
  const auto print = [&](Bytes lines) { out.append(lines); };
  ASSERT_TRUE(tail.Read(print).ok());
  EXPECT_EQ(out, "1970-01-01T00:00:50.000Z one\n1970-01-01T00:00:50.002Z three\n");
  EXPECT_EQ(server.asked[0].body, R"({"logGroupName":"/aws/lambda/f","startTime":40000,"filterPattern":"x"})");
  out.clear();
  events += "," + Event(49'000, "0", "late");
  ASSERT_TRUE(tail.Read(print).ok());
  EXPECT_EQ(out, "1970-01-01T00:00:49.000Z late\n");
  EXPECT_EQ(server.asked[2].body, R"({"logGroupName":"/aws/lambda/f","startTime":40002,"filterPattern":"x"})");
}

TEST(LogTail, AFunctionIsAGroup) {
  EXPECT_EQ(GroupOfFunction("f"), "/aws/lambda/f");
  EXPECT_EQ(GroupOfFunction("/my/group"), "/my/group");
}

TEST(Functions, AreReadAndPrinted) {
  FakeServer server;
  const auto client = server.Connect([](const std::string& what, const std::string& body) {
    if (what == "/2015-03-31/functions/?MaxItems=50") {
      return Answer(200, R"({"Functions":[{"FunctionName":"zeta","Runtime":"python3.12","LoggingConfig":)"
                         R"({"LogGroup":"/aws/lambda/zeta"}}],"NextMarker":"m"})");
    }
    if (what == "/2015-03-31/functions/?Marker=m&MaxItems=50") {
      return Answer(200, R"({"Functions":[{"FunctionName":"alpha","Runtime":"provided"},{"FunctionName":"gone"}]})");
    }
    if (what == "/2015-03-31/functions/gone/configuration") {
      HttpReply reply = Answer(404, R"({"Message":"no"})");
      reply.headers = {{"x-amzn-errortype", "ResourceNotFoundException"}};
      return reply;
    }
    if (what.ends_with("/configuration")) return Answer(200, R"({"State":"Active"})");
    if (what == "DescribeLogStreams") {
      EXPECT_EQ(body, R"({"logGroupName":"/aws/lambda/zeta","orderBy":"LastEventTime","descending":true,"limit":1})");
      return Answer(200, R"({"logStreams":[{"logStreamName":"s","lastEventTimestamp":1795168797999}]})");
    }
    if (what == "GetMetricData") {
      return Answer(200, R"({"MetricDataResults":[{"Timestamps":[1795168680],"Values":[1.0]}]})");
    }
    if (body.find("alpha") != std::string::npos) return Answer(200, R"({"Datapoints":[]})");
    return Answer(
        200, R"({"Datapoints":[{"Sum":1234.0,"Average":12.5,"Maximum":99.0,"ExtendedStatistics":{"p99":2500.0}}]})");
  });
  const auto rows = ReadFunctions(*client, server.machine.now, std::chrono::hours(1));
  ASSERT_TRUE(rows.ok()) << rows.error().text;
  EXPECT_EQ(
      FunctionsTable(*rows, server.machine.now),
      "FUNCTION  RUNTIME     STATE   INVOCATIONS  ERRORS  THROTTLES  AVERAGE    P99  ITERATOR AGE  LAST INVOKED\n"
      "alpha     provided    Active            0       0          0        -      -             -     2 min ago\n"
      "zeta      python3.12  Active        1,234   1,234      1,234  12.5 ms  2.5 s       99.0 ms       3 s ago\n");
  EXPECT_NE(FunctionsJson(*rows).find(
                R"({"FunctionName":"zeta","Runtime":"python3.12","State":"Active","Invocations":1234,)"),
            std::string::npos);
  EXPECT_EQ(FunctionsTable({}, server.machine.now), "no functions\n");
}

TEST(Span, IsReadAndWritten) {
  EXPECT_EQ(*ParseSpan("90s"), std::chrono::seconds(90));
  EXPECT_EQ(*ParseSpan("10m"), std::chrono::minutes(10));
  EXPECT_EQ(*ParseSpan("7d"), std::chrono::hours(168));
  for (const char* bad : {"", "10", "m", "-1h", "0s", "1h2m", "1.5h", "500d", "99999999999999999999s"}) {
    EXPECT_FALSE(ParseSpan(bad).ok()) << bad;
  }
  EXPECT_EQ(Millis(0.823), "0.82 ms");
  EXPECT_EQ(Ago(std::chrono::hours(50)), "2 days ago");
}

}  // namespace
}  // namespace stator::cli
