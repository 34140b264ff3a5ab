// Writing into conversations, with a table that answers as the test says.
#include "api/conversations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

#include "net/caller_fake.h"

namespace stator::messages {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Answers = std::deque<Result<std::string>>;

class ConversationsTest : public ::testing::Test {
 protected:
  ConversationsTest() {
    caller_.answer = [this](const std::string& operation, const std::string&) -> Result<std::string> {
      auto& answers = answers_[operation];
      if (answers.empty()) return std::string("{}");
      Result<std::string> next = std::move(answers.front());
      answers.pop_front();
      return next;
    };
  }
  template <class T>
  static Result<T> Done(Task<Result<T>> task) {
    EXPECT_TRUE(task.done());
    return task.Take();
  }
  Draft NewDraft(bool retry = false) { return {nora_, "hello", "11111111-1111-1111-1111-111111111111", retry}; }
  static std::string PairOf(const std::string& group) {
    return R"({"Item":{"conversation_uuid":{"S":")" + group + R"("}}})";
  }
  static Error Cancelled(const std::string& codes) {
    return RemoteFault("TransactionCanceledException", R"(,"CancellationReasons":[)" + codes + "]");
  }

  const Person nora_{"uuid-nora", "nora", "Nora"};
  const Person malik_{"uuid-malik", "malik", "Malik"};
  std::map<std::string, Answers> answers_;
  FakeCaller caller_;
  Lane lane_{0};
  Conversations conversations_{caller_, "table", lane_};
};

TEST_F(ConversationsTest, AMessageTakesTheNextMomentIfItsOwnIsTaken) {
  answers_["PutItem"] = {RemoteFault("ConditionalCheckFailedException"), std::string("{}")};
  answers_["GetItem"] = {std::string(R"({"Item":{"message_uuid":{"S":"another"}}})")};
  const auto written = Done(conversations_.Post("group", NewDraft()));
  ASSERT_TRUE(written.ok());
  EXPECT_THAT(caller_.calls, ElementsAre("PutItem", "GetItem", "PutItem"));
  EXPECT_THAT(caller_.bodies[2], HasSubstr(written->created_at));
}

TEST_F(ConversationsTest, AMessageThatIsThereAlreadyIsNotWrittenTwice) {
  answers_["PutItem"] = {RemoteFault("ConditionalCheckFailedException")};
  answers_["GetItem"] = {std::string(R"({"Item":{"message_uuid":{"S":"11111111-1111-1111-1111-111111111111"}}})")};
  ASSERT_TRUE(Done(conversations_.Post("group", NewDraft())).ok());
  EXPECT_THAT(caller_.calls, ElementsAre("PutItem", "GetItem"));
}

TEST_F(ConversationsTest, ARetryFindsOnlyTheAuthorsOwnMessage) {
  const std::string mine =
      R"({"message_uuid":{"S":"11111111-1111-1111-1111-111111111111"},"user_uuid":{"S":"uuid-nora"},)"
      R"("sk":{"S":"then"},"message":{"S":"hello"}})";
  const std::string theirs = R"({"message_uuid":{"S":"11111111-1111-1111-1111-111111111111"},"user_uuid":{"S":"x"}})";
  answers_["Query"] = {R"({"Items":[)" + theirs + "," + mine + "]}", R"({"Items":[)" + theirs + "]}"};
  const auto found = Done(conversations_.Post("group", NewDraft(true)));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->created_at, "then");
  EXPECT_THAT(caller_.calls, ElementsAre("Query"));
  ASSERT_TRUE(Done(conversations_.Post("group", NewDraft(true))).ok());
  EXPECT_THAT(caller_.calls, ElementsAre("Query", "Query", "PutItem"));
}

TEST_F(ConversationsTest, AStartIsOneTransaction) {
  answers_["Query"] = {std::string(R"({"Items":[]})")};
  const auto begun = Done(conversations_.Start(malik_, NewDraft()));
  ASSERT_TRUE(begun.ok());
  EXPECT_THAT(caller_.calls, ElementsAre("GetItem", "Query", "TransactWriteItems"));
  for (const char* part : {"PAIR#uuid-malik#uuid-nora", "GRP#uuid-nora", "GRP#uuid-malik", "MSG#", "hello"}) {
    EXPECT_THAT(caller_.bodies[2], HasSubstr(part));
  }
  // Both are known to be its members from now on.
  const auto other = Done(conversations_.OtherIn(begun->group_uuid, "uuid-malik"));
  ASSERT_TRUE(other.ok() && other->has_value());
  EXPECT_EQ((*other)->handle, "nora");
  EXPECT_EQ(caller_.calls.size(), 3u);
}

