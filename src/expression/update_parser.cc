#include "expression/update_parser.h"

#include "expression/operator_parser.h"

namespace stator::expression::internal {
namespace {

constexpr Bytes kSectionNames[kSections] = {"SET", "REMOVE", "ADD", "DELETE"};

Status ParseValueRef(Lexer& lexer, SyntaxTree& tree, uint32_t* node) {
  if (!lexer.at(TokenKind::kValueRef)) return lexer.SyntaxError();
  *node = static_cast<uint32_t>(tree.nodes.size());
  tree.nodes.push_back({NodeKind::kValue, lexer.current().text});
  lexer.Advance();
  return {};
}

Status ParseAction(Lexer& lexer, SyntaxTree& tree, SyntaxAction* action) {
  STATOR_OK(ParsePath(lexer, tree, &action->path));
  switch (action->section) {
    case Section::kRemove:
      return {};
    case Section::kAdd:
    case Section::kDelete:
      return ParseValueRef(lexer, tree, &action->value);
    case Section::kSet:
      if (!lexer.at(TokenKind::kCompare) || lexer.current().text != "=") return lexer.SyntaxError();
      lexer.Advance();
      return ParseSetValueSyntax(lexer, tree, &action->value);
  }
  return {};
}

bool TakeSection(Lexer& lexer, Section* section) {
  for (size_t i = 0; i < kSections; ++i) {
    if (lexer.TakeKeyword(kSectionNames[i])) {
      *section = static_cast<Section>(i);
      return true;
    }
  }
  return false;
}

}  // namespace

Bytes SectionName(Section section) { return kSectionNames[static_cast<size_t>(section)]; }

Status ParseUpdateSyntax(Lexer& lexer, UpdateSyntax& syntax) {
  do {
    Section section{};
    if (!TakeSection(lexer, &section)) return lexer.SyntaxError();
    syntax.sections.push_back(section);
    do {
      SyntaxAction action{section, 0};
      STATOR_OK(ParseAction(lexer, syntax.tree, &action));
      syntax.actions.push_back(action);
    } while (lexer.Take(TokenKind::kComma));
  } while (!lexer.at(TokenKind::kEnd));
  return {};
}

}  // namespace stator::expression::internal
