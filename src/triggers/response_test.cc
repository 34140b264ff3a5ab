#include "triggers/response.h"

#include <gtest/gtest.h>

#include "triggers/change_testing.h"

namespace stator::triggers {
namespace {

constexpr size_t kWhole = 0;
constexpr size_t kNothing = 4;

EventBatch FourRecords() {
  const streams::Stream stream = TestStream();
  EventBatch batch;
  for (const engine::Position position : {8, 9, 10, 11}) {
    const OwnedChange change(position, "", WireItem("k", 1));
    batch.Add(stream, change.change);
  }
  return batch;
}

std::string Failed(const std::string& identifier) {
  return R"({"batchItemFailures":[{"itemIdentifier":)" + identifier + "}]}";
}
std::string Sequence(engine::Position position) { return "\"" + streams::SequenceNumber(position) + "\""; }

TEST(ReadResponse, TakesAnythingWithoutTheOption) {
  const EventBatch batch = FourRecords();
  for (const char* payload : {"null", "\"x\"", "{]", "", R"({"batchItemFailures":[{"itemIdentifier":""}]})"}) {
    EXPECT_EQ(ReadResponse(payload, {}, batch, 0, 4, false).first_failed, kNothing) << payload;
  }
}

// The table of notes/lambda.md, section 2.6.
TEST(ReadResponse, ReadsReportedFailures) {
  const EventBatch batch = FourRecords();
  Settings settings;
  settings.report_item_failures = true;
  const std::pair<std::string, size_t> cases[] = {
      {"null", kNothing},
      {"\"\"", kNothing},
      {"", kNothing},
      {"{}", kNothing},
      {R"({"batchItemFailures":[]})", kNothing},
      {R"({"batchItemFailures":null})", kNothing},
      {"[]", kNothing},
      {Failed(Sequence(9)), 1},
      {Failed(Sequence(11)), 3},
      {Failed(Sequence(8)), 0},
      {Failed("\"\""), kWhole},
      {Failed("null"), kWhole},
      {Failed("7"), kWhole},
      {Failed("\"nonsense\""), kWhole},
      {Failed(Sequence(99)), kWhole},
      {R"({"batchItemFailures":[{"foo":"x"}]})", kWhole},
      {R"({"batchItemFailures":[{}]})", kWhole},
      {R"({"batchItemFailures":["x"]})", kWhole},
      // The lowest counts, as a number: 9 before 10, whatever the order.
      {R"({"batchItemFailures":[{"itemIdentifier":)" + Sequence(10) + R"(},{"itemIdentifier":)" + Sequence(9) + "}]}",
       1},
  };
  for (const auto& [payload, failed] : cases) {
    EXPECT_EQ(ReadResponse(payload, settings, batch, 0, 4, false).first_failed, failed) << payload;
  }
  // Records that were not sent are not in the batch.
  EXPECT_EQ(ReadResponse(Failed(Sequence(8)), settings, batch, 2, 4, false).first_failed, 2U);
}

TEST(ReadResponse, WindowsNeedAState) {
  const EventBatch batch = FourRecords();
  Settings settings;
  settings.tumbling_window_seconds = 30;
  EXPECT_EQ(ReadResponse("null", settings, batch, 0, 4, false).first_failed, kWhole);
  EXPECT_EQ(ReadResponse(R"({"state":1})", settings, batch, 0, 4, false).first_failed, kWhole);
  const Response kept = ReadResponse(R"({"state":{"a":{"b":[1]}}})", settings, batch, 0, 4, false);
  EXPECT_EQ(kept.first_failed, kNothing);
  EXPECT_EQ(kept.state, R"({"a":{"b":[1]}})");
  EXPECT_FALSE(kept.state_too_large);
  const std::string large = R"({"state":{"a":")" + std::string(kMaxStateBytes, 'x') + "\"}}";
  EXPECT_TRUE(ReadResponse(large, settings, batch, 0, 4, false).state_too_large);
  EXPECT_EQ(ReadResponse("null", settings, batch, 4, 4, true).first_failed, kNothing);
}

}  // namespace
}  // namespace stator::triggers
