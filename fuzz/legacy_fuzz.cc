// Any well-shaped request with parameters from before expressions, or with names and values, is bound or refused.
#include "dispatch/shape.h"
#include "expression/legacy.h"
#include "expression_world.h"
#include "services/dynamodb/model.h"

namespace stator {
namespace {

json::Value Given(json::Value body, Bytes name) {
  const json::Value value = body.Find(name);
  return value.valid() && !value.is_null() ? value : json::Value();
}

template <class R>
void CheckRefusal(const R& result) {
  STATOR_CHECK(result.ok() || result.error().type() == ErrorType::ValidationException ||
               result.error().type() == ErrorType::SerializationException);
}

void TryCondition(const Result<expression::Condition>& condition) {
  CheckRefusal(condition);
  if (!condition.ok()) return;
  condition->TopLevelNames();
  condition->Evaluate(fuzz::ExpressionWorld::Get().item());
  condition->Evaluate({});
}

void TryUpdate(json::Value body) {
  const fuzz::ExpressionWorld& world = fuzz::ExpressionWorld::Get();
  if (const json::Value expected = Given(body, "Expected"); expected.valid()) {
    TryCondition(expression::ConditionFromExpected(expected, expression::Conjunction::kAnd));
  }
  const json::Value updates = Given(body, "AttributeUpdates");
  if (!updates.valid()) return;
  const auto update = expression::UpdateFromAttributeUpdates(updates);
  CheckRefusal(update);
  if (!update.ok()) return;
  for (const item::ItemView before : {world.item(), item::ItemView()}) {
    const auto applied = update->Apply(before, world.key(), true);
    CheckRefusal(applied);
    if (applied.ok()) STATOR_CHECK(item::ValidItem(applied->item));
  }
}

void TryQuery(json::Value body) {
  if (const json::Value filter = Given(body, "QueryFilter"); filter.valid()) {
    TryCondition(expression::ConditionFromFilter(filter, expression::Conjunction::kOr, "QueryFilter"));
  }
  if (const json::Value names = Given(body, "AttributesToGet"); names.valid()) {
    const auto projection = expression::ProjectionFromAttributesToGet(names);
    CheckRefusal(projection);
    if (projection.ok()) STATOR_CHECK(item::ValidItem(projection->Apply(fuzz::ExpressionWorld::Get().item())));
  }
  const json::Value conditions = Given(body, "KeyConditions");
  if (!conditions.valid()) return;
  const auto comparisons = expression::KeyComparisonsFromKeyConditions(conditions);
  CheckRefusal(comparisons);
  if (!comparisons.ok()) return;
  CheckRefusal(expression::BindKey(*comparisons, {{"p", item::Tag::kString}}, {{"r", item::Tag::kNumber}}, true));
}

}  // namespace
}  // namespace stator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator;  // NOLINT(google-build-using-namespace)
  namespace model = services::dynamodb::model;
  json::Document document;
  const auto body = document.Parse(fuzz::Text(data, size));
  if (!body.ok() || !body->is_object()) return 0;
  const bool update = body->Find("TableName").valid() && dispatch::CheckShape(model::kUpdateItemInput, *body).ok();
  const bool query = body->Find("TableName").valid() && dispatch::CheckShape(model::kQueryInput, *body).ok();
  if (!update && !query) return 0;
  CheckRefusal(expression::RefuseMixed(*body));
  CheckRefusal(expression::Binder::Make(Given(*body, "ExpressionAttributeNames"),
                                        Given(*body, "ExpressionAttributeValues"), true));
  if (update) TryUpdate(*body);
  if (query) TryQuery(*body);
  return 0;
}
