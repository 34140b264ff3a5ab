#include "services/dynamodb/parameters.h"

#include "errors/dataplane.h"
#include "item/wire.h"
#include "json/lenient.h"

namespace stator::services::dynamodb {

using expression::Condition;
using expression::Conjunction;

json::Value Field(json::Value body, Bytes name) { return json::Given(body, name); }

Bytes TextField(json::Value body, Bytes name) {
  const json::Value value = Field(body, name);
  return value.valid() ? value.text() : Bytes();
}

bool FlagField(json::Value body, Bytes name) {
  const json::Value value = Field(body, name);
  return value.valid() && json::Truth(value);
}

std::optional<int64_t> NumberField(json::Value body, Bytes name) {
  const json::Value value = Field(body, name);
  if (!value.valid()) return std::nullopt;
  return json::WholeNumber(value);
}

CapacityDetail ReadCapacityDetail(json::Value body) {
  const Bytes detail = TextField(body, "ReturnConsumedCapacity");
  if (detail == "TOTAL") return CapacityDetail::kTotal;
  if (detail == "INDEXES") return CapacityDetail::kIndexes;
  return CapacityDetail::kNone;
}

Result<expression::Binder> ReadBinder(json::Value body, std::initializer_list<Bytes> parameters, Bytes absent) {
  const json::Value values = absent.empty() ? json::Value() : Field(body, "ExpressionAttributeValues");
  bool has_expression = false;
  for (const Bytes parameter : parameters) has_expression = has_expression || Field(body, parameter).valid();
  return expression::Binder::Make(Field(body, "ExpressionAttributeNames"), values, has_expression, absent);
}

namespace {

Conjunction ReadConjunction(json::Value body) {
  return TextField(body, "ConditionalOperator") == "OR" ? Conjunction::kOr : Conjunction::kAnd;
}

}  // namespace

Result<std::optional<Condition>> ReadCondition(json::Value body, expression::Binder& binder) {
  if (const json::Value text = Field(body, "ConditionExpression"); text.valid()) {
    STATOR_TRY(Condition condition, Condition::Parse(expression::Parameter::kCondition, text.text(), binder));
    return std::optional(std::move(condition));
  }
  const json::Value expected = Field(body, "Expected");
  if (!expected.valid() || expected.size() == 0) return std::optional<Condition>();
  STATOR_TRY(Condition condition, expression::ConditionFromExpected(expected, ReadConjunction(body)));
  return std::optional(std::move(condition));
}

Result<std::optional<Condition>> ReadFilter(json::Value body, expression::Binder& binder, Bytes legacy) {
  if (const json::Value text = Field(body, "FilterExpression"); text.valid()) {
    STATOR_TRY(Condition condition, Condition::Parse(expression::Parameter::kFilter, text.text(), binder));
    return std::optional(std::move(condition));
  }
  const json::Value filter = Field(body, legacy);
  if (!filter.valid() || filter.size() == 0) return std::optional<Condition>();
  STATOR_TRY(Condition condition, expression::ConditionFromFilter(filter, ReadConjunction(body), legacy));
  return std::optional(std::move(condition));
}

Result<std::optional<expression::Projection>> ReadProjection(json::Value body, expression::Binder& binder) {
  if (const json::Value text = Field(body, "ProjectionExpression"); text.valid()) {
    STATOR_TRY(expression::Projection projection, expression::Projection::Parse(text.text(), binder));
    return std::optional(std::move(projection));
  }
  const json::Value names = Field(body, "AttributesToGet");
  if (!names.valid()) return std::optional<expression::Projection>();
  STATOR_TRY(expression::Projection projection, expression::ProjectionFromAttributesToGet(names));
  return std::optional(std::move(projection));
}

Result<std::string> ReadKey(json::Value wire) { return item::ReadItem(wire); }

Status ReadReturnValues(json::Value body, bool update, dataplane::WriteRequest* request) {
  using dataplane::ReturnValues;
  const Bytes wanted = TextField(body, "ReturnValues");
  if (wanted == "ALL_OLD") request->return_values = ReturnValues::kAllOld;
  if (wanted == "UPDATED_OLD") request->return_values = ReturnValues::kUpdatedOld;
  if (wanted == "ALL_NEW") request->return_values = ReturnValues::kAllNew;
  if (wanted == "UPDATED_NEW") request->return_values = ReturnValues::kUpdatedNew;
  const bool fits = request->return_values == ReturnValues::kNone || request->return_values == ReturnValues::kAllOld;
  if (!update && !fits) return Fail(errors::kReturnValuesAllOld);
  request->return_item_on_failure = TextField(body, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
  return {};
}

}  // namespace stator::services::dynamodb
