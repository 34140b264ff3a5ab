#include "streams/change.h"

#include <gtest/gtest.h>

#include "streams/streams_testing.h"

namespace stator::streams {
namespace {

using item::ItemView;

// What AppendChange puts into a batch.
std::string Recorded(const std::string& before, const std::string& after, bool by_service) {
  engine::Batch batch;
  AppendChange(&batch, engine::Space{7}, ItemView(before), ItemView(after), by_service);
  engine::Batch::Entry entry;
  engine::Batch::Reader reader(batch);
  EXPECT_TRUE(reader.Next(&entry));
  EXPECT_EQ(entry.kind, engine::Batch::Kind::kAppend);
  EXPECT_EQ(entry.space, engine::Space{7});
  std::string record(entry.value);
  EXPECT_FALSE(reader.Next(&entry));
  return record;
}

TEST(Change, SaysWhatHappened) {
  const std::string one = Stored(R"({"pk":{"S":"a"},"v":{"N":"1"}})");
  const std::string two = Stored(R"({"pk":{"S":"a"},"v":{"N":"2"},"more":{"S":"x"}})");
  const struct {
    std::string before, after;
    Event event;
  } cases[] = {{"", one, Event::kInsert}, {one, two, Event::kModify}, {one, "", Event::kRemove}};
  for (const auto& c : cases) {
    for (const bool by_service : {false, true}) {
      const std::string record = Recorded(c.before, c.after, by_service);
      Change change;
      ASSERT_TRUE(DecodeChange({42, Time{7}, record}, &change));
      EXPECT_EQ(change.event, c.event);
      EXPECT_EQ(change.by_service, by_service);
      EXPECT_EQ(change.position, 42U);
      EXPECT_EQ(change.time, Time{7});
      EXPECT_EQ(change.before.stored(), c.before);
      EXPECT_EQ(change.after.stored(), c.after);
      EXPECT_EQ(change.image().Find("pk").bytes(), "a");
      EXPECT_TRUE(ValidChange(record));
    }
  }
}

TEST(Change, DamageIsNoRecord) {
  const std::string one = Stored(R"({"pk":{"S":"a"}})");
  const std::string record = Recorded(one, one + "", false);
  Change change;
  EXPECT_FALSE(DecodeChange({1, {}, ""}, &change));
  EXPECT_FALSE(DecodeChange({1, {}, "\x02"}, &change));
  for (size_t size = 0; size < record.size(); ++size) EXPECT_FALSE(ValidChange(Bytes(record).substr(0, size))) << size;
  for (int kind = 0; kind < 256; ++kind) {
    std::string other = record;
    other[1] = static_cast<char>(kind);
    EXPECT_EQ(ValidChange(other), (kind & 0x7f) == 2) << kind;
  }
}

TEST(Change, SequenceNumbersSortAsPositions) {
  const engine::Position positions[] = {0, 1, 9, 10, 12'345'678'901, ~engine::Position{0} - 1, ~engine::Position{0}};
  std::string last;
  for (const engine::Position position : positions) {
    const std::string number = SequenceNumber(position);
    EXPECT_EQ(number.size(), 21U);
    EXPECT_LT(last, number);
    EXPECT_EQ(ParseSequenceNumber(number), position);
    last = number;
  }
  for (const char* text : {"", "1", "000000000000000000001", "100000000000000000000000", "1ffffffffffffffffffff",
                           "199999999999999999999", "1-0000000000000000001", "10000000000000000000 "}) {
    EXPECT_EQ(ParseSequenceNumber(text), std::nullopt) << text;
  }
}

TEST(Change, ItemsHashByTheirWholeKey) {
  const catalog::KeySchema key{{{"pk", item::Tag::kString}}, {{"sk", item::Tag::kNumber}}};
  const auto hash = [&key](const std::string& wire) {
    const std::string stored = Stored(wire);
    Change change;
    change.after = ItemView(stored);
    return ItemHash(key, change);
  };
  const uint64_t one = hash(R"({"pk":{"S":"a"},"sk":{"N":"1"},"v":{"S":"x"}})");
  EXPECT_EQ(one, hash(R"({"pk":{"S":"a"},"sk":{"N":"1.0"},"v":{"S":"y"}})"));
  EXPECT_NE(one, hash(R"({"pk":{"S":"a"},"sk":{"N":"2"},"v":{"S":"x"}})"));
  EXPECT_NE(one, hash(R"({"pk":{"S":"b"},"sk":{"N":"1"},"v":{"S":"x"}})"));
}

}  // namespace
}  // namespace stator::streams
