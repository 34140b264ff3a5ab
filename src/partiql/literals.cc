// Values written in a statement, encoded as they are read. Lists, maps and sets nest no deeper than an item may, and
// the descent stops there. Tests: literals_test.cc.
#include <algorithm>
#include <set>

#include "errors/item.h"
#include "errors/partiql.h"
#include "item/value.h"
#include "partiql/parser_state.h"

namespace stator::partiql::internal {
namespace {

using item::Tag;
using item::ValueView;

// What stands for a value that could not be made: the statement fails after it is read.
void AppendFailed(ParserState& state, Error error, std::string* out) {
  state.Remember(std::move(error));
  item::AppendNull(out);
}

class ValueParser {
 public:
  explicit ValueParser(ParserState& state) : state_(state), lexer_(state.lexer) {}

  // `depth`: how many values lie around this one. A set is one level together with its members.
  Status Parse(int depth, bool in_set, std::string* out) {
    if (depth >= item::kMaxLevels + (in_set ? 1 : 0)) return Fail(errors::kNestingTooDeep);
    switch (lexer_.current().kind) {
      case TokenKind::kOpenBracket:
        return ParseList(depth, out);
      case TokenKind::kOpenBrace:
        return ParseMap(depth, out);
      case TokenKind::kOpenBag:
        return ParseSet(depth, out);
      case TokenKind::kParameter:
        return TakeParameter(in_set ? 0 : depth, out);
      default:
        return ParseScalar(out);
    }
  }

 private:
  struct Member {
    std::string name;
    std::string value;
  };

  Status ParseScalar(std::string* out) {
    if (lexer_.at(TokenKind::kString)) {
      item::AppendString(out, Unquoted(lexer_.current().text));
    } else if (lexer_.at_word("TRUE") || lexer_.at_word("FALSE")) {
      item::AppendBool(out, lexer_.at_word("TRUE"));
    } else if (lexer_.at_word("NULL")) {
      item::AppendNull(out);
    } else {
      return ParseNumber(out);
    }
    lexer_.Advance();
    return {};
  }

  Status ParseNumber(std::string* out) {
    std::string text;
    if (lexer_.at(TokenKind::kMinus)) text = "-";
    if (lexer_.at(TokenKind::kMinus) || lexer_.at(TokenKind::kPlus)) lexer_.Advance();
    if (!lexer_.at(TokenKind::kNumber)) return lexer_.Unexpected();
    auto number = item::Number::Parse(text.append(lexer_.current().text));
    lexer_.Advance();
    if (number.ok()) {
      item::AppendNumber(out, *number);
    } else {
      AppendFailed(state_, std::move(number).error(), out);
    }
    return {};
  }

  Status TakeParameter(int depth, std::string* out) {
    const Bytes value = state_.NextParameter();
    lexer_.Advance();
    if (depth + ValueView(value).levels() > item::kMaxLevels) {
      AppendFailed(state_, Fail(errors::kNestingTooDeep), out);
    } else {
      out->append(value);
    }
    return {};
  }

  Status ParseList(int depth, std::string* out) {
    std::vector<std::string> elements;
    STATOR_OK(ParseElements(TokenKind::kCloseBracket, depth, &elements));
    std::vector<ValueView> views(elements.begin(), elements.end());
    item::AppendList(out, views);
    return {};
  }

  // Past the opening bracket, to behind the closing one.
  Status ParseElements(TokenKind close, int depth, std::vector<std::string>* elements) {
    const bool set = close == TokenKind::kCloseBag;
    lexer_.Advance();
    if (lexer_.Take(close)) return {};
    do {
      if (!AtValue(state_)) return lexer_.Unexpected();
      STATOR_OK(Parse(depth + 1, set, &elements->emplace_back()));
    } while (lexer_.Take(TokenKind::kComma));
    return lexer_.Take(close) ? Status() : lexer_.Expected(set ? ">>" : "]");
  }

  Status ParseMap(int depth, std::string* out) {
    lexer_.Advance();
    std::vector<Member> members;
    if (!lexer_.at(TokenKind::kCloseBrace)) {
      do {
        STATOR_OK(ParseMember(depth, &members.emplace_back()));
      } while (lexer_.Take(TokenKind::kComma));
    }
    if (!lexer_.Take(TokenKind::kCloseBrace)) return lexer_.Expected("}");
    // Of members with one name the last counts.
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.name < b.name; });
    std::vector<item::Attribute> attributes;
    attributes.reserve(members.size());
    for (const Member& member : members) {
      if (!attributes.empty() && attributes.back().name == member.name) attributes.pop_back();
      attributes.push_back({member.name, ValueView(member.value)});
    }
    item::AppendMap(out, std::move(attributes));
    return {};
  }

