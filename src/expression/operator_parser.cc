// A frame is something opened and not yet finished: a parenthesis, a call, a list of IN, or an operator that waits for
// its right side. A value is a finished part. Comparisons are finished as soon as their last operand is read, then NOT,
// AND and OR by precedence. Tests: condition_parser_test.cc, update_parser_test.cc, random_test.cc.
#include "expression/operator_parser.h"

namespace stator::expression::internal {
namespace {

enum class FrameKind : uint8_t {
  kParen,
  kCall,
  kInList,
  kNot,
  kAnd,
  kOr,
  kCompare,
  kBetweenLower,
  kBetweenUpper,
  kSum
};

struct Frame {
  FrameKind kind;
  bool operands_only;  // no condition and, below a call, no sum may stand inside
  Bytes text;          // the operator or function
  uint32_t values;     // how many values lay on the stack when it was opened
};

enum class Category : uint8_t {
  kOperand,
  kCall,  // an operand or a condition: that is for the binder to say
  kSum,
  kCondition,
};

struct Value {
  uint32_t node;
  Category category;
  bool parenthesized = false;
};

class OperatorParser {
 public:
  OperatorParser(Lexer& lexer, SyntaxTree& tree, bool condition) : lexer_(lexer), tree_(tree), condition_(condition) {
    frames_.reserve(8);
    values_.reserve(8);
  }

  Status Parse(uint32_t* root) {
    while (true) {
      STATOR_OK(ParseOperand());
      bool more = false;
      STATOR_OK(ParseAfterOperand(&more));
      if (!more) break;
    }
    *root = values_.back().node;
    return {};
  }

 private:
  FrameKind top() const { return frames_.back().kind; }
  bool empty() const { return frames_.empty(); }
  bool operands_only() const { return !empty() && frames_.back().operands_only; }

  void Open(FrameKind kind, bool operands_only, Bytes text = {}) {
    frames_.push_back({kind, operands_only, text, static_cast<uint32_t>(values_.size())});
  }

  // Everything up to and with one path, value or call without arguments yet.
  Status ParseOperand() {
    while (true) {
      const Token token = lexer_.current();
      if (token.kind == TokenKind::kOpen) {
        Open(FrameKind::kParen, operands_only());
      } else if (condition_ && lexer_.at_keyword("NOT") && !operands_only()) {
        Open(FrameKind::kNot, false, token.text);
      } else if (lexer_.at_name() && lexer_.Peek().kind == TokenKind::kOpen) {
        lexer_.Advance();
        Open(FrameKind::kCall, true, token.text);
      } else {
        break;
      }
      lexer_.Advance();
    }
    if (lexer_.at(TokenKind::kValueRef)) {
      Push({NodeKind::kValue, lexer_.current().text}, Category::kOperand);
      lexer_.Advance();
      return {};
    }
    uint32_t node = 0;
    STATOR_OK(ParsePath(lexer_, tree_, &node));
    values_.push_back({node, Category::kOperand});
    return {};
  }

  // What may follow a value; `more` when another operand must come.
  Status ParseAfterOperand(bool* more) {
    while (true) {
      FinishOperator();
      switch (lexer_.current().kind) {
        case TokenKind::kClose:
          if (!HasOpenBracket()) return Finish(more);
          STATOR_OK(CloseBracket());
          continue;
        case TokenKind::kComma:
          if (empty() || (top() != FrameKind::kCall && top() != FrameKind::kInList)) return Finish(more);
          if (!IsOperand(values_.back())) return lexer_.SyntaxError();
          return Continue(more);
        case TokenKind::kCompare:
          if (!MayCompare()) return lexer_.SyntaxError();
          Open(FrameKind::kCompare, true, lexer_.current().text);
          return Continue(more);
        case TokenKind::kPlus:
        case TokenKind::kMinus:
          if (condition_ || operands_only() || !IsOperand(values_.back())) return lexer_.SyntaxError();
          Open(FrameKind::kSum, true, lexer_.current().text);
          return Continue(more);
        case TokenKind::kWord:
          return ParseKeyword(more);
        default:
          return Finish(more);
      }
    }
  }

  Status ParseKeyword(bool* more) {
    if (!condition_) return Finish(more);
    if (lexer_.at_keyword("AND")) {
      if (!empty() && top() == FrameKind::kBetweenLower) {
        if (!IsOperand(values_.back())) return lexer_.SyntaxError();
        frames_.back().kind = FrameKind::kBetweenUpper;
        return Continue(more);
      }
      return ParseConnective(FrameKind::kAnd, more);
    }
    if (lexer_.at_keyword("OR")) return ParseConnective(FrameKind::kOr, more);
    if (lexer_.at_keyword("BETWEEN")) {
      if (!MayCompare()) return lexer_.SyntaxError();
      Open(FrameKind::kBetweenLower, true, lexer_.current().text);
      return Continue(more);
    }
    if (lexer_.at_keyword("IN")) {
      if (!MayCompare()) return lexer_.SyntaxError();
      Open(FrameKind::kInList, true, lexer_.current().text);
      lexer_.Advance();
      if (!lexer_.at(TokenKind::kOpen)) return lexer_.SyntaxError();
      return Continue(more);
    }
    return lexer_.SyntaxError();
  }

