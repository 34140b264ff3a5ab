#include "catalog/schema_codec.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace stator::catalog {
namespace {

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  TableSchema Table() {
    TableSchema table;
    table.name_space = NamespaceId{static_cast<uint32_t>(random_.Below(3))};
    table.name = Text();
    table.arn = Text();
    table.id = Text();
    table.space = Space();
    table.key = Key(1);
    table.attributes = Attributes(random_.Below(5));
    for (uint64_t i = random_.Below(4); i > 0; --i) table.indexes.push_back(Index(table.key));
    table.state = static_cast<State>(random_.Below(4));
    table.created = Moment();
    table.billing = static_cast<BillingMode>(random_.Below(2));
    if (Coin()) table.on_demand_since = Moment();
    table.throughput = Units();
    table.on_demand = OnDemand();
    table.warm = Warm();
    table.stream = {Coin(), Text(), Text()};
    if (Coin()) table.sse = SseSpecification{Coin(), Text()};
    if (Coin()) table.table_class = static_cast<TableClass>(random_.Below(2));
    table.deletion_protection = Coin();
    for (uint64_t i = random_.Below(4); i > 0; --i) table.tags.emplace_back(Text(), Text());
    return table;
  }

 private:
  bool Coin() { return random_.Below(2) == 1; }
  std::string Text() {
    std::string text;
    for (uint64_t i = random_.Below(12); i > 0; --i) text.push_back(static_cast<char>(random_.Below(256)));
    return text;
  }
  engine::Space Space() { return engine::Space{static_cast<uint32_t>(random_.Next())}; }
  Time Moment() { return Time{static_cast<int64_t>(random_.Next())}; }
  std::vector<KeyAttribute> Attributes(uint64_t count) {
    static constexpr item::Tag kScalars[] = {item::Tag::kString, item::Tag::kNumber, item::Tag::kBinary};
    std::vector<KeyAttribute> list;
    for (; count > 0; --count) list.push_back({Text(), kScalars[random_.Below(3)]});
    return list;
  }
  KeySchema Key(uint64_t most) { return {Attributes(1 + random_.Below(most)), Attributes(random_.Below(most + 1))}; }
  Throughput Units() {
    Throughput units;
    units.read = static_cast<int64_t>(random_.Next());
    units.write = static_cast<int64_t>(random_.Below(100));
    if (Coin()) units.last_increase = Moment();
    if (Coin()) units.last_decrease = Moment();
    units.decreases_today = static_cast<int64_t>(random_.Below(5));
    return units;
  }
  std::optional<OnDemandThroughput> OnDemand() {
    if (Coin()) return std::nullopt;
    OnDemandThroughput limits;
    if (Coin()) limits.max_read = -1;
    if (Coin()) limits.max_write = static_cast<int64_t>(random_.Below(1000));
    return limits;
  }
  std::optional<WarmThroughput> Warm() {
    if (Coin()) return std::nullopt;
    return WarmThroughput{static_cast<int64_t>(random_.Below(1000)), static_cast<int64_t>(random_.Below(1000))};
  }
  IndexSchema Index(const KeySchema& table_key) {
    IndexSchema index;
    index.name = Text();
    index.arn = Text();
    index.local = Coin();
    index.space = Space();
    index.key = Key(4);
    index.projection = static_cast<ProjectionType>(random_.Below(3));
    for (uint64_t i = random_.Below(4); i > 0; --i) index.non_key_attributes.push_back(Text());
    index.projected = ProjectedNames(table_key, index);
    index.state = static_cast<State>(random_.Below(4));
    index.backfilling = Coin();
    index.throughput = Units();
    index.on_demand = OnDemand();
    index.warm = Warm();
    return index;
  }

  Random random_;
};

TEST(SchemaCodec, RoundTrip) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    const TableSchema table = Maker(seed).Table();
    const std::string bytes = EncodeSchema(table);
    const std::optional<TableSchema> read = DecodeSchema(kSchemaVersion, bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(EncodeSchema(*read), bytes);
    EXPECT_EQ(read->name, table.name);
    EXPECT_EQ(read->key, table.key);
    EXPECT_EQ(read->attributes, table.attributes);
    EXPECT_EQ(read->tags, table.tags);
    EXPECT_EQ(read->created, table.created);
    ASSERT_EQ(read->indexes.size(), table.indexes.size());
    for (size_t i = 0; i < table.indexes.size(); ++i) {
      EXPECT_EQ(read->indexes[i].key, table.indexes[i].key);
      EXPECT_EQ(read->indexes[i].projected, table.indexes[i].projected);
      EXPECT_EQ(read->indexes[i].space, table.indexes[i].space);
    }
  }
}

TEST(SchemaCodec, RefusesDamage) {
  const std::string bytes = EncodeSchema(Maker(7).Table());
  EXPECT_FALSE(DecodeSchema(kSchemaVersion + 1, bytes));
  EXPECT_FALSE(DecodeSchema(kSchemaVersion, bytes + "x"));
  for (size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(DecodeSchema(kSchemaVersion, Bytes(bytes).substr(0, n))) << n;
}

TEST(SchemaCodec, SurvivesAnyBytes) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    std::string bytes = EncodeSchema(Maker(seed % 10).Table());
    for (int i = 0; i < 3; ++i) bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    (void)DecodeSchema(kSchemaVersion, bytes);  // an answer, whichever
  }
}

TEST(SchemaCodec, ProjectedNamesAreSortedAndDistinct) {
  IndexSchema index;
  index.projection = ProjectionType::kInclude;
  index.key.hash = {{"z", item::Tag::kString}};
  index.key.range = {{"pk", item::Tag::kString}};
  index.non_key_attributes = {"m", "z", "a"};
  const KeySchema table_key{{{"pk", item::Tag::kString}}, {{"sk", item::Tag::kString}}};
  EXPECT_EQ(ProjectedNames(table_key, index), (std::vector<std::string>{"a", "m", "pk", "sk", "z"}));
  index.projection = ProjectionType::kAll;
  EXPECT_TRUE(ProjectedNames(table_key, index).empty());
}

}  // namespace
}  // namespace stator::catalog
