// Random expressions and items against the slow twins. STATOR_SEED replays a run.
#include <gtest/gtest.h>

#include <cstdlib>

#include "expression/condition_twin.h"
#include "expression/expression_testing.h"
#include "expression/operator_parser.h"
#include "expression/update_twin.h"

namespace stator::expression {
namespace {

using testing::ErrorText;
using testing::ItemText;
using testing::StoredItem;
using testing::Substitutes;

uint64_t Seed() {
  const char* given = std::getenv("STATOR_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : ThreadRandom().Next();
}

constexpr int kRounds = 8000;

// What a parser understood, as twin::Canonical prints it.
std::string Canonical(const internal::SyntaxTree& tree, uint32_t at, const twin::PlainNames& names) {
  const internal::SyntaxNode& node = tree.nodes[at];
  if (node.kind == internal::NodeKind::kValue) return ":";
  std::string text;
  if (node.kind == internal::NodeKind::kPath) {
    for (uint32_t i = node.first; i < node.first + node.count; ++i) {
      const internal::SyntaxStep& step = tree.steps[i];
      std::string name(step.text);
      if (step.kind == internal::SyntaxStep::Kind::kNameRef) name = names.names[std::stoul(name.substr(2))];
      const bool index = step.kind == internal::SyntaxStep::Kind::kIndex;
      text += index ? "[" + name + "]" : (text.empty() ? "" : ".") + name;
    }
    return text;
  }
  text = "(";
  for (const char c : node.text) {
    text += node.kind == internal::NodeKind::kCall ? c : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  for (uint32_t i = 0; i < node.count; ++i) text += " " + Canonical(tree, tree.Child(node, i), names);
  return text + ")";
}

TEST(RandomConditions, AgreeWithTheTwin) {
  const uint64_t seed = Seed();
  Random random(seed);
  int held = 0;
  for (int round = 0; round < kRounds; ++round) {
    const twin::PlainCondition plain = twin::RandomCondition(random, 4);
    twin::PlainNames names;
    const std::string text = twin::ConditionText(plain, names, random);
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round) + ": " + text + " " +
                 names.RequestText());
    if (text.size() > 4000) continue;

    internal::Lexer lexer(text, internal::Grammar::kCondition);
    internal::SyntaxTree syntax;
    uint32_t root = 0;
    ASSERT_EQ(ErrorText(internal::ParseConditionSyntax(lexer, syntax, &root)), "");
    ASSERT_EQ(Canonical(syntax, root, names), twin::Canonical(plain));

    const Substitutes substitutes(names.RequestText());
    Binder binder = substitutes.Bind().value();
    const auto condition = Condition::Parse(Parameter::kCondition, text, binder);
    ASSERT_EQ(ErrorText(condition), "");
    ASSERT_EQ(ErrorText(binder.CheckAllUsed()), "");
    for (int i = 0; i < 4; ++i) {
      const twin::Plain item = twin::RandomItem(random);
      const std::string stored = i == 0 ? std::string() : StoredItem(twin::ItemWireText(item));
      const bool expected = twin::Holds(plain, i == 0 ? nullptr : &item);
      ASSERT_EQ(condition->Evaluate(item::ItemView(stored)), expected) << twin::ItemWireText(item);
      held += expected;
    }
  }
  EXPECT_GT(held, kRounds / 2);  // the conditions are not all alike
}

TEST(RandomUpdates, AgreeWithTheTwin) {
  const uint64_t seed = Seed();
  Random random(seed);
  const std::string no_key = StoredItem("{}");
  int applied_rounds = 0;
  for (int round = 0; round < kRounds; ++round) {
    const twin::PlainUpdate plain = twin::RandomUpdate(random);
    twin::PlainNames names;
    const std::string text = twin::UpdateText(plain, names, random);
    const twin::Plain item = twin::RandomItem(random);
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round) + ": " + text + " " +
                 names.RequestText() + " on " + twin::ItemWireText(item));
    const Substitutes substitutes(names.RequestText());
    Binder binder = substitutes.Bind().value();
    const auto update = Update::Parse(text, binder);
    ASSERT_EQ(ErrorText(update), "");
    ASSERT_EQ(ErrorText(binder.CheckAllUsed()), "");

    const bool absent = random.Below(10) == 0;
    const twin::Plain* before = absent ? nullptr : &item;
    const std::string stored = absent ? std::string() : StoredItem(twin::ItemWireText(item));
    const auto applied = update->Apply(item::ItemView(stored), item::ItemView(no_key), true);
    const std::optional<twin::Plain> expected = twin::Apply(plain, before);
    ASSERT_EQ(applied.ok(), expected.has_value()) << ErrorText(applied);
    if (!expected) continue;
    ++applied_rounds;
    ASSERT_TRUE(item::ValidItem(applied->item));
    ASSERT_EQ(applied->item, StoredItem(twin::ItemWireText(*expected))) << ItemText(applied->item);
    std::vector<twin::PlainPath> paths;
    for (const twin::PlainAction& action : plain) paths.push_back(action.path);
    ASSERT_EQ(applied->updated_old, StoredItem(twin::ItemWireText(twin::Keep(paths, before))));
    ASSERT_EQ(applied->updated_new, StoredItem(twin::ItemWireText(twin::Keep(paths, &*expected))));
  }
  EXPECT_GT(applied_rounds, kRounds / 10);
}

TEST(RandomProjections, AgreeWithTheTwin) {
  const uint64_t seed = Seed();
  Random random(seed);
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<twin::PlainPath> paths = twin::RandomPaths(random, 6);
    twin::PlainNames names;
    std::string text;
    for (const twin::PlainPath& path : paths) {
      text += (text.empty() ? "" : ", ") + twin::PathTextWithNames(path, names, random);
    }
    const twin::Plain item = twin::RandomItem(random);
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round) + ": " + text + " of " +
                 twin::ItemWireText(item));
    const Substitutes substitutes(names.RequestText());
    Binder binder = substitutes.Bind().value();
    const auto projection = Projection::Parse(text, binder);
    ASSERT_EQ(ErrorText(projection), "");
    const std::string stored = StoredItem(twin::ItemWireText(item));
    const std::string kept = projection->Apply(item::ItemView(stored));
    ASSERT_EQ(kept, StoredItem(twin::ItemWireText(twin::Keep(paths, &item)))) << ItemText(kept);
    std::string written;
    json::Writer writer(&written);
    projection->Write(item::ItemView(stored), writer);
    ASSERT_EQ(written, ItemText(kept));
  }
}

}  // namespace
}  // namespace stator::expression
