#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "conversation.h"
#include "conversation_texts.h"
#include "ids.h"
#include "json/value.h"
#include "rows.h"
#include "text_table.h"

namespace stator::messages {
namespace {

TEST(Ids, FollowFromTheName) {
  EXPECT_TRUE(IsUuid(UserUuid("nora")));
  EXPECT_EQ(UserUuid("nora"), UserUuid("nora"));
  EXPECT_NE(UserUuid("nora"), UserUuid("teo"));
  EXPECT_EQ(UserUuid("nora")[14], '8');
  for (const Bytes bad : {"", "nora", "0be78ecc-45f3-8937-ae4e-45face1f365", "0be78ecc-45f3-8937-ae4e-45face1f365g",
                          "0be78ecc045f3-8937-ae4e-45face1f3655"}) {
    EXPECT_FALSE(IsUuid(bad)) << bad;
  }
}

TEST(Rows, StampsSortAsTimesDo) {
  EXPECT_EQ(StampOf(Time{0}), "1970-01-01T00:00:00+00:00");
  EXPECT_EQ(StampOf(Time{1'000'005}), "1970-01-01T00:00:01.000005+00:00");
  EXPECT_LT(StampOf(Time{1'000'000}), StampOf(Time{1'000'005}));
  EXPECT_LT(StampOf(Time{1'999'999}), StampOf(Time{2'000'000}));
}

TEST(Rows, MessageRowsStayOutOfTheIndex) {
  const Message message{"m", "g", {"u", "h", "Name"}, "2026-01-01T00:00:00+00:00", "say \"hi\""};
  EXPECT_EQ(MessageItem(message),
            R"({"pk":{"S":"MSG#g"},"sk":{"S":"2026-01-01T00:00:00+00:00"},"message_uuid":{"S":"m"},)"
            R"("message":{"S":"say \"hi\""},"user_uuid":{"S":"u"},"user_display_name":{"S":"Name"},)"
            R"("user_handle":{"S":"h"}})");
  EXPECT_EQ(GroupItem({"u", "h", "Name"}, {"o", "oh", "Other"}, message),
            R"({"pk":{"S":"GRP#u"},"sk":{"S":"2026-01-01T00:00:00+00:00"},"message_group_uuid":{"S":"g"},)"
            R"("message":{"S":"say \"hi\""},"user_uuid":{"S":"o"},"user_display_name":{"S":"Other"},)"
            R"("user_handle":{"S":"oh"}})");
}

TEST(Rows, TableRequestIsJson) {
  json::Document document;
  const auto root = document.Parse(TableRequest("cruddur-messages"));
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(root->Find("TableName").text(), "cruddur-messages");
  EXPECT_EQ(root->Find("StreamSpecification").Find("StreamViewType").text(), "NEW_IMAGE");
}

TEST(Conversation, Reads) {
  const auto read = ParseConversation(
      "x", "# c\nperson a Ann\nperson b Bo B\nday 2025-12-31\n23:59 a one\n23:59 b two\nday 2026-01-01\n00:00 a three",
      std::nullopt);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->people[1].display_name, "Bo B");
  ASSERT_EQ(read->messages.size(), 3u);
  EXPECT_EQ(read->messages[1].created_at, "2025-12-31T23:59:09+00:00");
  EXPECT_EQ(read->messages[1].author.handle, "b");
  EXPECT_EQ(read->messages[2].text, "three");
}

TEST(Conversation, RefusesWhatBreaksTheForm) {
  const std::string head = "person a Ann\nperson b Bo\nday 2026-01-01\n";
  for (const std::string& bad :
       {std::string(), head, head + "10:00 c who?", head + "25:00 a late", head + "10:00 a x\n09:59 a back",
        head + "10:00 a", std::string("person a Ann\nday 2026-01-01\n10:00 a x"), head + "day 2026-02-30\n10:00 a x",
        head + "10:00 a 1\n10:00 a 2\n10:00 a 3\n10:00 a 4\n10:00 a 5\n10:00 a 6\n10:00 a 7\n10:00 a 8"}) {
    EXPECT_FALSE(ParseConversation("x", bad, std::nullopt).has_value()) << bad;
  }
}

TEST(Conversation, TheSeededOnes) {
  const auto all = SeededConversations(std::nullopt);
  ASSERT_EQ(all.size(), 3u);
  const Conversation& main = all[0];
  EXPECT_GE(main.messages.size(), 80u);
  EXPECT_LT(main.messages.front().created_at, "2026");
  EXPECT_GT(main.messages.back().created_at, "2026");
  for (const Conversation& each : all) {
    EXPECT_EQ(each.people[0].handle, "nora");
    std::set<std::string> times;
    for (const Message& message : each.messages) times.insert(message.created_at);
    EXPECT_EQ(times.size(), each.messages.size());
    EXPECT_TRUE(std::is_sorted(each.messages.begin(), each.messages.end(),
                               [](const Message& a, const Message& b) { return a.created_at < b.created_at; }));
  }
}

TEST(Conversation, SomebodyElseTakesTheFirstPart) {
  const auto mine = SeededConversations(Role{"zed", "Zed", ""});
  const auto hers = SeededConversations(std::nullopt);
  EXPECT_EQ(mine[0].people[0].display_name, "Zed");
  EXPECT_EQ(mine[0].people[0].uuid, UserUuid("zed"));
  EXPECT_NE(mine[0].group_uuid, hers[0].group_uuid);
  EXPECT_EQ(mine[0].messages[0].author.handle, "zed");
  EXPECT_NE(mine[0].messages[0].created_at, hers[0].messages[0].created_at) << "the rows of both are kept";
  EXPECT_EQ(mine[0].messages[0].created_at.substr(0, 19), hers[0].messages[0].created_at.substr(0, 19));
  EXPECT_EQ(mine[0].messages.size(), hers[0].messages.size());
}

TEST(TextTable, WidthCountsColumns) {
  EXPECT_EQ(DisplayWidth("Inés"), 4);
  EXPECT_EQ(DisplayWidth("日本"), 4);
  EXPECT_EQ(DisplayWidth("\xF0\x9F\x8E\x86"), 2);  // fireworks
  EXPECT_LE(DisplayWidth("\xff\xc3"), 2);          // broken, but counted
  EXPECT_EQ(Clipped("short", 10), "short");
  EXPECT_EQ(Clipped("a longer text", 8), "a longe…");
}

TEST(TextTable, WrapsTheLastColumn) {
  TextTable table({"A", "TEXT"});
  table.Add({"x", "some words that do not fit here"});
  table.Add({"yy", "tab\tand\x1b[31m"});
  EXPECT_EQ(table.Render(24),
            "A   TEXT\n"
            "────────────────────────\n"
            "x   some words that do\n"
            "    not fit here\n"
            "yy  tab and [31m\n");
}

TEST(TextTable, LongWordsAreCut) {
  TextTable table({"TEXT"});
  table.Add({std::string(45, 'x')});
  EXPECT_EQ(table.Render(10), "TEXT\n────────────────────\n" + std::string(20, 'x') + "\n" + std::string(20, 'x') +
                                  "\n" + std::string(5, 'x') + "\n");
}

}  // namespace
}  // namespace stator::messages
