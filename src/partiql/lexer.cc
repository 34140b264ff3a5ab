// Tests: parse_test.cc, literals_test.cc.
#include "partiql/lexer.h"

#include <algorithm>
#include <utility>

#include "errors/partiql.h"

namespace stator::partiql::internal {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }

// The sign that two characters make, and how many it takes; kInvalid if none.
std::pair<TokenKind, size_t> SignOf(char c, char next) {
  switch (c) {
    case '<':
      if (next == '<') return {TokenKind::kOpenBag, 2};
      return {TokenKind::kCompare, next == '=' || next == '>' ? 2 : 1};
    case '>':
      if (next == '>') return {TokenKind::kCloseBag, 2};
      return {TokenKind::kCompare, next == '=' ? 2 : 1};
    case '!':
      return {next == '=' ? TokenKind::kCompare : TokenKind::kInvalid, 2};
    case '|':
      return {next == '|' ? TokenKind::kConcat : TokenKind::kInvalid, 2};
    default:
      break;
  }
  static constexpr Bytes kSigns = "=?.,:;()[]{}+-*/%";
  static constexpr TokenKind kKinds[] = {TokenKind::kCompare,      TokenKind::kParameter, TokenKind::kDot,
                                         TokenKind::kComma,        TokenKind::kColon,     TokenKind::kSemicolon,
                                         TokenKind::kOpen,         TokenKind::kClose,     TokenKind::kOpenBracket,
                                         TokenKind::kCloseBracket, TokenKind::kOpenBrace, TokenKind::kCloseBrace,
                                         TokenKind::kPlus,         TokenKind::kMinus,     TokenKind::kStar,
                                         TokenKind::kSlash,        TokenKind::kPercent};
  const size_t at = kSigns.find(c);
  if (at == Bytes::npos) return {TokenKind::kInvalid, 1};
  return {kKinds[at], 1};
}

bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

size_t Characters(Bytes text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !ContinuesCharacter(c); }));
}

}  // namespace

bool EqualsKeyword(Bytes word, Bytes keyword) {
  if (word.size() != keyword.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if ((c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) != keyword[i]) return false;
  }
  return true;
}

bool Lexer::SkipBlank(size_t* at) const {
  while (*at < text_.size()) {
    const char c = text_[*at];
    if (IsSpace(c)) {
      ++*at;
      continue;
    }
    if (c != '-' && c != '/') break;
    const Bytes rest = text_.substr(*at);
    if (rest.starts_with("--")) {
      *at = std::min(text_.find('\n', *at), text_.size());
    } else if (rest.starts_with("/*")) {
      const size_t end = text_.find("*/", *at + 2);
      if (end == Bytes::npos) return false;
      *at = end + 2;
    } else {
      break;
    }
  }
  return true;
}

size_t Lexer::EndOfQuoted(size_t begin) const {
  const char quote = text_[begin];
  for (size_t at = begin + 1;; at += 2) {
    at = text_.find(quote, at);
    if (at == Bytes::npos) return at;
    if (at + 1 == text_.size() || text_[at + 1] != quote) return at + 1;
  }
}

size_t Lexer::EndOfNumber(size_t begin) const {
  size_t at = begin;
  while (digit_at(at)) ++at;
  if (at < text_.size() && text_[at] == '.') {
    ++at;
    while (digit_at(at)) ++at;
  }
  if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
    size_t exponent = at + 1;
    if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
    if (!digit_at(exponent)) return at;
    at = exponent;
    while (digit_at(at)) ++at;
  }
  return at;
}

Token Lexer::Scan(size_t* at) const {
  size_t begin = *at;
  const bool ended = SkipBlank(&begin);
  const auto token = [&](TokenKind kind, size_t end) {
    *at = std::min(end, text_.size());
    return Token{kind, text_.substr(begin, *at - begin)};
  };
  if (!ended) return token(TokenKind::kUnended, text_.size());
  if (begin == text_.size()) return token(TokenKind::kEnd, begin);
  const char c = text_[begin];
  if (IsLetter(c)) {
    size_t end = begin + 1;
    while (end < text_.size() && (IsLetter(text_[end]) || IsDigit(text_[end]))) ++end;
    return token(TokenKind::kWord, end);
  }
  if (IsDigit(c) || (c == '.' && digit_at(begin + 1))) return token(TokenKind::kNumber, EndOfNumber(begin));
  if (c == '"' || c == '\'') {
    const size_t end = EndOfQuoted(begin);
    if (end == Bytes::npos) return token(TokenKind::kUnended, end);
    return token(c == '"' ? TokenKind::kQuotedName : TokenKind::kString, end);
  }
  const auto [kind, length] = SignOf(c, begin + 1 < text_.size() ? text_[begin + 1] : '\0');
  if (kind != TokenKind::kInvalid) return token(kind, begin + length);
  size_t end = begin + 1;
  while (end < text_.size() && ContinuesCharacter(text_[end])) ++end;
  return token(TokenKind::kInvalid, end);
}

bool Lexer::Take(TokenKind kind) {
  if (!at(kind)) return false;
  Advance();
  return true;
}

bool Lexer::TakeWord(Bytes keyword) {
  if (!at_word(keyword)) return false;
  Advance();
  return true;
}

std::string Lexer::PositionOf(const Token& token) const {
  const auto offset = static_cast<size_t>(token.text.data() - text_.data());
  const Bytes before = text_.substr(0, offset);
  const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  return std::to_string(line) + ":" + std::to_string(Characters(before.substr(line_start)) + 1) + ":" +
         std::to_string(Characters(token.text));
}

Status Lexer::LexicalError() const {
  if (at(TokenKind::kInvalid)) return Fail(errors::kStatementCharacter, PositionOf(current_));
  if (at(TokenKind::kUnended)) {
    const Token start{TokenKind::kUnended, current_.text.substr(0, 1)};
    return Fail(errors::kStatementUnended, PositionOf(start));
  }
  return {};
}

Error Lexer::Unexpected() const {
  if (Status lexical = LexicalError(); !lexical.ok()) return std::move(lexical).error();
  switch (current_.kind) {
    case TokenKind::kWord:
      return Fail(errors::kStatementMalformed, IsKeyword(current_.text) ? "Unexpected keyword" : "Unexpected term");
    case TokenKind::kPlus:
    case TokenKind::kMinus:
    case TokenKind::kStar:
    case TokenKind::kSlash:
    case TokenKind::kPercent:
    case TokenKind::kConcat:
    case TokenKind::kCompare:
      return Fail(errors::kStatementMalformed, "Unexpected operator");
    default:
      return Fail(errors::kStatementMalformed, "Unexpected term");
  }
}

Error Lexer::Expected(Bytes what) const {
  if (Status lexical = LexicalError(); !lexical.ok()) return std::move(lexical).error();
  return Fail(errors::kStatementMalformed, std::string("Expected ").append(what));
}

}  // namespace stator::partiql::internal
