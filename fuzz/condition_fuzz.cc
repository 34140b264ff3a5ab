// Any text is a condition or a ValidationException; what it says of an item, its negation denies.
#include "expression_world.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator;  // NOLINT(google-build-using-namespace)
  const fuzz::ExpressionWorld& world = fuzz::ExpressionWorld::Get();
  const Bytes text = fuzz::Text(data, size);
  expression::Binder binder = world.NewBinder();
  const auto condition = expression::Condition::Parse(expression::Parameter::kCondition, text, binder);
  if (!condition.ok()) {
    STATOR_CHECK(condition.error().type() == ErrorType::ValidationException);
    return 0;
  }
  condition->TopLevelNames();
  const std::string denied = "NOT (" + std::string(text) + ")";
  const auto negation = expression::Condition::Parse(expression::Parameter::kCondition, denied, binder);
  for (const item::ItemView item : {world.item(), world.key(), item::ItemView()}) {
    const bool holds = condition->Evaluate(item);
    // It may be too long now, or have redundant parentheses.
    if (negation.ok()) STATOR_CHECK(negation->Evaluate(item) != holds);
  }
  return 0;
}
