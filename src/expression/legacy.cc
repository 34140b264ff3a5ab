// The other parameters from before expressions. Tests: legacy_test.cc.
#include "expression/legacy.h"

#include <algorithm>

#include "errors/expression.h"
#include "errors/item.h"
#include "expression/legacy_condition.h"
#include "expression/projection_tree.h"
#include "expression/update_tree.h"
#include "item/wire.h"

namespace stator::expression {
namespace internal {
namespace {

using item::Tag;
using item::ValueView;

constexpr Bytes kNonExpressions[] = {"AttributesToGet", "AttributeUpdates",    "Expected",     "QueryFilter",
                                     "ScanFilter",      "ConditionalOperator", "KeyConditions"};
constexpr Bytes kExpressions[] = {"UpdateExpression", "ProjectionExpression", "FilterExpression", "ConditionExpression",
                                  "KeyConditionExpression"};

template <size_t n>
std::string NamesGiven(json::Value body, const Bytes (&names)[n]) {
  std::string text;
  for (const Bytes name : names) {
    if (!Given(body, name).valid()) continue;
    // KeyConditions may go with a filter or projection expression.
    if (name == "KeyConditions" && !Given(body, "KeyConditionExpression").valid()) continue;
    text.append(text.empty() ? "{" : ", ").append(name);
  }
  if (!text.empty()) text += '}';
  return text;
}

Status CheckConditionalOperator(json::Value body) {
  if (!Given(body, "ConditionalOperator").valid()) return {};
  size_t conditions = 0;
  for (const Bytes name : {"Expected", "QueryFilter", "ScanFilter"}) {
    const json::Value given = Given(body, name);
    if (given.valid()) conditions += given.size();
  }
  if (conditions == 0) return Fail(errors::kLegacyConjunctionAlone);
  if (conditions == 1) return Fail(errors::kLegacyConjunctionSingle);
  return {};
}

Result<KeyComparison::Op> KeyOpOf(LegacyOp op) {
  using Op = KeyComparison::Op;
  switch (op) {
    case LegacyOp::kEq:
      return Op::kEqual;
    case LegacyOp::kLe:
      return Op::kLessOrEqual;
    case LegacyOp::kLt:
      return Op::kLess;
    case LegacyOp::kGe:
      return Op::kGreaterOrEqual;
    case LegacyOp::kGt:
      return Op::kGreater;
    case LegacyOp::kBetween:
      return Op::kBetween;
    case LegacyOp::kBeginsWith:
      return Op::kBeginsWith;
    default:
      return Fail(errors::kKeyConditionNotIndexable);
  }
}

// Adds what one member of AttributeUpdates asks for; its target is the caller's.
Status AddAction(json::Value member, UpdateTree* tree) {
  const json::Value wire = Given(member, "Value");
  const json::Value given_action = Given(member, "Action");
  const Bytes action = given_action.valid() ? given_action.text() : Bytes("PUT");
  UpdateAction added{UpdateAction::Kind::kRemove, static_cast<uint32_t>(tree->actions.size())};
  if (!wire.valid()) {
    if (action != "DELETE") return Fail(errors::kLegacyDeleteOnly);
    tree->actions.push_back(added);
    return {};
  }
  STATOR_TRY(std::string value, item::ReadValue(wire));
  const Tag tag = ValueView(value).tag();
  const auto literal = static_cast<uint32_t>(tree->literals.size());
  tree->literals.push_back(std::move(value));
  added.value = literal;
  if (action == "DELETE") {
    if (!item::IsSet(tag)) return Fail(errors::kLegacyDeleteType, item::TypeName(tag));
    added.kind = UpdateAction::Kind::kDelete;
  } else if (action == "ADD") {
    if (!item::IsSet(tag) && tag != Tag::kNumber && tag != Tag::kList) {
      return Fail(errors::kLegacyAddType, item::TypeName(tag));
    }
    added.kind = UpdateAction::Kind::kAdd;
  } else {
    added.kind = UpdateAction::Kind::kSet;
    added.value = static_cast<uint32_t>(tree->values.size());
    tree->values.push_back({UpdateValue::Kind::kLiteral, literal});
  }
  tree->actions.push_back(added);
  return {};
}

}  // namespace
}  // namespace internal

Result<std::vector<KeyComparison>> KeyComparisonsFromKeyConditions(json::Value conditions) {
  if (conditions.size() == 0) return Fail(errors::kKeyConditionCount);
  std::vector<KeyComparison> comparisons;
  for (const json::Member& member : conditions.members()) {
    const json::Value condition = conditions.Find(member.name);
    const auto seen = [&](const KeyComparison& earlier) { return earlier.attribute == member.name; };
    if (std::any_of(comparisons.begin(), comparisons.end(), seen)) continue;
    internal::LegacyComparison read;
    const json::Value list = internal::Given(condition, "AttributeValueList");
    if (list.valid()) STATOR_OK(internal::ReadLegacyValues(list, &read.values));
    STATOR_OK(internal::CheckLegacyComparison(internal::Given(condition, "ComparisonOperator").text(), &read));
    STATOR_TRY(const KeyComparison::Op op, internal::KeyOpOf(read.op));
    read.values.resize(2);
    comparisons.push_back({std::string(member.name), op, std::move(read.values[0]), std::move(read.values[1])});
  }
  return comparisons;
}

Result<Update> UpdateFromAttributeUpdates(json::Value updates) {
  auto tree = std::make_shared<internal::UpdateTree>();
  tree->legacy = true;
  std::vector<internal::Path> targets;
  for (const json::Member& member : updates.members()) {
    if (member.name.empty()) return Fail(errors::kAttributeNameEmpty);
    internal::Path target = {internal::Step::Name(member.name)};
    if (std::find(targets.begin(), targets.end(), target) != targets.end()) continue;
    targets.push_back(std::move(target));
    STATOR_OK(internal::AddAction(updates.Find(member.name), tree.get()));
  }
  tree->Arrange(std::move(targets));
  return Update(std::move(tree));
}

Result<Projection> ProjectionFromAttributesToGet(json::Value names) {
  if (names.size() == 0) return Fail(errors::kLegacyNoNames);
  std::vector<internal::Path> paths;
  for (const json::Value name : names.elements()) {
    internal::Path path = {internal::Step::Name(name.text())};
    if (std::find(paths.begin(), paths.end(), path) != paths.end()) {
      return Fail(errors::kLegacyDuplicateName, name.text());
    }
    paths.push_back(std::move(path));
  }
  return Projection(std::make_shared<const internal::ProjectionTree>(std::move(paths)));
}

Status RefuseMixed(json::Value body) {
  const std::string expressions = internal::NamesGiven(body, internal::kExpressions);
  const std::string others = internal::NamesGiven(body, internal::kNonExpressions);
  if (!expressions.empty() && !others.empty()) {
    return Fail(errors::kLegacyMixedWithExpressions, others, expressions);
  }
  return internal::CheckConditionalOperator(body);
}

}  // namespace stator::expression
