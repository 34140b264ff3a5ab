#include "records/records.h"

#include <gtest/gtest.h>

#include "engine/commit_and_wait.h"
#include "engine/memory/memory_engine.h"
#include "errors/records.h"

namespace stator::records {
namespace {

using namespace std::string_literals;

class RecordsTest : public testing::Test {
 protected:
  void Commit(engine::Batch batch) {
    EXPECT_EQ(engine::CommitAndWait(*engine_, std::move(batch)).outcome, engine::Outcome::kDone);
  }
  void PutOne(const Key& key, uint8_t version, Bytes payload) {
    engine::Batch batch;
    Put(&batch, key, version, payload);
    Commit(std::move(batch));
  }

  Clock clock_;
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
};

TEST_F(RecordsTest, ReadsWhatWasPut) {
  const Key key(Kind::kTable, {"shared", "music"});
  PutOne(key, 3, "payload");
  engine::Value row;
  Record record;
  const auto found = Get(*engine_, key, &row, &record);
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(*found);
  EXPECT_EQ(record.version, 3);
  EXPECT_EQ(record.payload, "payload");
}

TEST_F(RecordsTest, FindsNothingAfterErase) {
  const Key key(Kind::kTable, {"music"});
  PutOne(key, 1, "");
  engine::Batch batch;
  Erase(&batch, key);
  Commit(std::move(batch));
  engine::Value row;
  Record record;
  EXPECT_FALSE(*Get(*engine_, key, &row, &record));
}

TEST_F(RecordsTest, AnEmptyRowIsAnError) {
  const Key key(Kind::kTable, {"music"});
  engine::Batch batch;
  batch.Put(engine::kRecordSpace, key.bytes(), "");
  Commit(std::move(batch));
  engine::Value row;
  Record record;
  EXPECT_EQ(Get(*engine_, key, &row, &record).error().id, errors::kRecordBroken);
}

TEST_F(RecordsTest, ScansOneKindInPartOrder) {
  PutOne(Key(Kind::kStore, {"before"}), 1, "x");
  PutOne(Key(Kind::kTable, {"a", "c"}), 1, "2");
  PutOne(Key(Kind::kTable, {"a"}), 1, "1");
  PutOne(Key(Kind::kTable, {"a\0b"s}), 1, "3");
  PutOne(Key(Kind::kTable, {"ab"}), 1, "4");
  PutOne(Key(Kind::kDroppedSpace, {"after"}), 1, "x");
  std::string order;
  const Status status = ForEach(*engine_, Key(Kind::kTable), [&](Bytes, const Record& record) -> Status {
    order += record.payload;
    return {};
  });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(order, "1234");
}

TEST_F(RecordsTest, ScansUnderAPrefixOfParts) {
  PutOne(Key(Kind::kTable, {"x", "one"}), 1, "");
  PutOne(Key(Kind::kTable, {"x", "two\0"s}), 1, "");
  PutOne(Key(Kind::kTable, {"xy", "three"}), 1, "");
  std::vector<std::string> parts;
  ASSERT_TRUE(ForEach(*engine_, Key(Kind::kTable, {"x"}), [&](Bytes rest, const Record&) -> Status {
                std::string part;
                EXPECT_TRUE(NextPart(&rest, &part));
                EXPECT_TRUE(rest.empty());
                parts.push_back(part);
                return {};
              }).ok());
  EXPECT_EQ(parts, (std::vector<std::string>{"one", "two\0"s}));
}

TEST_F(RecordsTest, ScanStopsAtTheFirstError) {
  PutOne(Key(Kind::kTable, {"a"}), 1, "");
  PutOne(Key(Kind::kTable, {"b"}), 1, "");
  int calls = 0;
  const Status status = ForEach(*engine_, Key(Kind::kTable), [&](Bytes, const Record&) -> Status {
    ++calls;
    return Fail(errors::kRecordBroken, "enough");
  });
  EXPECT_EQ(status.error().id, errors::kRecordBroken);
  EXPECT_EQ(calls, 1);
}

TEST(RecordKeyTest, NumbersSortAsNumbers) {
  const uint64_t numbers[] = {0, 1, 255, 256, 65536, uint64_t{1} << 32, ~uint64_t{0}};
  for (size_t i = 0; i + 1 < std::size(numbers); ++i) {
    Key low(Kind::kDroppedSpace);
    Key high(Kind::kDroppedSpace);
    low.Add(numbers[i]);
    high.Add(numbers[i + 1]);
    EXPECT_LT(low.bytes(), high.bytes());
    Bytes rest = low.bytes().substr(1);
    uint64_t back = 7;
    EXPECT_TRUE(NextPart(&rest, &back));
    EXPECT_EQ(back, numbers[i]);
  }
}

TEST(RecordKeyTest, BrokenPartsAreRefused) {
  std::string part;
  for (const std::string& broken : {""s, "abc"s, "abc\0"s, "\0\2"s}) {
    Bytes rest = broken;
    EXPECT_FALSE(NextPart(&rest, &part));
  }
}

}  // namespace
}  // namespace stator::records
