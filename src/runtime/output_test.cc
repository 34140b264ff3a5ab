#include "runtime/output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stator::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::vector<std::string> Lines(const std::vector<std::string>& pieces, bool flush = true) {
  OutputLines lines;
  std::vector<logs::LogEvent> events;
  for (const std::string& piece : pieces) lines.Take(piece, Time{1'000'000}, &events);
  if (flush) lines.Flush(Time{1'000'000}, &events);
  std::vector<std::string> texts;
  texts.reserve(events.size());
  for (auto& event : events) texts.push_back(event.message);
  return texts;
}

TEST(OutputTest, SplitsAtNewlinesOnly) {
  EXPECT_THAT(Lines({"a\nb\rc\n\nd"}), ElementsAre("a\n", "b\rc\n", "d"));
  EXPECT_THAT(Lines({"\n\n"}), ElementsAre());
}

TEST(OutputTest, IsTheSameHoweverItArrives) {
  const std::string text =
      "one\n\x1e"
      "F00000007a\n b\nc\n\ntwo\x1ethree\n\x1e"
      "F00000002no";
  const auto whole = Lines({text});
  EXPECT_THAT(whole, ElementsAre("one\n", "a\n b\nc\n", "two\x1ethree\n", "no\n"));
  for (size_t cut = 1; cut < text.size(); ++cut)
    EXPECT_EQ(Lines({text.substr(0, cut), text.substr(cut)}), whole) << cut;
}

TEST(OutputTest, CutsEndlessLines) {
  const auto lines = Lines({std::string(OutputLines::kLongestLine + 5, 'x')});
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0].size(), OutputLines::kLongestLine);
  EXPECT_EQ(lines[1], "xxxxx");
}

TEST(OutputTest, DropsWhatIsTooMuchAndSaysSo) {
  OutputLines lines;
  std::vector<logs::LogEvent> events;
  const std::string line = std::string(999, 'x') + "\n";
  for (int i = 0; i < 20'000; ++i) lines.Take(line, Time{1'000'000}, &events);
  EXPECT_THAT(events, SizeIs(OutputLines::kBurst / 1000));
  lines.Take(line, Time{2'000'000}, &events);
  EXPECT_EQ(events[events.size() - 2].message,
            "[stator] 11612000 bytes of output were dropped: more than 1 MB a second\n");
  EXPECT_EQ(events.back().message, line);
}

TEST(OutputTest, ReplacesWhatIsNotUtf8) {
  OutputLines lines;
  std::vector<logs::LogEvent> events;
  lines.Take("gr\xc3\xbc\xc3\x9f \xff\n", Time{1}, &events);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].message, "gr\xc3\xbc\xc3\x9f \xef\xbf\xbd\n");
}

}  // namespace
}  // namespace stator::runtime
