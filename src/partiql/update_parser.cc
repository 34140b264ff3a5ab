// Document paths, and what SET and REMOVE do with them. Tests: update_test.cc.
#include <algorithm>

#include "errors/expression.h"
#include "errors/partiql.h"
#include "item/value.h"
#include "partiql/parser_state.h"

namespace stator::partiql::internal {
namespace {

using expression::internal::NodeKind;
using expression::internal::Section;
using expression::internal::SyntaxAction;
using expression::internal::SyntaxNode;
using expression::internal::SyntaxStep;
using expression::internal::SyntaxTree;
using expression::internal::UpdateSyntax;

Status ParseIndex(ParserState& state, SyntaxTree& tree) {
  const Token index = state.lexer.current();
  const bool digits = index.kind == TokenKind::kNumber && index.text.find_first_not_of("0123456789") == Bytes::npos;
  if (!digits) return Fail(errors::kStatementPathComponent, state.lexer.PositionOf(index));
  tree.steps.push_back({SyntaxStep::Kind::kIndex, index.text});
  state.lexer.Advance();
  return state.lexer.Take(TokenKind::kCloseBracket) ? Status() : state.lexer.Expected("]");
}

class ActionParser {
 public:
  ActionParser(ParserState& state, UpdateSyntax& syntax)
      : state_(state), lexer_(state.lexer), syntax_(syntax), tree_(syntax.tree) {}

  Status Parse() {
    while (true) {
      if (lexer_.TakeWord("SET")) {
        STATOR_OK(ParseList(Section::kSet));
      } else if (lexer_.TakeWord("REMOVE")) {
        STATOR_OK(ParseList(Section::kRemove));
      } else {
        return {};
      }
    }
  }

 private:
  Status ParseList(Section section) {
    do {
      SyntaxAction action{section, 0};
      STATOR_OK(ParsePath(state_, tree_, &action.path));
      if (section == Section::kSet) STATOR_OK(ParseSet(&action));
      syntax_.actions.push_back(action);
    } while (lexer_.Take(TokenKind::kComma));
    return {};
  }

  Status ParseSet(SyntaxAction* action) {
    if (!lexer_.at(TokenKind::kCompare) || lexer_.current().text != "=") return lexer_.Expected("=");
    lexer_.Advance();
    const size_t steps = tree_.steps.size();
    STATOR_OK(ParseOperand(&action->value));
    const SyntaxNode& value = tree_.nodes[action->value];
    if (value.kind == NodeKind::kCall && (value.text == "set_add" || value.text == "set_delete")) {
      TurnIntoSection(steps, action);
      return {};
    }
    return ParseSum(&action->value);
  }

  // One + or - may follow.
  Status ParseSum(uint32_t* value) {
    const bool plus = lexer_.at(TokenKind::kPlus);
    if (!plus && !lexer_.at(TokenKind::kMinus)) return {};
    lexer_.Advance();
    uint32_t right = 0;
    STATOR_OK(ParseOperand(&right));
    const auto first = static_cast<uint32_t>(tree_.children.size());
    tree_.children.insert(tree_.children.end(), {*value, right});
    ++tree_.operators;
    *value = static_cast<uint32_t>(tree_.nodes.size());
    tree_.nodes.push_back({NodeKind::kSum, plus ? "+" : "-", first, 2});
    return {};
  }

  Status ParseOperand(uint32_t* node) {
    if (AtCall(state_)) return ParseCall(state_, tree_, node);
    if (AtValue(state_)) return ParseLiteral(state_, tree_, node);
    if (lexer_.at_name()) return ParsePath(state_, tree_, node);
    return lexer_.Unexpected();
  }

  // SET a = set_add(a, s) is ADD a s, and set_delete DELETE: the call gives way to its set. `steps`: where the steps of
  // its first operand begin.
  void TurnIntoSection(size_t steps, SyntaxAction* action) {
    const SyntaxNode call = tree_.nodes[action->value];
    if (Status fit = CheckSetFunction(call, tree_.nodes[action->path]); !fit.ok()) {
      state_.Remember(std::move(fit).error());
      return;
    }
    const SyntaxNode set = tree_.ChildNode(call, 1);
    tree_.nodes.resize(tree_.nodes.size() - 3);
    tree_.children.resize(call.first);
    tree_.steps.resize(steps);
    action->section = call.text == "set_add" ? Section::kAdd : Section::kDelete;
    action->value = static_cast<uint32_t>(tree_.nodes.size());
    tree_.nodes.push_back(set);
  }

  Status CheckSetFunction(const SyntaxNode& call, const SyntaxNode& target) const {
    if (call.count != 2) return Fail(errors::kOperandCount, call.text, uint64_t{call.count});
    const SyntaxNode& path = tree_.ChildNode(call, 0);
    const SyntaxNode& set = tree_.ChildNode(call, 1);
    if (path.kind != NodeKind::kPath) return Fail(errors::kOperandNeedsPath, call.text);
    const auto* written = &tree_.steps[target.first];
    const auto* read = &tree_.steps[path.first];
    const bool same = std::equal(written, written + target.count, read, read + path.count,
                                 [](const auto& a, const auto& b) { return a.kind == b.kind && a.text == b.text; });
    if (!same) return Fail(errors::kSetFunctionTarget, call.text);
    if (set.kind != NodeKind::kLiteral) return Fail(errors::kFunctionOperandType, call.text, "path");
    const item::Tag tag = item::ValueView(tree_.literals[set.first]).tag();
    if (!item::IsSet(tag)) return Fail(errors::kFunctionOperandType, call.text, item::TypeName(tag));
    return {};
  }

  ParserState& state_;
  Lexer& lexer_;
  UpdateSyntax& syntax_;
  SyntaxTree& tree_;
};

}  // namespace

Status ParsePath(ParserState& state, SyntaxTree& tree, uint32_t* node) {
  Lexer& lexer = state.lexer;
  if (!lexer.at_name()) return lexer.Expected("identifier for simple path");
  const auto first = static_cast<uint32_t>(tree.steps.size());
  tree.steps.push_back({SyntaxStep::Kind::kPlainName, state.TakeName()});
  while (true) {
    if (lexer.Take(TokenKind::kDot)) {
      if (lexer.at(TokenKind::kStar)) return Fail(errors::kStatementPathComponent, lexer.PositionOf(lexer.current()));
      if (!lexer.at_name()) return lexer.Expected("identifier for simple path");
      tree.steps.push_back({SyntaxStep::Kind::kPlainName, state.TakeName()});
    } else if (lexer.Take(TokenKind::kOpenBracket)) {
      STATOR_OK(ParseIndex(state, tree));
    } else {
      break;
    }
  }
  const auto count = static_cast<uint32_t>(tree.steps.size()) - first;
  *node = static_cast<uint32_t>(tree.nodes.size());
  tree.nodes.push_back({NodeKind::kPath, {}, first, count});
  return {};
}

Status ParseActions(ParserState& state, UpdateSyntax& syntax) { return ActionParser(state, syntax).Parse(); }

}  // namespace stator::partiql::internal
