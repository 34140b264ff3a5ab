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
    table.ttl = {Text(), Coin(), Space(), Coin(), Coin() ? std::optional<Time>(Moment()) : std::nullopt};
    for (uint64_t i = random_.Below(3); i > 0; --i) table.policies.push_back({Text(), Text(), Text()});
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

std::string Hex(Bytes bytes) {
  std::string hex;
  for (const char c : bytes) {
    hex.push_back("0123456789abcdef"[static_cast<uint8_t>(c) >> 4]);
    hex.push_back("0123456789abcdef"[static_cast<uint8_t>(c) & 15]);
  }
  return hex;
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

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
    EXPECT_EQ(read->ttl.attribute, table.ttl.attribute);
    EXPECT_EQ(read->ttl.space, table.ttl.space);
    EXPECT_EQ(read->policies, table.policies);
    EXPECT_EQ(read->created, table.created);
    ASSERT_EQ(read->indexes.size(), table.indexes.size());
    for (size_t i = 0; i < table.indexes.size(); ++i) {
      EXPECT_EQ(read->indexes[i].key, table.indexes[i].key);
      EXPECT_EQ(read->indexes[i].projected, table.indexes[i].projected);
      EXPECT_EQ(read->indexes[i].space, table.indexes[i].space);
    }
  }
}

// A table with something in every field.
TableSchema Everything() {
  TableSchema table;
  table.name_space = NamespaceId{1};
  table.name = "cruddur-messages";
  table.arn = "arn:aws:dynamodb:us-east-1:000000000000:table/cruddur-messages";
  table.id = "01234567-89ab-4cde-8f01-23456789abcd";
  table.space = engine::Space{300};
  table.key = {{{"pk", item::Tag::kString}}, {{"sk", item::Tag::kNumber}}};
  table.attributes = {{"pk", item::Tag::kString}, {"sk", item::Tag::kNumber}, {"g", item::Tag::kBinary}};
  table.state = State::kUpdating;
  table.created = Time{1'700'000'000'123'456};
  table.billing = BillingMode::kPayPerRequest;
  table.on_demand_since = Time{1'700'000'001'000'000};
  table.throughput = {5, 6, Time{1'700'000'002'000'000}, Time{1'700'000'003'000'000}, 2};
  table.on_demand = OnDemandThroughput{-1, 1000};
  table.warm = WarmThroughput{12'000, 4'000};
  table.stream = {true, "NEW_IMAGE", "2026-11-20T10:00:00.123"};
  table.sse = SseSpecification{true, "key"};
  table.table_class = TableClass::kStandardInfrequentAccess;
  table.deletion_protection = true;
  table.ttl = {"expires", true, engine::Space{302}, true, Time{1'700'000'004'000'000}};
  table.policies = {{"", "{}", "17"}, {"label", "{}", "18"}};
  table.tags = {{"a", "1"}, {"b", ""}};
  IndexSchema index;
  index.name = "by-g";
  index.arn = table.arn + "/index/by-g";
  index.local = false;
  index.space = engine::Space{301};
  index.key = {{{"g", item::Tag::kBinary}, {"pk", item::Tag::kString}}, {{"sk", item::Tag::kNumber}}};
  index.projection = ProjectionType::kInclude;
  index.non_key_attributes = {"text", "at"};
  index.state = State::kCreating;
  index.backfilling = true;
  index.throughput = {7, 8, std::nullopt, std::nullopt, 0};
  table.indexes.push_back(index);
  index.name = "local";
  index.local = true;
  index.projection = ProjectionType::kAll;
  index.state = State::kActive;
  index.on_demand = OnDemandThroughput{std::nullopt, 9};
  index.warm = WarmThroughput{1, 2};
  table.indexes.push_back(index);
  return table;
}

// As tables lie on disk: what is written differs from it in no byte, and what was written is still read.
TEST(SchemaCodec, BytesStayTheSame) {
  const std::string first_version =
      "0110637275646475722d6d657373616765733e61726e3a6177733a64796e616d6f64623a75732d656173742d313a30303030303030303030"
      "30303a7461626c652f637275646475722d6d657373616765732430313233343536372d383961622d346364652d386630312d323334353637"
      "383961626364ac020102706b040102736b030302706b0402736b03016705020462792d674961726e3a6177733a64796e616d6f64623a7573"
      "2d656173742d313a3030303030303030303030303a7461626c652f637275646475722d6d657373616765732f696e6465782f62792d6700ad"
      "020201670502706b040102736b0302020474657874026174000107000000000000000800000000000000000000000000000000000000056c"
      "6f63616c4961726e3a6177733a64796e616d6f64623a75732d656173742d313a3030303030303030303030303a7461626c652f6372756464"
      "75722d6d657373616765732f696e6465782f62792d6701ad020201670502706b040102736b03000204746578740261740101070000000000"
      "0000080000000000000000000000000000000000010001090000000000000001010000000000000002000000000000000240222018240a06"
      "00010140822d18240a0600050000000000000006000000000000000180c43c18240a060001c0064c18240a060002000000000000000101ff"
      "ffffffffffffff01e80300000000000001e02e000000000000a00f00000000000001094e45575f494d41474517323032362d31312d323054"
      "31303a30303a30302e3132330101036b65790101010201610131016200";
  const std::string second_version = first_version + "076578706972657301ae02010100495b18240a0600";
  const std::string stored = second_version + "0200027b7d023137056c6162656c027b7d023138";
  EXPECT_EQ(Hex(EncodeSchema(Everything())), stored);
  std::optional<TableSchema> read = DecodeSchema(kSchemaVersion, FromHex(stored));
  ASSERT_TRUE(read);
  EXPECT_EQ(Hex(EncodeSchema(*read)), stored);
  read = DecodeSchema(2, FromHex(second_version));
  ASSERT_TRUE(read);
  EXPECT_EQ(Hex(EncodeSchema(*read)), second_version + "00");
  read = DecodeSchema(1, FromHex(first_version));
  ASSERT_TRUE(read);
  EXPECT_EQ(Hex(EncodeSchema(*read)), first_version + "000000000000");
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
