#include "item/tree.h"

#include <gtest/gtest.h>

#include "item/wire.h"

namespace stator::item {
namespace {

std::string Item(const std::string& wire) {
  json::Document document;
  return *ReadItem(*document.Parse(wire));
}

std::string Encoded(const std::string& wire) {
  json::Document document;
  return *ReadValue(*document.Parse(wire));
}

std::string Written(Bytes stored) {
  std::string out;
  json::Writer writer(&out);
  WriteItem(ItemView(stored), writer);
  return out;
}

TEST(TreeTest, MembersAreAddedReplacedAndRemovedInOrder) {
  const std::string item = Item(R"({"b":{"S":"x"},"d":{"N":"1"}})");
  Tree tree = OpenItem(ItemView(item));
  tree.SetMember("c", Tree(Encoded(R"({"NULL":true})")));
  tree.SetMember("a", Tree(Encoded(R"({"S":"first"})")));
  tree.SetMember("b", Tree(Encoded(R"({"S":"y"})")));
  EXPECT_TRUE(tree.RemoveMember("d"));
  EXPECT_FALSE(tree.RemoveMember("d"));
  EXPECT_EQ(tree.FindMember("d"), nullptr);
  EXPECT_EQ(tree.FindMember("b")->tag(), Tag::kString);
  const std::string changed = EncodeItem(tree);
  EXPECT_TRUE(ValidItem(changed));
  EXPECT_EQ(Written(changed), R"({"a":{"S":"first"},"b":{"S":"y"},"c":{"NULL":true}})");
}

TEST(TreeTest, NestedValuesAreChangedInPlace) {
  const std::string item = Item(R"({"m":{"M":{"l":{"L":[{"S":"0"},{"S":"1"},{"S":"2"}]},"k":{"N":"5"}}}})");
  Tree tree = OpenItem(ItemView(item));
  Tree* map = tree.FindMember("m");
  map->Open();
  Tree* list = map->FindMember("l");
  list->Open();
  list->Open();
  EXPECT_EQ(list->elements().size(), 3u);
  list->elements().erase(list->elements().begin() + 1);
  list->elements().push_back(Tree(Encoded(R"({"BOOL":true})")));
  EXPECT_EQ(Written(EncodeItem(tree)), R"({"m":{"M":{"k":{"N":"5"},"l":{"L":[{"S":"0"},{"S":"2"},{"BOOL":true}]}}}})");
  EXPECT_EQ(tree.levels(), 4);
}

TEST(TreeTest, NothingIsAnEmptyItem) {
  EXPECT_EQ(Written(EncodeItem(OpenItem(ItemView()))), "{}");
  EXPECT_EQ(EncodeItem(Tree::EmptyMap()), Item("{}"));
  EXPECT_EQ(Tree::EmptyList().Encode(), Encoded(R"({"L":[]})"));
  EXPECT_EQ(Tree::EmptyMap().Encode(), Encoded(R"({"M":{}})"));
}

TEST(TreeTest, CopiesAreTheirOwn) {
  Tree tree = Tree::EmptyMap();
  tree.SetMember("a", Tree(Encoded(R"({"L":[]})")));
  Tree copy = tree;
  copy.FindMember("a")->Open();
  copy.FindMember("a")->elements().push_back(Tree(Encoded(R"({"N":"1"})")));
  EXPECT_EQ(Written(EncodeItem(tree)), R"({"a":{"L":[]}})");
  EXPECT_EQ(Written(EncodeItem(copy)), R"({"a":{"L":[{"N":"1"}]}})");
}

// Deeper than an item may be, found so and not fatal: a deep value put at the end of a deep path.
TEST(TreeTest, TooDeepIsFound) {
  std::string wire = R"({"S":"x"})";
  for (int i = 0; i < 31; ++i) wire = R"({"L":[)" + wire + "]}";
  const std::string item = Item(R"({"a":)" + wire + "}");
  Tree tree = OpenItem(ItemView(item));
  Tree* at = tree.FindMember("a");
  for (int i = 0; i < 31; ++i) {
    at->Open();
    at = &at->elements()[0];
  }
  *at = Tree(Encoded(wire));
  EXPECT_EQ(tree.FindMember("a")->levels(), 63);
  const std::string encoded = EncodeItem(tree);
  EXPECT_EQ(ItemView(encoded).Find("a").levels(), 63);
  EXPECT_FALSE(ValidItem(encoded));
}

}  // namespace
}  // namespace stator::item
