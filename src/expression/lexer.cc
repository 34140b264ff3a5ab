#include "expression/lexer.h"

#include "errors/expression.h"

namespace stator::expression::internal {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsWordPart(char c) { return IsLetter(c) || IsDigit(c); }

bool EqualsKeyword(Bytes word, Bytes keyword) {
  if (word.size() != keyword.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if ((c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) != keyword[i]) return false;
  }
  return true;
}

TokenKind KindOfSign(char c) {
  switch (c) {
    case '.':
      return TokenKind::kDot;
    case ',':
      return TokenKind::kComma;
    case '(':
      return TokenKind::kOpen;
    case ')':
      return TokenKind::kClose;
    case '[':
      return TokenKind::kOpenBracket;
    case ']':
      return TokenKind::kCloseBracket;
    case '+':
      return TokenKind::kPlus;
    case '-':
      return TokenKind::kMinus;
    default:
      return TokenKind::kOther;
  }
}

// The bytes of the character that begins there, so that an error never shows half of one.
size_t CharacterLength(Bytes text, size_t at) {
  size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return end - at;
}

}  // namespace

Lexer::Lexer(Bytes text, Grammar grammar) : text_(text), grammar_(grammar) {
  previous_.text = text.substr(0, 0);
  current_ = Scan(&next_);
}

Token Lexer::Scan(size_t* at) const {
  size_t begin = *at;
  while (begin < text_.size() && IsSpace(text_[begin])) ++begin;
  size_t end = begin;
  const auto run = [&](auto part) {
    while (end < text_.size() && part(text_[end])) ++end;
  };
  const auto token = [&](TokenKind kind) {
    *at = end;
    return Token{kind, text_.substr(begin, end - begin)};
  };
  if (begin == text_.size()) return token(TokenKind::kEnd);
  const char c = text_[begin];
  if (IsLetter(c)) {
    run(IsWordPart);
    return token(TokenKind::kWord);
  }
  if (IsDigit(c)) {
    run(IsDigit);
    return token(TokenKind::kDigits);
  }
  ++end;
  const bool follows_equal = end < text_.size() && text_[end] == '=';
  switch (c) {
    case '#':
    case ':':
      run(IsWordPart);
      if (end == begin + 1) return token(TokenKind::kOther);
      return token(c == '#' ? TokenKind::kNameRef : TokenKind::kValueRef);
    case '<':
      if (follows_equal || (end < text_.size() && text_[end] == '>')) ++end;
      return token(TokenKind::kCompare);
    case '>':
      if (follows_equal) ++end;
      return token(TokenKind::kCompare);
    case '=':
      return token(TokenKind::kCompare);
    default:
      break;
  }
  const TokenKind kind = KindOfSign(c);
  if (kind == TokenKind::kOther) end = begin + CharacterLength(text_, begin);
  return token(kind);
}

bool Lexer::at_keyword(Bytes keyword) const {
  return current_.kind == TokenKind::kWord && EqualsKeyword(current_.text, keyword);
}

bool Lexer::at_name() const {
  if (current_.kind != TokenKind::kWord) return false;
  switch (grammar_) {
    case Grammar::kCondition:
      return !at_keyword("AND") && !at_keyword("OR") && !at_keyword("NOT") && !at_keyword("BETWEEN") &&
             !at_keyword("IN");
    case Grammar::kUpdate:
      return !at_keyword("SET") && !at_keyword("REMOVE") && !at_keyword("ADD") && !at_keyword("DELETE");
    case Grammar::kProjection:
      return true;
  }
  return true;
}

void Lexer::Advance() {
  previous_ = current_;
  current_ = Scan(&next_);
}

Token Lexer::Peek() const {
  size_t at = next_;
  return Scan(&at);
}

bool Lexer::Take(TokenKind kind) {
  if (!at(kind)) return false;
  Advance();
  return true;
}

bool Lexer::TakeKeyword(Bytes keyword) {
  if (!at_keyword(keyword)) return false;
  Advance();
  return true;
}

Error Lexer::SyntaxError() const {
  const Token following = Peek();
  const auto offset = [&](const Token& token) { return static_cast<size_t>(token.text.data() - text_.data()); };
  const size_t begin = previous_.text.empty() ? offset(current_) : offset(previous_);
  const Token& last = !following.text.empty() ? following : !current_.text.empty() ? current_ : previous_;
  const size_t end = last.text.empty() ? begin : offset(last) + last.text.size();
  return Fail(errors::kExpressionSyntax, at(TokenKind::kEnd) ? Bytes("<EOF>") : current_.text,
              text_.substr(begin, end - begin));
}

}  // namespace stator::expression::internal
