// Operators, functions and parentheses: one shift-and-reduce parser with a stack of its own, so that four thousand
// opening parentheses cost four thousand entries and nothing else. Linear in the length of the text.
#pragma once

#include "expression/syntax.h"

namespace stator::expression::internal {

// A whole condition, to the end of the text. `root` is its node.
Status ParseConditionSyntax(Lexer& lexer, SyntaxTree& tree, uint32_t* root);

// What stands right of = in SET: an operand, or two with + or - between them. Ends before the first token that cannot
// belong to it.
Status ParseSetValueSyntax(Lexer& lexer, SyntaxTree& tree, uint32_t* root);

}  // namespace stator::expression::internal