  Status ParseMember(int depth, Member* member) {
    if (!lexer_.at(TokenKind::kString)) return lexer_.Unexpected();
    member->name = Unquoted(lexer_.current().text);
    lexer_.Advance();
    if (member->name.empty()) state_.Remember(Fail(errors::kAttributeNameEmpty));
    if (!lexer_.Take(TokenKind::kColon)) return lexer_.Expected(":");
    if (!AtValue(state_)) return lexer_.Unexpected();
    return Parse(depth + 1, false, &member->value);
  }

  Status ParseSet(int depth, std::string* out) {
    std::vector<std::string> elements;
    STATOR_OK(ParseElements(TokenKind::kCloseBag, depth, &elements));
    Status made = AppendMembers(elements, out);
    if (!made.ok()) AppendFailed(state_, std::move(made).error(), out);
    return {};
  }

  static Status AppendMembers(const std::vector<std::string>& elements, std::string* out) {
    if (elements.empty()) return Fail(errors::kSetLiteralEmpty);
    const Tag of = ValueView(elements[0]).tag();
    const Tag set = of == Tag::kString ? Tag::kStringSet : of == Tag::kNumber ? Tag::kNumberSet : Tag::kBinarySet;
    if (of != Tag::kString && of != Tag::kNumber && of != Tag::kBinary) return Fail(errors::kSetLiteralMixed);
    std::vector<Bytes> members;
    members.reserve(elements.size());
    for (const std::string& element : elements) {
      const ValueView view(element);
      if (view.tag() != of) return Fail(errors::kSetLiteralMixed);
      members.push_back(of == Tag::kNumber ? view.ordered_number() : view.bytes());
    }
    if (std::set<Bytes>(members.begin(), members.end()).size() < members.size()) {
      if (of != Tag::kString) return Fail(errors::kNumberSetDuplicates);
      return Fail(errors::kStringSetDuplicates, Listing(members));
    }
    item::AppendSet(out, set, std::move(members));
    return {};
  }

  // "a, a".
  static std::string Listing(const std::vector<Bytes>& members) {
    std::string text;
    for (const Bytes member : members) text.append(text.empty() ? "" : ", ").append(member);
    return text;
  }

  ParserState& state_;
  Lexer& lexer_;
};

}  // namespace

std::string Unquoted(Bytes token) {
  const char quote = token[0];
  const Bytes inside = token.substr(1, token.size() - 2);
  std::string text;
  text.reserve(inside.size());
  for (size_t i = 0; i < inside.size(); ++i) {
    text += inside[i];
    if (inside[i] == quote) ++i;
  }
  return text;
}

Bytes ParserState::TakeName() {
  const Token token = lexer.current();
  lexer.Advance();
  if (token.kind == TokenKind::kWord) return token.text;
  const Bytes inside = token.text.substr(1, token.text.size() - 2);
  if (inside.empty()) Remember(Fail(errors::kAttributeNameEmpty));
  if (inside.find('"') == Bytes::npos) return inside;
  return texts.emplace_front(Unquoted(token.text));
}

Bytes ParserState::NextParameter() {
  static const std::string kAbsent = [] {
    std::string null;
    item::AppendNull(&null);
    return null;
  }();
  const size_t at = parameters_used++;
  return at < parameters.size() ? Bytes(parameters[at]) : Bytes(kAbsent);
}

bool AtValue(const ParserState& state) {
  const Lexer& lexer = state.lexer;
  switch (lexer.current().kind) {
    case TokenKind::kString:
    case TokenKind::kNumber:
    case TokenKind::kPlus:
    case TokenKind::kMinus:
    case TokenKind::kParameter:
    case TokenKind::kOpenBracket:
    case TokenKind::kOpenBrace:
    case TokenKind::kOpenBag:
      return true;
    default:
      return lexer.at_word("TRUE") || lexer.at_word("FALSE") || lexer.at_word("NULL");
  }
}

Status ParseItem(ParserState& state, std::string* out) { return ValueParser(state).Parse(-1, false, out); }

Status ParseLiteral(ParserState& state, expression::internal::SyntaxTree& tree, uint32_t* node) {
  std::string value;
  STATOR_OK(ValueParser(state).Parse(0, false, &value));
  *node = static_cast<uint32_t>(tree.nodes.size());
  tree.nodes.push_back({expression::internal::NodeKind::kLiteral, {}, static_cast<uint32_t>(tree.literals.size()), 0});
  tree.literals.push_back(std::move(value));
  return {};
}

}  // namespace stator::partiql::internal