  Status ParseConnective(FrameKind kind, bool* more) {
    if (operands_only() || !IsCondition(values_.back())) return lexer_.SyntaxError();
    FinishConditions(kind);
    Open(kind, false, lexer_.current().text);
    return Continue(more);
  }

  Status Continue(bool* more) {
    lexer_.Advance();
    *more = true;
    return {};
  }

  // The text, or the SET value, ends before the current token.
  Status Finish(bool* more) {
    *more = false;
    if (condition_) {
      if (!lexer_.at(TokenKind::kEnd) || operands_only() || !IsCondition(values_.back())) return lexer_.SyntaxError();
      FinishConditions(FrameKind::kOr);
    }
    if (!empty()) return lexer_.SyntaxError();
    return {};
  }

  bool IsOperand(const Value& value) const {
    return value.category == Category::kOperand || value.category == Category::kCall;
  }
  bool IsCondition(const Value& value) const {
    return value.category == Category::kCondition || value.category == Category::kCall;
  }
  bool MayCompare() const { return condition_ && !operands_only() && IsOperand(values_.back()); }

  // Whether a parenthesis, call or list is open. Only a bracket frame can be closed by ")".
  bool HasOpenBracket() {
    for (size_t i = frames_.size(); i > 0; --i) {
      const FrameKind kind = frames_[i - 1].kind;
      if (kind == FrameKind::kParen || kind == FrameKind::kCall || kind == FrameKind::kInList) return true;
      if (kind == FrameKind::kBetweenLower) return false;
    }
    return false;
  }

  // At ")".
  Status CloseBracket() {
    const bool connects = !empty() && (top() == FrameKind::kNot || top() == FrameKind::kAnd || top() == FrameKind::kOr);
    if (connects && !IsCondition(values_.back())) return lexer_.SyntaxError();
    FinishConditions(FrameKind::kOr);
    const Frame frame = frames_.back();
    Value& last = values_.back();
    if (frame.kind == FrameKind::kParen) {
      if (last.parenthesized) tree_.redundant_parentheses = true;
      last.parenthesized = true;
    } else {
      if (!IsOperand(last)) return lexer_.SyntaxError();
      const bool call = frame.kind == FrameKind::kCall;
      Combine(call ? NodeKind::kCall : NodeKind::kIn, frame.text, call ? frame.values : frame.values - 1,
              call ? Category::kCall : Category::kCondition);
    }
    frames_.pop_back();
    lexer_.Advance();
    return {};
  }

  // A comparison, BETWEEN or sum that has its last operand.
  void FinishOperator() {
    if (empty() || !IsOperand(values_.back())) return;
    const Frame frame = frames_.back();
    switch (frame.kind) {
      case FrameKind::kCompare:
        Combine(NodeKind::kCompare, frame.text, frame.values - 1, Category::kCondition);
        break;
      case FrameKind::kBetweenUpper:
        Combine(NodeKind::kBetween, frame.text, frame.values - 1, Category::kCondition);
        break;
      case FrameKind::kSum:
        Combine(NodeKind::kSum, frame.text, frame.values - 1, Category::kSum);
        break;
      default:
        return;
    }
    frames_.pop_back();
  }

  // NOT, AND and OR that bind at least as tightly as `next` (kAnd or kOr) have their last operand.
  void FinishConditions(FrameKind next) {
    while (!empty()) {
      const Frame frame = frames_.back();
      if (frame.kind == FrameKind::kNot) {
        Combine(NodeKind::kNot, frame.text, frame.values, Category::kCondition);
      } else if (frame.kind == FrameKind::kAnd) {
        Combine(NodeKind::kAnd, frame.text, frame.values - 1, Category::kCondition);
      } else if (frame.kind == FrameKind::kOr && next == FrameKind::kOr) {
        Combine(NodeKind::kOr, frame.text, frame.values - 1, Category::kCondition);
      } else {
        return;
      }
      frames_.pop_back();
    }
  }

  void Push(SyntaxNode node, Category category) {
    values_.push_back({static_cast<uint32_t>(tree_.nodes.size()), category});
    tree_.nodes.push_back(node);
  }

  // Makes one node of the values from `from` on.
  void Combine(NodeKind kind, Bytes text, uint32_t from, Category category) {
    const auto first = static_cast<uint32_t>(tree_.children.size());
    const auto count = static_cast<uint32_t>(values_.size()) - from;
    for (size_t i = from; i < values_.size(); ++i) tree_.children.push_back(values_[i].node);
    values_.resize(from);
    ++tree_.operators;
    Push({kind, text, first, count}, category);
  }

  Lexer& lexer_;
  SyntaxTree& tree_;
  const bool condition_;
  std::vector<Frame> frames_;
  std::vector<Value> values_;
};

}  // namespace

Status ParseConditionSyntax(Lexer& lexer, SyntaxTree& tree, uint32_t* root) {
  return OperatorParser(lexer, tree, true).Parse(root);
}

Status ParseSetValueSyntax(Lexer& lexer, SyntaxTree& tree, uint32_t* root) {
  return OperatorParser(lexer, tree, false).Parse(root);
}

}  // namespace stator::expression::internal
