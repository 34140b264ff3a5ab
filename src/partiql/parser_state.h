// What the parts of the parser share: the tokens, the parameters, and the first thing that is wrong beyond syntax.
//
// Syntax errors end the parse at once. What is wrong with a literal, an operand or a parameter waits until the whole
// statement has been read: its syntax comes first.
#pragma once

#include <forward_list>
#include <span>
#include <string>

#include "expression/update_parser.h"
#include "partiql/lexer.h"

namespace stator::partiql::internal {

struct ParserState {
  ParserState(Bytes text, std::span<const std::string> given, std::forward_list<std::string>& unescaped)
      : lexer(text), parameters(given), texts(unescaped) {}

  // Keeps the first.
  void Remember(Error error) {
    if (later.ok()) later = std::move(error);
  }
  // At a name: its text, unquoted.
  Bytes TakeName();
  // The encoded value of the next ?.
  Bytes NextParameter();

  Lexer lexer;
  std::span<const std::string> parameters;
  size_t parameters_used = 0;
  Status later;
  std::forward_list<std::string>& texts;
};

// The content of a quoted token.
std::string Unquoted(Bytes token);

// A path at the current token, appended as a node: a.b[0]."c". Fails with "Expected identifier for simple path".
Status ParsePath(ParserState& state, expression::internal::SyntaxTree& tree, uint32_t* node);

// Whether a value begins at the current token: 'text', 5, -5, TRUE, FALSE, NULL, {, [, <<, ?.
bool AtValue(const ParserState& state);
// REQUIRES: at {. Appends an item as an encoded map: its braces are no level of nesting.
Status ParseItem(ParserState& state, std::string* out);
// REQUIRES: AtValue. Appends the value as a node.
Status ParseLiteral(ParserState& state, expression::internal::SyntaxTree& tree, uint32_t* node);

// A condition, up to the first token that cannot belong to it.
Status ParseCondition(ParserState& state, expression::internal::SyntaxTree& tree, uint32_t* root);

// NAME(operand, ...) with paths and values for operands, appended as a node. REQUIRES: AtCall.
bool AtCall(const ParserState& state);
Status ParseCall(ParserState& state, expression::internal::SyntaxTree& tree, uint32_t* node);

// SET and REMOVE, up to the first other token.
Status ParseActions(ParserState& state, expression::internal::UpdateSyntax& syntax);

}  // namespace stator::partiql::internal
