// Conditions with a stack of their own instead of recursion: a frame is a parenthesis, NOT, AND or OR that is not yet
// finished, a value is a finished condition. A comparison is read whole as soon as its first operand is, so operands
// need no frames. Linear in the text. Tests: condition_test.cc, random_test.cc.
#include <algorithm>
#include <initializer_list>
#include <span>

#include "errors/expression.h"
#include "errors/partiql.h"
#include "item/value.h"
#include "partiql/parser_state.h"

namespace stator::partiql::internal {
namespace {

using expression::internal::NodeKind;
using expression::internal::SyntaxTree;

constexpr Bytes kFunctions[] = {"attribute_type", "begins_with", "contains", "list_append",
                                "set_add",        "set_delete",  "size"};

// The function's own spelling, or the text if there is no such function.
Bytes FunctionName(Bytes text) {
  for (const Bytes name : kFunctions) {
    const bool same = text.size() == name.size() &&
                      std::equal(text.begin(), text.end(), name.begin(),
                                 [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
    if (same) return name;
  }
  return text;
}

// The operator as expression's binder knows it: a constant, for conditions outlive the statement's text.
Bytes OperatorName(Bytes written) {
  for (const Bytes name : {"=", "<", "<=", ">", ">="}) {
    if (name == written) return name;
  }
  return "!=";
}

class ConditionParser {
 public:
  ConditionParser(ParserState& state, SyntaxTree& tree) : state_(state), lexer_(state.lexer), tree_(tree) {
    tree_.literals.reserve(4);
    frames_.reserve(8);
    values_.reserve(8);
  }

  Status Parse(uint32_t* root) {
    do {
      STATOR_OK(ParseTest());
      CloseParentheses();
    } while (ParseConnective());
    FinishOperators(Frame::kOr);
    if (parentheses_ > 0) return lexer_.at(TokenKind::kEnd) ? lexer_.Expected(")") : lexer_.Unexpected();
    *root = values_.back();
    return {};
  }

 private:
  enum class Frame : uint8_t { kParenthesis, kNot, kAnd, kOr };

  // Everything up to and with one test: parentheses, NOTs, and the comparison or call behind them.
  Status ParseTest() {
    size_t open = 0;  // parentheses right before the operand: around it, or around more
    while (true) {
      if (lexer_.Take(TokenKind::kOpen)) {
        ++open;
      } else if (lexer_.TakeWord("NOT")) {
        OpenParentheses(open);
        frames_.push_back(Frame::kNot);
        open = 0;
      } else {
        break;
      }
    }
    uint32_t operand = 0;
    const bool call = AtCall(state_);
    STATOR_OK(ParsePrimary(&operand));
    while (open > 0 && !AtPredicate() && lexer_.Take(TokenKind::kClose)) --open;
    OpenParentheses(open);
    if (!AtPredicate()) {
      if (!call || tree_.nodes[operand].text == "size") return lexer_.Unexpected();
      values_.push_back(operand);
      return {};
    }
    return ParsePredicate(operand);
  }

  bool AtPredicate() const {
    return lexer_.at(TokenKind::kCompare) || lexer_.at_word("BETWEEN") || lexer_.at_word("IN") ||
           lexer_.at_word("IS") || lexer_.at_word("LIKE") || lexer_.at_word("NOT");
  }

  Status ParsePredicate(uint32_t operand) {
    if (lexer_.at(TokenKind::kCompare)) return ParseComparison(operand);
    if (lexer_.TakeWord("IS")) return ParseIs(operand);
    const bool negated = lexer_.TakeWord("NOT");
    if (lexer_.TakeWord("BETWEEN")) {
      STATOR_OK(ParseBetween(operand));
    } else if (lexer_.TakeWord("IN")) {
      STATOR_OK(ParseIn(operand));
    } else if (lexer_.at_word("LIKE")) {
      return Fail(errors::kStatementOperator, "LIKE", lexer_.PositionOf(lexer_.current()));
    } else {
      return lexer_.Unexpected();
    }
    if (negated) Combine(NodeKind::kNot, {values_.back()});
    return {};
  }

  Status ParseComparison(uint32_t operand) {
    const Bytes name = OperatorName(lexer_.current().text);
    lexer_.Advance();
    uint32_t other = 0;
    STATOR_OK(ParseOperand(&other));
    Push(NodeKind::kCompare, name, {operand, other});
    return {};
  }

  Status ParseBetween(uint32_t operand) {
    uint32_t lower = 0;
    uint32_t upper = 0;
    STATOR_OK(ParseOperand(&lower));
    if (!lexer_.TakeWord("AND")) return lexer_.Expected("AND");
    STATOR_OK(ParseOperand(&upper));
    Push(NodeKind::kBetween, "BETWEEN", {operand, lower, upper});
    return {};
  }

  Status ParseIn(uint32_t operand) {
    const bool bracket = lexer_.Take(TokenKind::kOpenBracket);
    if (!bracket && !lexer_.Take(TokenKind::kOpen)) return lexer_.Unexpected();
    std::vector<uint32_t> operands = {operand};
    do {
      STATOR_OK(ParseOperand(&operands.emplace_back()));
    } while (lexer_.Take(TokenKind::kComma));
    if (!lexer_.Take(bracket ? TokenKind::kCloseBracket : TokenKind::kClose)) {
      return lexer_.Expected(bracket ? "]" : ")");
    }
    Push(NodeKind::kIn, "IN", std::span<const uint32_t>(operands));
    return {};
  }

  // [NOT] MISSING, [NOT] NULL: the expressions' functions for the same.
  Status ParseIs(uint32_t operand) {
    const bool negated = lexer_.TakeWord("NOT");
    const bool missing = lexer_.at_word("MISSING");
    if (!missing && !lexer_.at_word("NULL")) return lexer_.Unexpected();
    if (tree_.nodes[operand].kind != NodeKind::kPath) {
      state_.Remember(Fail(errors::kOperandNeedsPath, missing ? "MISSING" : "NULL"));
    }
    lexer_.Advance();
    if (missing) {
      Push(NodeKind::kCall, negated ? "attribute_exists" : "attribute_not_exists", {operand});
      return {};
    }
    const auto type = static_cast<uint32_t>(tree_.nodes.size());
    tree_.nodes.push_back({NodeKind::kLiteral, {}, static_cast<uint32_t>(tree_.literals.size()), 0});
    item::AppendString(&tree_.literals.emplace_back(), "NULL");
    Push(NodeKind::kCall, "attribute_type", {operand, type});
    if (negated) Combine(NodeKind::kNot, {values_.back()});
    return {};
  }

  // An operand in parentheses or without.
  Status ParseOperand(uint32_t* node) {
    size_t open = 0;
    while (lexer_.Take(TokenKind::kOpen)) ++open;
    STATOR_OK(ParsePrimary(node));
    for (; open > 0; --open) {
      if (!lexer_.Take(TokenKind::kClose)) return lexer_.Expected(")");
    }
    return {};
  }

  Status ParsePrimary(uint32_t* node) {
    if (AtCall(state_)) return ParseCall(state_, tree_, node);
    if (AtValue(state_)) return ParseLiteral(state_, tree_, node);
    if (lexer_.at_name()) return ParsePath(state_, tree_, node);
    return lexer_.Unexpected();
  }

  // Every ) of an open parenthesis that follows a finished condition.
  void CloseParentheses() {
    for (; parentheses_ > 0 && lexer_.Take(TokenKind::kClose); --parentheses_) {
      FinishOperators(Frame::kOr);
      frames_.pop_back();
    }
  }

  void OpenParentheses(size_t count) {
    frames_.insert(frames_.end(), count, Frame::kParenthesis);
    parentheses_ += count;
  }

  // At AND or OR: opens it.
  bool ParseConnective() {
    const bool conjunction = lexer_.at_word("AND");
    if (!conjunction && !lexer_.at_word("OR")) return false;
    lexer_.Advance();
    FinishOperators(conjunction ? Frame::kAnd : Frame::kOr);
    frames_.push_back(conjunction ? Frame::kAnd : Frame::kOr);
    return true;
  }

  // NOT, AND and OR that bind at least as tightly as `next` (kAnd or kOr) have their last operand.
  void FinishOperators(Frame next) {
    while (!frames_.empty()) {
      const Frame frame = frames_.back();
      if (frame == Frame::kNot) {
        Combine(NodeKind::kNot, {values_.back()});
      } else if (frame == Frame::kAnd || (frame == Frame::kOr && next == Frame::kOr)) {
        const uint32_t right = values_.back();
        values_.pop_back();
        Combine(frame == Frame::kAnd ? NodeKind::kAnd : NodeKind::kOr, {values_.back(), right});
      } else {
        return;
      }
      frames_.pop_back();
    }
  }

  // A node in place of the last condition.
  void Combine(NodeKind kind, std::initializer_list<uint32_t> children) {
    values_.pop_back();
    Push(kind, {}, children);
  }

  // A new condition.
  void Push(NodeKind kind, Bytes text, std::initializer_list<uint32_t> children) {
    Push(kind, text, std::span(children.begin(), children.size()));
  }
  void Push(NodeKind kind, Bytes text, std::span<const uint32_t> children) {
    const auto first = static_cast<uint32_t>(tree_.children.size());
    tree_.children.insert(tree_.children.end(), children.begin(), children.end());
    ++tree_.operators;
    values_.push_back(static_cast<uint32_t>(tree_.nodes.size()));
    tree_.nodes.push_back({kind, text, first, static_cast<uint32_t>(children.size())});
  }

  ParserState& state_;
  Lexer& lexer_;
  SyntaxTree& tree_;
  std::vector<Frame> frames_;
  size_t parentheses_ = 0;  // of the frames
  std::vector<uint32_t> values_;
};

}  // namespace

bool AtCall(const ParserState& state) {
  return state.lexer.at(TokenKind::kWord) && state.lexer.Peek().kind == TokenKind::kOpen &&
         (!IsKeyword(state.lexer.current().text) || state.lexer.at_word("SIZE"));
}

Status ParseCall(ParserState& state, SyntaxTree& tree, uint32_t* node) {
  Lexer& lexer = state.lexer;
  const Bytes written = lexer.current().text;
  const Bytes name = FunctionName(written);
  // What the statement's functions and operators become below is not for statements to name.
  const bool known = std::find(std::begin(kFunctions), std::end(kFunctions), name) != std::end(kFunctions);
  if (!known) state.Remember(Fail(errors::kFunctionUnknown, written));
  lexer.Advance();
  lexer.Advance();
  std::vector<uint32_t> operands;
  if (!lexer.at(TokenKind::kClose)) {
    do {
      uint32_t& operand = operands.emplace_back();
      if (AtValue(state)) {
        STATOR_OK(ParseLiteral(state, tree, &operand));
      } else if (lexer.at_name()) {
        STATOR_OK(ParsePath(state, tree, &operand));
      } else {
        return lexer.Unexpected();
      }
    } while (lexer.Take(TokenKind::kComma));
  }
  if (!lexer.Take(TokenKind::kClose)) return lexer.Expected(")");
  const auto first = static_cast<uint32_t>(tree.children.size());
  tree.children.insert(tree.children.end(), operands.begin(), operands.end());
  ++tree.operators;
  *node = static_cast<uint32_t>(tree.nodes.size());
  tree.nodes.push_back({NodeKind::kCall, name, first, static_cast<uint32_t>(operands.size())});
  return {};
}

Status ParseCondition(ParserState& state, SyntaxTree& tree, uint32_t* root) {
  return ConditionParser(state, tree).Parse(root);
}

}  // namespace stator::partiql::internal
