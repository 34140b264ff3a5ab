#include "item/value.h"

#include <gtest/gtest.h>

#include "item/wire.h"

namespace stator::item {
namespace {

std::string Encoded(const std::string& wire) {
  json::Document document;
  return *ReadValue(*document.Parse(wire));
}

TEST(ValueTest, TypesHaveTheirWireNames) {
  for (const std::string name : {"NULL", "BOOL", "N", "S", "B", "L", "M", "NS", "SS", "BS"}) {
    std::string wire = "\"x\"";
    if (name == "NULL" || name == "BOOL") wire = "true";
    if (name == "N") wire = "\"1\"";
    if (name == "B") wire = "\"AA==\"";
    if (name == "L") wire = "[]";
    if (name == "M") wire = "{}";
    if (name == "SS") wire = R"(["x"])";
    if (name == "NS") wire = R"(["1"])";
    if (name == "BS") wire = R"(["AA=="])";
    const std::string encoded = Encoded("{\"" + name + "\":" + wire + "}");
    EXPECT_EQ(TypeName(ValueView(encoded).tag()), name);
    EXPECT_TRUE(ValidValue(encoded));
  }
}

TEST(ValueTest, ListsAreWalkedAndIndexed) {
  const std::string encoded = Encoded(R"({"L":[{"S":"a"},{"N":"5"},{"L":[{"BOOL":false}]}]})");
  const ListView list = ValueView(encoded).list();
  EXPECT_EQ(list.count(), 3u);
  EXPECT_EQ(list.At(0).bytes(), "a");
  EXPECT_EQ(list.At(1).number().text(), "5");
  EXPECT_EQ(list.At(2).list().At(0).tag(), Tag::kFalse);
  EXPECT_FALSE(list.At(3).valid());
  EXPECT_FALSE(list.At(SIZE_MAX).valid());
}

TEST(ValueTest, MapsAreSearched) {
  const std::string encoded = Encoded(R"({"M":{"b":{"S":"2"},"a":{"S":"1"},"":{"S":"0"},"ab":{"NULL":true}}})");
  const MapView map = ValueView(encoded).map();
  EXPECT_EQ(map.count(), 4u);
  EXPECT_EQ(map.Find("a").bytes(), "1");
  EXPECT_EQ(map.Find("b").bytes(), "2");
  EXPECT_EQ(map.Find("").bytes(), "0");
  EXPECT_EQ(map.Find("ab").tag(), Tag::kNull);
  EXPECT_FALSE(map.Find("c").valid());
  EXPECT_FALSE(map.Find("aa").valid());
}

TEST(ValueTest, SetsAreSearched) {
  const std::string encoded = Encoded(R"({"SS":["b","a","ccc"]})");
  const SetView set = ValueView(encoded).set();
  EXPECT_EQ(set.count(), 3u);
  for (const Bytes member : {"a", "b", "ccc"}) EXPECT_TRUE(set.Contains(member));
  for (const Bytes member : {"", "c", "cccc", "ab"}) EXPECT_FALSE(set.Contains(member));
  const std::string numbers = Encoded(R"({"NS":["10","9"]})");
  EXPECT_TRUE(ValueView(numbers).set().Contains(ValueView(Encoded(R"({"N":"1e1"})")).ordered_number()));
}

TEST(ValueTest, OrderIsWithinOneTypeOnly) {
  const auto compare = [](const std::string& a, const std::string& b) {
    const std::string x = Encoded(a), y = Encoded(b);
    return CompareSameType(ValueView(x), ValueView(y));
  };
  EXPECT_EQ(compare(R"({"N":"9"})", R"({"N":"10"})"), std::strong_ordering::less);
  EXPECT_EQ(compare(R"({"N":"-9"})", R"({"N":"-10"})"), std::strong_ordering::greater);
  EXPECT_EQ(compare(R"({"N":"1"})", R"({"N":"1.0"})"), std::strong_ordering::equal);
  EXPECT_EQ(compare(R"({"S":"9"})", R"({"S":"10"})"), std::strong_ordering::greater);
  EXPECT_EQ(compare(R"({"S":"a"})", R"({"S":"aa"})"), std::strong_ordering::less);
  EXPECT_EQ(compare(R"({"S":"z"})", R"({"S":"ü"})"), std::strong_ordering::less);  // bytes, unsigned
  EXPECT_EQ(compare(R"({"B":"/w=="})", R"({"B":"AAA="})"), std::strong_ordering::greater);
  EXPECT_EQ(compare(R"({"S":"1"})", R"({"N":"1"})"), std::nullopt);
  EXPECT_EQ(compare(R"({"S":"AA=="})", R"({"B":"AA=="})"), std::nullopt);
  EXPECT_EQ(compare(R"({"BOOL":true})", R"({"BOOL":true})"), std::nullopt);
  EXPECT_EQ(compare(R"({"L":[]})", R"({"L":[]})"), std::nullopt);
}

TEST(ValueTest, LevelsCountTheDeepestPath) {
  const auto levels = [](const std::string& wire) { return ValueView(Encoded(wire)).levels(); };
  EXPECT_EQ(levels(R"({"S":"x"})"), 1);
  EXPECT_EQ(levels(R"({"L":[]})"), 1);
  EXPECT_EQ(levels(R"({"SS":["x"]})"), 1);
  EXPECT_EQ(levels(R"({"M":{"a":{"S":"x"}}})"), 2);
  EXPECT_EQ(levels(R"({"L":[{"S":"x"},{"M":{"a":{"L":[{"S":"x"}]}}},{"L":[]}]})"), 4);
}

TEST(ValueTest, BuildersMakeTheCanonicalForm) {
  std::string a, b, list, set, map;
  AppendNumber(&a, Number::FromInt(7));
  AppendString(&b, "text");
  const ValueView elements[] = {ValueView(a), ValueView(b)};
  AppendList(&list, elements);
  EXPECT_EQ(list, Encoded(R"({"L":[{"N":"7"},{"S":"text"}]})"));
  AppendSet(&set, Tag::kStringSet, {"q", "p", "q"});
  EXPECT_EQ(set, Encoded(R"({"SS":["p","q"]})"));
  AppendMap(&map, {{"z", ValueView(a)}, {"a", ValueView(set)}});
  EXPECT_EQ(map, Encoded(R"({"M":{"a":{"SS":["p","q"]},"z":{"N":"7"}}})"));
  json::Document document;
  EXPECT_EQ(MakeItem({{"z", ValueView(a)}, {"a", ValueView(map)}}),
            *ReadItem(*document.Parse(R"({"a":{"M":{"a":{"SS":["p","q"]},"z":{"N":"7"}}},"z":{"N":"7"}})")));
}

TEST(ValueTest, OtherBytesAreNotValid) {
  json::Document document;
  const std::string item = *ReadItem(*document.Parse(R"({"a":{"S":"x"},"b":{"NS":["1","2"]}})"));
  EXPECT_TRUE(ValidItem(item));
  for (size_t size = 0; size < item.size(); ++size) EXPECT_FALSE(ValidItem(Bytes(item).substr(0, size))) << size;
  EXPECT_FALSE(ValidItem(item + "x"));
  std::string other = item;
  other[0] = 2;  // a later format
  EXPECT_FALSE(ValidItem(other));
  other = item;
  ++other[1];  // a wrong size
  EXPECT_FALSE(ValidItem(other));
  EXPECT_FALSE(ValidValue(std::string("\x0b\0", 2)));                  // no such tag
  EXPECT_FALSE(ValidValue(std::string("\x04\x81\x00x", 4)));           // a length in two bytes where one will do
  EXPECT_FALSE(ValidValue(std::string("\x09\x05\x02\x01q\x01p", 7)));  // members out of order
  EXPECT_FALSE(ValidValue(std::string("\x09\x05\x02\x01p\x01p", 7)));  // and repeated
  EXPECT_FALSE(ValidValue(std::string("\x09\x01\x00", 3)));            // an empty set
  EXPECT_FALSE(ValidValue(std::string("\x07\x07\x02\x01q\x00\x01p\x00", 9)));
}

TEST(ValueTest, NestingBeyondTheLimitIsNotValid) {
  std::string value("\x00", 1);
  for (int levels = 2; levels <= 40; ++levels) {
    std::string outer;
    const ValueView elements[] = {ValueView(value)};
    AppendList(&outer, elements);
    value = outer;
    EXPECT_EQ(ValidValue(value), levels <= kMaxLevels) << levels;
  }
}

TEST(ValueDeathTest, ViewsOfMalformedBytesEndTheProcess) {
  EXPECT_DEATH(ValueView(Bytes("\x04\x05xy", 4)).bytes(), "check failed");
  EXPECT_DEATH(ValueView(Bytes("\x06\x03\x01\x04\x09", 5)).list().At(0), "check failed");
  EXPECT_DEATH(ValueView(Bytes("\x04\x01x", 3)).list(), "check failed");
  EXPECT_DEATH(ValueView().tag(), "check failed");
  EXPECT_DEATH(ItemView("\x02").attributes(), "check failed");
}

}  // namespace
}  // namespace stator::item
