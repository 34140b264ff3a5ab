// The codec against its twin, at random.
#include <gtest/gtest.h>

#include <algorithm>

#include "item/codec_twin.h"
#include "item/tree.h"
#include "item/wire.h"

namespace stator::item {
namespace {

std::string Written(Bytes stored) {
  std::string out;
  json::Writer writer(&out);
  WriteItem(ItemView(stored), writer);
  return out;
}

// Takes apart everything, to be put together again.
void OpenAll(Tree* tree) {
  if (tree->tag() == Tag::kList) {
    tree->Open();
    for (Tree& element : tree->elements()) OpenAll(&element);
  } else if (tree->tag() == Tag::kMap) {
    tree->Open();
    for (Tree::Member& member : tree->members()) OpenAll(&member.value);
  }
}

TEST(CodecTest, RandomItemsAgreeWithTheTwin) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 500; ++i) {
    const twin::Map item = twin::RandomItem(random);
    json::Document document;
    const auto wire = document.Parse(twin::WireText(item, random));
    ASSERT_TRUE(wire.ok());
    const auto stored = ReadItem(*wire);
    ASSERT_TRUE(stored.ok()) << stored.error().text;
    ASSERT_EQ(Written(*stored), twin::CanonicalText(item));
    ASSERT_EQ(ItemView(*stored).size_bytes(), twin::SizeBytes(item));
    ASSERT_TRUE(ValidItem(*stored));
    for (const json::Member member : wire->members()) ASSERT_TRUE(CheckValueTypes(member.value).ok());

    // Another spelling has the same bytes.
    json::Document second;
    ASSERT_EQ(*ReadItem(*second.Parse(twin::WireText(item, random))), *stored);
    // So has what is taken apart and put together, and what is made of its parts in another order.
    Tree tree = OpenItem(ItemView(*stored));
    OpenAll(&tree);
    ASSERT_EQ(EncodeItem(tree), *stored);
    std::vector<Attribute> attributes;
    Attribute attribute;
    for (MapView walk = ItemView(*stored).attributes(); walk.Next(&attribute.name, &attribute.value);) {
      attributes.push_back(attribute);
      ASSERT_TRUE(ValidValue(attribute.value.encoded()));
      ASSERT_EQ(ItemView(*stored).Find(attribute.name), attribute.value);
    }
    std::reverse(attributes.begin(), attributes.end());
    ASSERT_EQ(MakeItem(attributes), *stored);
  }
}

// A changed byte makes bytes that are refused, or an item that can be walked to its end.
TEST(CodecTest, DamagedBytesAreRefusedOrWalkable) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 20'000; ++i) {
    json::Document document;
    std::string stored = *ReadItem(*document.Parse(
        R"({"a":{"L":[{"S":"x"},{"N":"-1.5"},{"M":{"k":{"NULL":true}}}]},"b":{"NS":["1","2"]},"c":{"BS":["AA==","AQ=="]},)"
        R"("d":{"BOOL":true},"e":{"SS":["p","q"]}})"));
    for (uint64_t changes = 1 + random.Below(2); changes > 0; --changes) {
      const size_t at = random.Below(stored.size());
      switch (random.Below(3)) {
        case 0:
          stored[at] = static_cast<char>(random.Below(256));
          break;
        case 1:
          stored.erase(at, 1);
          break;
        default:
          stored.insert(at, 1, static_cast<char>(random.Below(12)));
      }
    }
    if (!ValidItem(stored)) continue;
    Tree tree = OpenItem(ItemView(stored));
    OpenAll(&tree);
    ASSERT_EQ(EncodeItem(tree), stored);
    Written(stored);
  }
}

}  // namespace
}  // namespace stator::item
