#include "expression/syntax.h"

#include "errors/expression.h"
#include "expression/path.h"

namespace stator::expression::internal {
namespace {

bool TakeName(Lexer& lexer, SyntaxTree& tree) {
  const Token& token = lexer.current();
  if (lexer.at_name()) {
    tree.steps.push_back({SyntaxStep::Kind::kName, token.text});
  } else if (token.kind == TokenKind::kNameRef) {
    tree.steps.push_back({SyntaxStep::Kind::kNameRef, token.text});
  } else {
    return false;
  }
  lexer.Advance();
  return true;
}

bool TakeIndex(Lexer& lexer, SyntaxTree& tree) {
  if (!lexer.at(TokenKind::kDigits)) return false;
  tree.steps.push_back({SyntaxStep::Kind::kIndex, lexer.current().text});
  lexer.Advance();
  return lexer.Take(TokenKind::kCloseBracket);
}

}  // namespace

Status ParsePath(Lexer& lexer, SyntaxTree& tree, uint32_t* index) {
  const auto first = static_cast<uint32_t>(tree.steps.size());
  if (!TakeName(lexer, tree)) return lexer.SyntaxError();
  while (true) {
    if (lexer.Take(TokenKind::kDot)) {
      if (!TakeName(lexer, tree)) return lexer.SyntaxError();
    } else if (lexer.Take(TokenKind::kOpenBracket)) {
      if (!TakeIndex(lexer, tree)) return lexer.SyntaxError();
    } else {
      break;
    }
  }
  const auto count = static_cast<uint32_t>(tree.steps.size()) - first;
  *index = static_cast<uint32_t>(tree.nodes.size());
  tree.nodes.push_back({NodeKind::kPath, {}, first, count});
  return {};
}

Status CheckOperators(const SyntaxTree& tree) {
  if (tree.operators <= kMaxOperators) return {};
  return Fail(errors::kExpressionTooManyOperators, tree.operators);
}

}  // namespace stator::expression::internal
