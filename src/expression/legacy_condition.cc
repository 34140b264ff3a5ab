// Expected, QueryFilter and ScanFilter as conditions. Tests: legacy_condition_test.cc.
#include "expression/legacy_condition.h"

#include <algorithm>
#include <initializer_list>

#include "errors/expression.h"
#include "expression/legacy.h"
#include "item/wire.h"

namespace stator::expression {
namespace internal {
namespace {

using item::Tag;
using item::ValueView;

// Which types of value an operator takes.
enum class Types : uint8_t { kAny, kOrdered, kText, kScalar };

struct OpFacts {
  Bytes name;
  TestOp test;
  size_t min_values;
  size_t max_values;
  Types types;
};
constexpr size_t kUnbounded = SIZE_MAX;
// In the order of LegacyOp.
constexpr OpFacts kOps[] = {
    {"EQ", TestOp::kEqual, 1, 1, Types::kAny},
    {"NE", TestOp::kNotEqual, 1, 1, Types::kAny},
    {"LE", TestOp::kLessOrEqual, 1, 1, Types::kOrdered},
    {"LT", TestOp::kLess, 1, 1, Types::kOrdered},
    {"GE", TestOp::kGreaterOrEqual, 1, 1, Types::kOrdered},
    {"GT", TestOp::kGreater, 1, 1, Types::kOrdered},
    {"IN", TestOp::kIn, 1, kUnbounded, Types::kOrdered},
    {"BETWEEN", TestOp::kBetween, 2, 2, Types::kOrdered},
    {"BEGINS_WITH", TestOp::kBeginsWith, 1, 1, Types::kText},
    {"CONTAINS", TestOp::kContains, 1, 1, Types::kScalar},
    {"NOT_CONTAINS", TestOp::kNotContains, 1, 1, Types::kScalar},
    {"NULL", TestOp::kNotExists, 0, 0, Types::kAny},
    {"NOT_NULL", TestOp::kExists, 0, 0, Types::kAny},
};

const OpFacts& FactsOf(LegacyOp op) { return kOps[static_cast<size_t>(op)]; }

bool Takes(Types types, Tag tag) {
  const bool text = tag == Tag::kString || tag == Tag::kBinary;
  switch (types) {
    case Types::kAny:
      return true;
    case Types::kText:
      return text;
    case Types::kOrdered:
      return text || tag == Tag::kNumber;
    case Types::kScalar:
      return !item::IsSet(tag) && tag != Tag::kList && tag != Tag::kMap;
  }
  return false;
}

ConditionBuilder::Node AddComparison(Bytes attribute, const LegacyComparison& comparison, ConditionBuilder& builder) {
  std::vector<Operand> operands = {builder.AddPath({Step::Name(attribute)})};
  for (const std::string& value : comparison.values) operands.push_back(builder.AddLiteral(ValueView(value)));
  return builder.AddTest(FactsOf(comparison.op).test, operands);
}

// {attribute: ...}, each read by `read`, joined.
template <class Read>
Result<Condition> Join(json::Value conditions, Conjunction conjunction, Read read) {
  ConditionBuilder builder;
  bool any = false;
  ConditionBuilder::Node all{};
  for (const json::Member& member : conditions.members()) {
    STATOR_TRY(const LegacyComparison comparison, read(member));
    const ConditionBuilder::Node one = AddComparison(member.name, comparison, builder);
    if (!any) {
      all = one;
    } else {
      all = conjunction == Conjunction::kAnd ? builder.And(all, one) : builder.Or(all, one);
    }
    any = true;
  }
  return Condition(any ? builder.Finish(all) : ConditionBuilder::Always());
}

Result<LegacyComparison> ReadFilter(const json::Member& member) {
  LegacyComparison comparison;
  const json::Value list = Given(member.value, "AttributeValueList");
  if (list.valid()) STATOR_OK(ReadLegacyValues(list, &comparison.values));
  STATOR_OK(CheckLegacyComparison(Given(member.value, "ComparisonOperator").text(), &comparison));
  return comparison;
}

// Value and Exists, the oldest form.
Result<LegacyComparison> ReadExists(const json::Member& member, json::Value value, json::Value exists) {
  const bool wanted = !exists.valid() || exists.boolean();
  if (wanted && !value.valid()) {
    return Fail(errors::kLegacyValueMissing, exists.valid() ? "true" : "null", member.name);
  }
  if (!wanted && value.valid()) return Fail(errors::kLegacyValueUnexpected, member.name);
  LegacyComparison comparison;
  comparison.op = wanted ? LegacyOp::kEq : LegacyOp::kNull;
  if (wanted) {
    STATOR_TRY(comparison.values.emplace_back(), item::ReadValue(value));
  }
  return comparison;
}

Result<LegacyComparison> ReadExpected(const json::Member& member) {
  const json::Value value = Given(member.value, "Value");
  const json::Value list = Given(member.value, "AttributeValueList");
  const json::Value exists = Given(member.value, "Exists");
  const json::Value op = Given(member.value, "ComparisonOperator");
  if (value.valid() && list.valid()) return Fail(errors::kLegacyValueAndList, member.name);
  if (!op.valid()) {
    if (list.valid()) return Fail(errors::kLegacyListNeedsOperator, member.name);
    return ReadExists(member, value, exists);
  }
  if (exists.valid()) return Fail(errors::kLegacyExistsAndOperator, member.name);
  if (!value.valid() && !list.valid() && op.text() != "NULL" && op.text() != "NOT_NULL") {
    return Fail(errors::kLegacyOperatorNeedsValue, op.text(), member.name);
  }
  LegacyComparison comparison;
  if (value.valid()) {
    STATOR_TRY(comparison.values.emplace_back(), item::ReadValue(value));
  }
  if (list.valid()) STATOR_OK(ReadLegacyValues(list, &comparison.values));
  STATOR_OK(CheckLegacyComparison(op.text(), &comparison));
  return comparison;
}

}  // namespace

json::Value Given(json::Value object, Bytes name) {
  const json::Value value = object.Find(name);
  return value.valid() && !value.is_null() ? value : json::Value();
}

Status ReadLegacyValues(json::Value list, std::vector<std::string>* values) {
  values->reserve(list.size());
  for (const json::Value element : list.elements()) {
    STATOR_TRY(values->emplace_back(), item::ReadValue(element));
  }
  return {};
}

Status CheckLegacyComparison(Bytes op, LegacyComparison* comparison) {
  const OpFacts* facts = std::find_if(std::begin(kOps), std::end(kOps), [&](const OpFacts& f) { return f.name == op; });
  const std::vector<std::string>& values = comparison->values;
  if (facts == std::end(kOps) || values.size() < facts->min_values || values.size() > facts->max_values) {
    return Fail(errors::kLegacyArgumentCount, op);
  }
  comparison->op = static_cast<LegacyOp>(facts - std::begin(kOps));
  for (const std::string& value : values) {
    if (item::TypeName(ValueView(value).tag()) != item::TypeName(ValueView(values[0]).tag())) {
      return Fail(errors::kLegacyMixedTypes);
    }
  }
  for (const std::string& value : values) {
    const Tag tag = ValueView(value).tag();
    if (!Takes(facts->types, tag)) return Fail(errors::kLegacyArgumentType, op, item::TypeName(tag));
  }
  if (comparison->op != LegacyOp::kBetween) return {};
  if (*item::CompareSameType(ValueView(values[0]), ValueView(values[1])) > 0) {
    return Fail(errors::kLegacyBoundsReversed);
  }
  return {};
}

}  // namespace internal

Result<Condition> ConditionFromExpected(json::Value expected, Conjunction conjunction) {
  return internal::Join(expected, conjunction, internal::ReadExpected);
}

Result<Condition> ConditionFromFilter(json::Value filter, Conjunction conjunction, Bytes /*parameter*/) {
  return internal::Join(filter, conjunction, internal::ReadFilter);
}

}  // namespace stator::expression
