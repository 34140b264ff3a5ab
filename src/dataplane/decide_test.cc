// What writes make of items, without a store.
#include "dataplane/decide.h"

#include <gtest/gtest.h>

#include "dataplane/limits.h"
#include "errors/dataplane.h"
#include "errors/table.h"
#include "expression/expression_testing.h"
#include "item/item_testing.h"

namespace stator::dataplane {
namespace {

using expression::testing::Substitutes;
using item::ItemView;
using item::testing::Stored;
using item::testing::Wire;
using Kind = table::Decision::Kind;

constexpr char kKey[] = R"({"pk":{"S":"a"}})";
constexpr char kItem[] = R"({"pk":{"S":"a"},"n":{"N":"1"}})";

// One write of each kind on the item kKey, under one condition.
class DecideTest : public ::testing::Test {
 protected:
  void SetUp() override {
    put_.item = Stored(R"({"pk":{"S":"a"},"n":{"N":"2"}})");
    delete_.key = update_.key = Stored(kKey);
  }

  void Ask(Bytes condition) {
    const Substitutes substitutes(R"({":one":{"N":"1"}})");
    expression::Binder binder = substitutes.Bind().value();
    const auto parsed = expression::Condition::Parse(expression::Parameter::kCondition, condition, binder);
    ASSERT_TRUE(parsed.ok()) << parsed.error().text;
    put_.condition = delete_.condition = update_.condition = *parsed;
  }
  void Do(Bytes update, Bytes values) {
    const Substitutes substitutes(values);
    expression::Binder binder = substitutes.Bind().value();
    auto parsed = expression::Update::Parse(update, binder);
    ASSERT_TRUE(parsed.ok()) << parsed.error().text;
    update_.update = *parsed;
  }
  Result<table::Decision> Updated(ItemView before) {
    return DecideUpdate(update_, before, UpdateSize::kSingle, &updated_);
  }

  const std::string there_ = Stored(kItem);
  PutRequest put_;
  DeleteRequest delete_;
  UpdateRequest update_;
  std::string updated_;
};

TEST_F(DecideTest, WithoutAConditionAWriteIsDone) {
  for (const ItemView before : {ItemView(there_), ItemView()}) {
    const auto put = DecidePut(put_, before);
    ASSERT_TRUE(put.ok());
    EXPECT_EQ(put->kind, Kind::kPut);
    EXPECT_EQ(put->item, put_.item);
  }
  EXPECT_EQ(DecideDelete(delete_, ItemView(there_))->kind, Kind::kErase);
  EXPECT_EQ(DecideDelete(delete_, ItemView())->kind, Kind::kKeep);
}

TEST_F(DecideTest, AConditionThatDoesNotHoldRefusesEveryKind) {
  Ask("n = :one");
  EXPECT_TRUE(DecidePut(put_, ItemView(there_)).ok());
  const std::string other = Stored(R"({"pk":{"S":"a"},"n":{"N":"3"}})");
  for (const ItemView before : {ItemView(other), ItemView()}) {
    EXPECT_EQ(DecidePut(put_, before).error().id, errors::kConditionFailed);
    EXPECT_EQ(DecideDelete(delete_, before).error().id, errors::kConditionFailed);
    EXPECT_EQ(Updated(before).error().id, errors::kConditionFailed);
  }
}

TEST_F(DecideTest, TheItemIsToldOnlyWhenAskedForAndThere) {
  Ask("n <> :one");
  EXPECT_EQ(DecidePut(put_, ItemView(there_)).error().detail, nullptr);
  put_.return_item_on_failure = true;
  const auto refused = DecidePut(put_, ItemView(there_));
  const auto* failure = dynamic_cast<const ConditionFailure*>(refused.error().detail.get());
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->item, there_);
  Ask("n = :one");
  EXPECT_EQ(DecidePut(put_, ItemView()).error().detail, nullptr);
}

TEST_F(DecideTest, PresenceIsAskedBesideTheCondition) {
  const ItemView there(there_);
  put_.presence = Presence::kNeeded;
  EXPECT_TRUE(DecidePut(put_, there).ok());
  EXPECT_EQ(DecidePut(put_, ItemView()).error().id, errors::kConditionFailed);
  put_.presence = Presence::kNotAllowed;
  EXPECT_EQ(DecidePut(put_, there).error().id, errors::kDuplicateItem);
  EXPECT_TRUE(DecidePut(put_, ItemView()).ok());
  Ask("n <> :one");
  delete_.presence = Presence::kNothingIsOk;
  EXPECT_EQ(DecideDelete(delete_, there).error().id, errors::kConditionFailed);
  EXPECT_EQ(DecideDelete(delete_, ItemView())->kind, Kind::kKeep);
}

TEST_F(DecideTest, AnUpdateWithoutActionsOnlyMakesSureOfTheItem) {
  EXPECT_EQ(Updated(ItemView(there_))->kind, Kind::kKeep);
  const auto made = Updated(ItemView());
  EXPECT_EQ(made->kind, Kind::kPut);
  EXPECT_EQ(Wire(ItemView(made->item)), kKey);
}

TEST_F(DecideTest, AnUpdateThatOnlyRemovesMakesNoItem) {
  Do("REMOVE n", "");
  EXPECT_EQ(Updated(ItemView())->kind, Kind::kKeep);
  EXPECT_EQ(Wire(ItemView(Updated(ItemView(there_))->item)), kKey);
}

TEST_F(DecideTest, AnUpdateGivesThePartsThatAreAskedFor) {
  Do("SET n = n + :v", R"({":v":{"N":"4"}})");
  EXPECT_EQ(Wire(ItemView(Updated(ItemView(there_))->item)), R"({"n":{"N":"5"},"pk":{"S":"a"}})");
  EXPECT_EQ(updated_, "");
  update_.return_values = ReturnValues::kUpdatedOld;
  ASSERT_TRUE(Updated(ItemView(there_)).ok());
  EXPECT_EQ(Wire(ItemView(updated_)), R"({"n":{"N":"1"}})");
  update_.return_values = ReturnValues::kUpdatedNew;
  ASSERT_TRUE(Updated(ItemView(there_)).ok());
  EXPECT_EQ(Wire(ItemView(updated_)), R"({"n":{"N":"5"}})");
}

TEST_F(DecideTest, AnUpdateMayFillAnItemAndNoMore) {
  const size_t room = kMaxItemBytes - ItemView(Stored(kKey)).size_bytes() - 1;  // the attribute's name is one byte
  for (const size_t more : {size_t{0}, size_t{1}}) {
    Do("SET v = :v", R"({":v":{"S":")" + std::string(room + more, 'x') + "\"}}");
    const auto decided = DecideUpdate(update_, ItemView(), UpdateSize::kTransaction, &updated_);
    EXPECT_EQ(decided.ok(), more == 0) << more;
    if (!decided.ok()) {
      EXPECT_EQ(decided.error().id, errors::kUpdateTooLarge);
    }
  }
}

TEST_F(DecideTest, AnUpdateNamesNoKeyAttribute) {
  auto schema = std::make_shared<catalog::TableSchema>();
  schema->key = {{{"pk", item::Tag::kString}}, {}};
  update_.table = schema;
  EXPECT_TRUE(CheckUpdate(update_).ok());
  Do("SET n = :v", R"({":v":{"N":"4"}})");
  EXPECT_TRUE(CheckUpdate(update_).ok());
  Do("SET n = :v REMOVE pk", R"({":v":{"N":"4"}})");
  EXPECT_EQ(CheckUpdate(update_).error().id, errors::kCannotUpdateKey);
}

}  // namespace
}  // namespace stator::dataplane
