// A statement's text to tokens. Spaces, line ends and comments separate; letters of keywords may have any case.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::partiql::internal {

enum class TokenKind : uint8_t {
  kEnd,
  kWord,        // a bare name, a keyword or a function's name: [A-Za-z_$][A-Za-z0-9_$]*
  kQuotedName,  // "..."; a doubled quote stands for one
  kString,      // '...'; likewise
  kNumber,      // 5, 5.1, .5, 5., 5e-1: without a sign
  kParameter,   // ?
  kDot,
  kComma,
  kColon,
  kSemicolon,
  kOpen,
  kClose,
  kOpenBracket,
  kCloseBracket,
  kOpenBrace,
  kCloseBrace,
  kOpenBag,   // <<
  kCloseBag,  // >>
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kConcat,   // ||
  kCompare,  // = <> != < <= > >=
  kInvalid,  // a character that no statement has
  kUnended,  // a string, name or comment without an end
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Bytes text;  // of the statement, quotes included
};

// Words that cannot be bare names: the keywords of SQL-92 and PartiQL.
bool IsKeyword(Bytes word);
// Whether the word, in any case of letters, is that one, given in capitals.
bool EqualsKeyword(Bytes word, Bytes keyword);

// A walk over the tokens, one ahead. Borrows the text.
class Lexer {
 public:
  explicit Lexer(Bytes text) : text_(text) { Advance(); }

  const Token& current() const { return current_; }
  bool at(TokenKind kind) const { return current_.kind == kind; }
  bool at_word(Bytes keyword) const { return at(TokenKind::kWord) && EqualsKeyword(current_.text, keyword); }
  // Whether the current token can be a name.
  bool at_name() const { return at(TokenKind::kQuotedName) || (at(TokenKind::kWord) && !IsKeyword(current_.text)); }
  void Advance() { current_ = Scan(&next_); }
  // What follows the current token.
  Token Peek() const {
    size_t at = next_;
    return Scan(&at);
  }
  // Takes the current token if it is of that kind, that word.
  bool Take(TokenKind kind);
  bool TakeWord(Bytes keyword);

  // "line:column:length" of a token, in characters from 1.
  std::string PositionOf(const Token& token) const;
  // The current token cannot begin what should stand here.
  Error Unexpected() const;
  // This should stand here.
  Error Expected(Bytes what) const;

 private:
  Token Scan(size_t* at) const;
  // Past spaces and comments; false if a comment has no end.
  bool SkipBlank(size_t* at) const;
  // Behind the closing quote, or npos.
  size_t EndOfQuoted(size_t begin) const;
  size_t EndOfNumber(size_t begin) const;
  bool digit_at(size_t at) const { return at < text_.size() && text_[at] >= '0' && text_[at] <= '9'; }
  // What is wrong with the current token by itself; nothing if it is a good one.
  Status LexicalError() const;

  Bytes text_;
  size_t next_ = 0;  // where scanning goes on
  Token current_;
};

}  // namespace stator::partiql::internal