TEST_F(ConversationsTest, AStartThatIsBeatenWritesIntoTheOtherOnesConversation) {
  answers_["Query"] = {std::string(R"({"Items":[]})")};
  answers_["GetItem"] = {std::string("{}"), PairOf("theirs")};
  answers_["TransactWriteItems"] = {Cancelled(R"({"Code":"ConditionalCheckFailed"},{"Code":"None"})")};
  const auto written = Done(conversations_.Start(malik_, NewDraft()));
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written->group_uuid, "theirs");
  EXPECT_THAT(caller_.calls, ElementsAre("GetItem", "Query", "TransactWriteItems", "GetItem", "PutItem"));
}

TEST_F(ConversationsTest, AStartTakesTheNextMomentIfOneOfItsRowsIsTaken) {
  answers_["Query"] = {std::string(R"({"Items":[]})"), std::string(R"({"Items":[]})")};
  answers_["TransactWriteItems"] = {Cancelled(R"({"Code":"None"},{"Code":"ConditionalCheckFailed"},{"Code":"None"})")};
  ASSERT_TRUE(Done(conversations_.Start(malik_, NewDraft())).ok());
  EXPECT_EQ(std::count(caller_.calls.begin(), caller_.calls.end(), "TransactWriteItems"), 2);
}

TEST_F(ConversationsTest, AConversationWithoutAPairRowIsFoundAndGivenOne) {
  answers_["Query"] = {std::string(
      R"({"Items":[{"sk":{"S":"5"},"user_uuid":{"S":"x"}},{"sk":{"S":"4"},"user_uuid":{"S":"uuid-malik"},"message_group_uuid":{"S":"old"}}]})")};
  const auto written = Done(conversations_.Start(malik_, NewDraft()));
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written->group_uuid, "old");
  EXPECT_THAT(caller_.calls, ElementsAre("GetItem", "Query", "PutItem", "PutItem"));
  EXPECT_THAT(caller_.bodies[2], HasSubstr("PAIR#"));
}

// The row has moved from a page that was still to come to before the first one.
TEST_F(ConversationsTest, AConversationThatMovesWhileItIsLookedForIsFound) {
  answers_["Query"] = {
      std::string(
          R"({"Items":[{"sk":{"S":"5"},"user_uuid":{"S":"x"}}],"LastEvaluatedKey":{"pk":{"S":"k"},"sk":{"S":"5"}}})"),
      std::string(R"({"Items":[]})"),
      std::string(R"({"Items":[{"sk":{"S":"6"},"user_uuid":{"S":"uuid-malik"},"message_group_uuid":{"S":"moved"}}]})")};
  const auto written = Done(conversations_.Start(malik_, NewDraft()));
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written->group_uuid, "moved");
  EXPECT_THAT(caller_.bodies[3], HasSubstr("sk > :bound"));
}

TEST_F(ConversationsTest, FaultsAreHandedOn) {
  answers_["PutItem"] = {RemoteFault("ResourceNotFoundException")};
  EXPECT_FALSE(Done(conversations_.Post("group", NewDraft())).ok());
  answers_["Query"] = {std::string(R"({"Items":[]})")};
  answers_["TransactWriteItems"] = {Cancelled(R"({"Code":"ValidationError"})")};
  EXPECT_FALSE(Done(conversations_.Start(malik_, NewDraft())).ok());
  answers_["Query"] = {std::string("[]")};
  EXPECT_FALSE(Done(conversations_.List("user", {})).ok());
}

TEST_F(ConversationsTest, AConversationThatIsMovingIsShownOnce) {
  answers_["Query"] = {std::string(
      R"({"Items":[{"sk":{"S":"5"},"message_group_uuid":{"S":"g"}},{"sk":{"S":"4"},"message_group_uuid":{"S":"g"}}]})")};
  const auto body = Done(conversations_.List("user", {}));
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body->find("\"created_at\":\"4\""), std::string::npos);
  EXPECT_THAT(*body, HasSubstr("\"before\":null"));
}

}  // namespace
}  // namespace stator::messages
