// The function against a table of the test's own, which breaks off any call. That the calls are right for runs at once
// is tried out in ../python/test_lambda_function.py; here, that these calls are the same ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/connect.h"
#include "client/json_text.h"
#include "client/testing_fakes.h"
#include "errors/client.h"
#include "json/value.h"
#include "json/writer.h"
#include "move.h"
#include "rows.h"

namespace stator::messaging_stream {
namespace {

using client::HttpReply;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Bytes kGroup = "11111111-1111-8111-8111-111111111111";
constexpr Bytes kOther = "22222222-2222-8222-8222-222222222222";

std::string Stamp(int second) { return messages::StampOf(Time{1'767'225'600'000'000 + second * 1'000'000LL}); }

// The part of DynamoDB that the function uses, for one table.
class FakeTable {
 public:
  struct Row {
    std::string group, message, item;
  };

  void Put(Bytes user, Bytes group, const std::string& sk, const std::string& message) {
    const messages::Message last{"m", std::string(group), {}, sk, message};
    const messages::Person owner{std::string(user), "owner", "Owner"};
    const messages::Person other{"other", "other", "Other"};
    rows[{messages::GroupKey(user), sk}] = {std::string(group), message, messages::GroupItem(owner, other, last)};
  }
  // "sk message", by member and time.
  std::vector<std::string> Of(Bytes user, Bytes group) const {
    std::vector<std::string> found;
    for (const auto& [key, row] : rows) {
      if (key.first == messages::GroupKey(user) && row.group == group) found.push_back(key.second + " " + row.message);
    }
    return found;
  }

  HttpReply Answer(const client::HttpRequest& request) {
    json::Document document;
    const json::Value body = *document.Parse(request.body);
    std::string operation;
    for (const auto& [name, value] : request.headers) {
      if (name == "X-Amz-Target") operation = value.substr(value.find('.') + 1);
    }
    if (operation == "Query") return Query(body);
    if (operation == "GetItem") return Get(body);
    if (operation == "TransactWriteItems") return Transact(body);
    EXPECT_EQ(operation, "DeleteItem");
    if (!AsRead(body)) {
      return client::Answer(
          400, R"({"__type":"x#ConditionalCheckFailedException","message":"The conditional request failed"})");
    }
    rows.erase(KeyIn(body.Find("Key")));
    return client::Answer(200, "{}");
  }

  std::map<std::pair<std::string, std::string>, Row> rows;  // by pk and sk
  int conflicts = 0;                                        // transactions that are told of one

 private:
  static std::string Text(const json::Value& values, Bytes name) {
    const json::Value typed = values.Find(name);
    return typed.valid() ? std::string(client::TextOf(typed, "S")) : std::string();
  }
  static std::pair<std::string, std::string> KeyIn(const json::Value& item) {
    return {Text(item, "pk"), Text(item, "sk")};
  }
  static HttpReply Cancelled(const std::string& first, const std::string& second) {
    return client::Answer(400, R"({"__type":"x#TransactionCanceledException","Message":"cancelled",)"
                               R"("CancellationReasons":[{"Code":")" +
                                   first + R"("},{"Code":")" + second + R"("}]})");
  }
  HttpReply Query(const json::Value& body) const {
    const json::Value values = body.Find("ExpressionAttributeValues");
    const std::string pk = Text(values, ":pk");
    std::string items;
    for (const auto& [key, row] : rows) {
      if (row.group != Text(values, ":group")) continue;
      if (!pk.empty() && (key.first != pk || key.second < Text(values, ":since"))) continue;
      items += (items.empty() ? "" : ",") + row.item;
    }
    return client::Answer(200, "{\"Items\":[" + items + "]}");
  }
  HttpReply Get(const json::Value& body) const {
    const json::Value key = body.Find("Key");
    const auto found = rows.find({Text(key, "pk"), Text(key, "sk")});
    return client::Answer(200, found == rows.end() ? "{}" : "{\"Item\":" + found->second.item + "}");
  }
  // Whether the row that a Delete names is as it was read.
  bool AsRead(const json::Value& erase) const {
    EXPECT_EQ(client::TextOf(erase, "ConditionExpression"), "message_group_uuid = :group AND message = :message");
    const json::Value values = erase.Find("ExpressionAttributeValues");
    const auto found = rows.find(KeyIn(erase.Find("Key")));
    return found != rows.end() && found->second.group == Text(values, ":group") &&
           found->second.message == Text(values, ":message");
  }
  HttpReply Transact(const json::Value& body) {
    std::vector<json::Value> actions;
    for (const json::Value action : body.Find("TransactItems").elements()) actions.push_back(action);
    const json::Value put = actions.at(0).Find("Put");
    const json::Value erase = actions.at(1).Find("Delete");
    EXPECT_EQ(client::TextOf(put, "ConditionExpression"), "attribute_not_exists(pk)");
    const json::Value item = put.Find("Item");
    if (conflicts > 0 && conflicts-- > 0) return Cancelled("None", "TransactionConflict");
    const bool free = !rows.contains(KeyIn(item));
    const bool as_read = AsRead(erase);
    if (!free || !as_read) {
      return Cancelled(free ? "None" : "ConditionalCheckFailed", as_read ? "None" : "ConditionalCheckFailed");
    }
    rows[KeyIn(item)] = {Text(item, "message_group_uuid"), Text(item, "message"), client::JsonText(item)};
    rows.erase(KeyIn(erase.Find("Key")));
    return client::Answer(200, "{}");
  }
};

class Wire final : public client::Transport {
 public:
  Wire(FakeTable* table, int* calls_left, bool applied) : table_(*table), left_(*calls_left), applied_(applied) {}
  Result<HttpReply> Send(const client::HttpRequest& request) override {
    if (left_-- > 0) return table_.Answer(request);
    if (applied_) table_.Answer(request);
    return Fail(errors::kConnectionLost, "the table");
  }

