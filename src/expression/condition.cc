#include "expression/binder_state.h"
#include "expression/condition_binder.h"
#include "expression/expression.h"
#include "expression/operator_parser.h"

namespace stator::expression {
namespace {

Result<std::shared_ptr<const internal::ConditionTree>> ParseAndBind(Bytes text, internal::BinderState& state) {
  internal::Lexer lexer(text, internal::Grammar::kCondition);
  internal::SyntaxTree syntax;
  uint32_t root = 0;
  STATOR_OK(internal::ParseConditionSyntax(lexer, syntax, &root));
  return internal::BindCondition(syntax, root, state);
}

}  // namespace

Result<Condition> Condition::Parse(Parameter parameter, Bytes text, Binder& binder) {
  const Bytes name = parameter == Parameter::kFilter ? "FilterExpression" : "ConditionExpression";
  STATOR_OK(internal::CheckText(name, text));
  auto tree = ParseAndBind(text, binder.state());
  if (!tree.ok()) return internal::InParameter(name, std::move(tree).error());
  return Condition(std::move(tree).value());
}

}  // namespace stator::expression
