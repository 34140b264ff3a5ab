// Text to tokens. Spaces, tabs and line ends separate; nothing is quoted.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::expression::internal {

enum class TokenKind : uint8_t {
  kEnd,
  kWord,      // a bare name, a keyword or a function's name: [A-Za-z_][A-Za-z0-9_]*
  kNameRef,   // #name
  kValueRef,  // :value
  kDigits,
  kDot,
  kComma,
  kOpen,
  kClose,
  kOpenBracket,
  kCloseBracket,
  kPlus,
  kMinus,
  kCompare,  // = <> < <= > >=
  kOther,    // a character that no expression has
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Bytes text;  // of the expression
};

// Which words are keywords and so never names: AND, OR, NOT, BETWEEN, IN in conditions, the sections in updates.
enum class Grammar : uint8_t { kCondition, kUpdate, kProjection };

// A walk over the tokens, one ahead. Borrows the text.
class Lexer {
 public:
  Lexer(Bytes text, Grammar grammar);

  const Token& current() const { return current_; }
  bool at(TokenKind kind) const { return current_.kind == kind; }
  // Whether the current token is that keyword (given in capitals), in any case of letters.
  bool at_keyword(Bytes keyword) const;
  // Whether the current token is a word that may be a name.
  bool at_name() const;
  void Advance();
  // What follows the current token.
  Token Peek() const;
  // Takes the current token if it is of that kind.
  bool Take(TokenKind kind);
  bool TakeKeyword(Bytes keyword);

  // The current token should not be here. Its neighbours tell where: token: "x", near: "a x b".
  Error SyntaxError() const;

 private:
  Token Scan(size_t* at) const;

  Bytes text_;
  Grammar grammar_;
  size_t next_ = 0;  // where scanning goes on
  Token previous_;
  Token current_;
};

}  // namespace stator::expression::internal