 private:
  FakeTable& table_;
  int& left_;
  const bool applied_;
};

// Moves with at most so many calls; the next one is lost, `applied` or not.
Result<int> Move(FakeTable* table, const NewMessage& message, int calls = 1000, bool applied = false) {
  client::FakeMachine machine;
  client::Effort effort;
  effort.attempts = 1;
  client::Client client(*client::Connect({}, machine.Around()), std::make_unique<Wire>(table, &calls, applied), effort);
  GroupRows rows(client, "t");
  return MoveConversation(rows, message);
}

FakeTable TwoMembers() {
  FakeTable table;
  table.Put("nora", kGroup, Stamp(0), "first");
  table.Put("teo", kGroup, Stamp(0), "first");
  table.Put("teo", kOther, Stamp(5), "elsewhere");
  return table;
}

TEST(MoveConversation, MovesTheRowOfEachMember) {
  FakeTable table = TwoMembers();
  EXPECT_EQ(Move(&table, {std::string(kGroup), Stamp(9), "second \xc3\xa9"}).value(), 2);
  EXPECT_THAT(table.Of("nora", kGroup), ElementsAre(Stamp(9) + " second \xc3\xa9"));
  EXPECT_THAT(table.Of("teo", kGroup), ElementsAre(Stamp(9) + " second \xc3\xa9"));
  EXPECT_THAT(table.Of("teo", kOther), ElementsAre(Stamp(5) + " elsewhere"));
  const std::string& item = table.rows.begin()->second.item;
  EXPECT_NE(item.find("user_display_name"), std::string::npos) << "the other attributes stay: " << item;
}

TEST(MoveConversation, DuplicatesAndOldMessagesChangeNothing) {
  FakeTable table = TwoMembers();
  ASSERT_TRUE(Move(&table, {std::string(kGroup), Stamp(9), "second"}).ok());
  EXPECT_EQ(Move(&table, {std::string(kGroup), Stamp(9), "second"}).value(), 0);
  EXPECT_EQ(Move(&table, {std::string(kGroup), Stamp(3), "late"}).value(), 0);
  EXPECT_THAT(table.Of("nora", kGroup), ElementsAre(Stamp(9) + " second"));
}

TEST(MoveConversation, EveryBreakIsMendedByTheRetry) {
  for (const bool applied : {false, true}) {
    for (int calls = 0;; ++calls) {
      FakeTable table = TwoMembers();
      const NewMessage message{std::string(kGroup), Stamp(9), "second"};
      const bool whole = Move(&table, message, calls, applied).ok();
      EXPECT_EQ(table.Of("nora", kGroup).size(), 1U);
      EXPECT_EQ(table.Of("teo", kGroup).size(), 1U);
      ASSERT_TRUE(Move(&table, message).ok());
      EXPECT_THAT(table.Of("nora", kGroup), ElementsAre(Stamp(9) + " second")) << calls;
      EXPECT_THAT(table.Of("teo", kGroup), ElementsAre(Stamp(9) + " second")) << calls;
      if (whole) break;
    }
  }
}

TEST(MoveConversation, GivesWayToAnotherConversationOfTheSameTime) {
  FakeTable table = TwoMembers();
  EXPECT_EQ(Move(&table, {std::string(kGroup), Stamp(5), "second"}).value(), 2);
  EXPECT_THAT(table.Of("teo", kOther), ElementsAre(Stamp(5) + " elsewhere"));
  EXPECT_THAT(table.Of("teo", kGroup), ElementsAre(*NextMicrosecond(Stamp(5)) + " second"));
  EXPECT_THAT(table.Of("nora", kGroup), ElementsAre(Stamp(5) + " second"));
}

TEST(MoveConversation, AConflictIsTriedAgain) {
  FakeTable table = TwoMembers();
  table.conflicts = 3;
  EXPECT_EQ(Move(&table, {std::string(kGroup), Stamp(9), "second"}).value(), 2);
  EXPECT_THAT(table.Of("nora", kGroup), ElementsAre(Stamp(9) + " second"));
}

TEST(MoveConversation, WhatWasLeftBehindIsRemoved) {
  FakeTable table = TwoMembers();
  table.Put("nora", kGroup, Stamp(1), "left");
  EXPECT_EQ(Move(&table, {std::string(kGroup), Stamp(9), "second"}).value(), 2);
  EXPECT_THAT(table.Of("nora", kGroup), ElementsAre(Stamp(9) + " second"));
}

TEST(MoveConversation, AConversationWithoutRowsIsLeftAlone) {
  FakeTable table;
  EXPECT_EQ(Move(&table, {std::string(kGroup), Stamp(1), "hello"}).value(), 0);
  EXPECT_TRUE(table.rows.empty());
}

TEST(NextMicrosecond, SortsBehind) {
  EXPECT_EQ(*NextMicrosecond("2025-12-31T23:59:59.999999+00:00"), "2026-01-01T00:00:00+00:00");
  EXPECT_LT(Stamp(1), *NextMicrosecond(Stamp(1)));
  EXPECT_FALSE(NextMicrosecond("yesterday").ok());
}

std::string Record(Bytes event_name, Bytes pk, Bytes sk, Bytes text) {
  std::string record;
  json::Writer out(&record);
  out.BeginObject().Key("eventName").String(event_name).Key("dynamodb").BeginObject();
  out.Key("NewImage").BeginObject();
  for (const auto& [name, value] : {std::pair(Bytes("pk"), pk), {"sk", sk}, {"message", text}}) {
    out.Key(name).BeginObject().Key("S").String(value).EndObject();
  }
  out.EndObject().EndObject().EndObject();
  return record;
}

TEST(NewestMessages, TakesTheLastOfEachConversation) {
  const std::string event = "{\"Records\":[" + Record("INSERT", "MSG#g", "2", "b") + "," +
                            Record("INSERT", "MSG#g", "1", "a") + "," + Record("INSERT", "MSG#h", "1", "c") + "]}";
  const auto newest = NewestMessages(event);
  ASSERT_TRUE(newest.ok());
  ASSERT_EQ(newest->size(), 2U);
  EXPECT_EQ((*newest)[0].text, "b");
  EXPECT_EQ((*newest)[1].group_uuid, "h");
}

TEST(NewestMessages, PassesOverEverythingElse) {
  for (const std::string& record :
       {Record("MODIFY", "MSG#g", "1", "a"), Record("REMOVE", "MSG#g", "1", "a"), Record("INSERT", "GRP#g", "1", "a"),
        std::string(R"({"eventName":"REMOVE","dynamodb":{"Keys":{"pk":{"S":"MSG#g"}}}})"), std::string("{}"),
        std::string("null"), std::string(R"({"eventName":"INSERT","dynamodb":{"NewImage":{"pk":{"S":"MSG#g"}}}})"),
        std::string(R"({"eventName":"INSERT","dynamodb":{"NewImage":{"pk":{"S":"MSG#g"},"sk":{"N":"1"}}}})")}) {
    const auto newest = NewestMessages("{\"Records\":[" + record + "]}");
    ASSERT_TRUE(newest.ok());
    EXPECT_THAT(*newest, IsEmpty()) << record;
  }
  EXPECT_FALSE(NewestMessages("no json").ok());
  EXPECT_TRUE(NewestMessages("{}")->empty());
  EXPECT_TRUE(NewestMessages("[]")->empty());
}

}  // namespace
}  // namespace stator::messaging_stream
