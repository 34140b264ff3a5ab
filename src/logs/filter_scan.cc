// What the kinds of patterns share: values, comparisons, and the shunting-yard over && and ||.
#include <charconv>

#include "errors/logs.h"
#include "logs/filter_tests.h"

namespace stator::logs {
namespace {

constexpr Bytes kSpace = " \t\r\n";
constexpr size_t kMostSteps = 256;

struct Sign {
  Bytes text;
  Comparison::Kind kind;
};
// Longer ones first.
constexpr Sign kSigns[] = {{"!=", Comparison::Kind::kNotEqual},
                           {"<=", Comparison::Kind::kLessOrEqual},
                           {">=", Comparison::Kind::kGreaterOrEqual},
                           {"=", Comparison::Kind::kEqual},
                           {"<", Comparison::Kind::kLess},
                           {">", Comparison::Kind::kGreater}};

}  // namespace

Error BadPattern(Bytes why) { return Fail(errors::kLogsBadPattern, why); }

bool MatchesGlob(Bytes pattern, Bytes text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = Bytes::npos;
  size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != Bytes::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::optional<double> NumberIn(Bytes text) {
  if (text.empty()) return std::nullopt;
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

bool Comparison::HoldsFor(Bytes value) const {
  const std::optional<double> given = number ? NumberIn(value) : std::nullopt;
  if (kind == Kind::kEqual) return given ? *given == *number : MatchesGlob(text, value);
  if (kind == Kind::kNotEqual) return given ? *given != *number : !MatchesGlob(text, value);
  if (!given) return false;
  switch (kind) {
    case Kind::kLess:
      return *given < *number;
    case Kind::kLessOrEqual:
      return *given <= *number;
    case Kind::kGreater:
      return *given > *number;
    default:
      return *given >= *number;
  }
}

void Scanner::SkipSpace() {
  const size_t begin = rest_.find_first_not_of(kSpace);
  rest_.remove_prefix(begin == Bytes::npos ? rest_.size() : begin);
}

bool Scanner::Sees(Bytes word) {
  SkipSpace();
  return rest_.starts_with(word);
}

bool Scanner::Take(Bytes word) {
  if (!Sees(word)) return false;
  rest_.remove_prefix(word.size());
  return true;
}

Bytes Scanner::TakeName(Bytes also) {
  SkipSpace();
  size_t size = 0;
  for (; size < rest_.size(); ++size) {
    const char c = rest_[size];
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                       static_cast<unsigned char>(c) >= 0x80;
    if (!plain && also.find(c) == Bytes::npos) break;
  }
  const Bytes name = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return name;
}

Result<std::string> Scanner::TakeValue(Bytes end, bool* quoted) {
  SkipSpace();
  *quoted = !rest_.empty() && rest_.front() == '"';
  std::string value;
  if (!*quoted) {
    if (!rest_.empty() && rest_.front() == '%') return BadPattern("regular expressions are not served");
    while (!rest_.empty() && end.find(rest_.front()) == Bytes::npos && kSpace.find(rest_.front()) == Bytes::npos) {
      value.push_back(rest_.front());
      rest_.remove_prefix(1);
    }
    if (value.empty()) return BadPattern("a value is missing");
    return value;
  }
  for (rest_.remove_prefix(1); !rest_.empty() && rest_.front() != '"'; rest_.remove_prefix(1)) {
    if (rest_.front() == '\\' && rest_.size() > 1 && (rest_[1] == '"' || rest_[1] == '\\')) rest_.remove_prefix(1);
    value.push_back(rest_.front());
  }
  if (rest_.empty()) return BadPattern("a quotation mark is missing");
  rest_.remove_prefix(1);
  return value;
}

Result<Comparison> Scanner::TakeComparison(Bytes end) {
  Comparison comparison;
  for (const Sign& sign : kSigns) {
    if (!Take(sign.text)) continue;
    comparison.kind = sign.kind;
    bool quoted = false;
    STATOR_TRY(comparison.text, TakeValue(end, &quoted));
    if (!quoted) comparison.number = NumberIn(comparison.text);
    const bool ordered = comparison.kind != Comparison::Kind::kEqual && comparison.kind != Comparison::Kind::kNotEqual;
    if (ordered && !comparison.number) return BadPattern("only numbers have an order");
    return comparison;
  }
  return BadPattern("a comparison is missing");
}

Result<std::vector<Step>> TakeExpression(Scanner* scanner, Bytes end, const TakeLeaf& leaf) {
  enum class Waiting : uint8_t { kAnd, kOr, kOpen };
  std::vector<Step> steps;
  std::vector<Waiting> waiting;
  const auto settle = [&](Waiting at_least) {
    while (!waiting.empty() && waiting.back() != Waiting::kOpen && waiting.back() <= at_least) {
      steps.push_back({waiting.back() == Waiting::kAnd ? Step::Kind::kAnd : Step::Kind::kOr, 0});
      waiting.pop_back();
    }
  };
  while (true) {
    while (scanner->Take("(")) waiting.push_back(Waiting::kOpen);
    if (steps.size() + waiting.size() > kMostSteps) return BadPattern("it has too many terms");
    STATOR_TRY(const size_t number, leaf(scanner));
    steps.push_back({Step::Kind::kLeaf, number});
    while (scanner->Sees(")")) {
      settle(Waiting::kOr);
      if (waiting.empty()) break;
      waiting.pop_back();
      scanner->Take(")");
    }
    if (scanner->Take("&&")) {
      settle(Waiting::kAnd);
      waiting.push_back(Waiting::kAnd);
    } else if (scanner->Take("||")) {
      settle(Waiting::kOr);
      waiting.push_back(Waiting::kOr);
    } else {
      break;
    }
  }
  settle(Waiting::kOr);
  bool ended = end.empty() && scanner->AtEnd();
  for (size_t i = 0; i < end.size(); ++i) ended = ended || scanner->Sees(end.substr(i, 1));
  if (!waiting.empty() || !ended) return BadPattern("it does not end where it should");
  return steps;
}

bool Holds(const std::vector<Step>& steps, const std::function<bool(size_t leaf)>& leaf) {
  std::vector<bool> values;
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::kLeaf) {
      values.push_back(leaf(step.leaf));
      continue;
    }
    const bool right = values.back();
    values.pop_back();
    values.back() = step.kind == Step::Kind::kAnd ? values.back() && right : values.back() || right;
  }
  return values.back();
}

}  // namespace stator::logs
