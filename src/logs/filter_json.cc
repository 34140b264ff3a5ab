// { $.user.name = "a*" && ($.size > 10 || $.tags[0] IS TRUE) }
#include <charconv>

#include "json/value.h"
#include "json/writer.h"
#include "logs/filter_tests.h"

namespace stator::logs {
namespace {

constexpr size_t kDeepest = 32;

struct PathStep {
  std::string name;  // of a member; empty: an element
  size_t index = 0;
  bool any = false;  // [*]
};

struct Leaf {
  enum class Kind : uint8_t { kCompare, kIsNull, kIsTrue, kIsFalse, kExists, kNotExists };
  std::vector<PathStep> path;
  Kind kind = Kind::kCompare;
  Comparison comparison;

  bool HoldsFor(json::Value value) const;
};

std::string TextOf(json::Value value) {
  std::string text;
  if (value.is_string()) return std::string(value.text());
  if (value.kind() == json::Kind::kInteger) return std::to_string(value.integer());
  if (value.kind() == json::Kind::kDouble) json::Writer(&text).Double(value.real());
  if (value.is_bool()) return value.boolean() ? "true" : "false";
  return text;
}

// `value` is valid where the path leads somewhere.
bool Leaf::HoldsFor(json::Value value) const {
  switch (kind) {
    case Kind::kExists:
      return value.valid();
    case Kind::kNotExists:
      return !value.valid();
    case Kind::kIsNull:
      return value.valid() && value.is_null();
    case Kind::kIsTrue:
      return value.valid() && value.is_bool() && value.boolean();
    case Kind::kIsFalse:
      return value.valid() && value.is_bool() && !value.boolean();
    case Kind::kCompare:
      break;
  }
  if (!value.valid() || value.is_null() || value.is_object() || value.is_array()) return false;
  return comparison.HoldsFor(TextOf(value));
}

class JsonTest final : public Filter::Test {
 public:
  bool Matches(Bytes message) const override {
    if (message.find_first_not_of(" \t\r\n") == Bytes::npos) return false;
    thread_local json::Document document;
    const Result<json::Value> root = document.Parse(message);
    if (!root.ok() || (!root->is_object() && !root->is_array())) return false;
    return Holds(steps, [&](size_t leaf) { return LeafHolds(leaves[leaf], *root); });
  }

  std::vector<Leaf> leaves;
  std::vector<Step> steps;

 private:
  static json::Value Follow(json::Value value, const PathStep& step) {
    if (!step.name.empty()) return value.is_object() ? value.Find(step.name) : json::Value();
    if (!value.is_array()) return {};
    size_t i = 0;
    for (const json::Value element : value.elements()) {
      if (i++ == step.index) return element;
    }
    return {};
  }

  // [*] stands once at most: TakePath sees to it.
  static bool LeafHolds(const Leaf& leaf, json::Value value) {
    for (size_t i = 0; i < leaf.path.size() && value.valid(); ++i) {
      if (!leaf.path[i].any) {
        value = Follow(value, leaf.path[i]);
        continue;
      }
      if (!value.is_array()) return leaf.HoldsFor({});
      for (json::Value element : value.elements()) {
        for (size_t rest = i + 1; rest < leaf.path.size() && element.valid(); ++rest) {
          element = Follow(element, leaf.path[rest]);
        }
        if (leaf.HoldsFor(element)) return true;
      }
      return false;
    }
    return leaf.HoldsFor(value);
  }
};

Result<PathStep> TakeIndex(Scanner* scanner) {
  PathStep step;
  if (scanner->Sees("'")) return BadPattern("quoted selectors are not served");
  if (scanner->Take("*")) {
    step.any = true;
  } else {
    const Bytes digits = scanner->TakeName("");
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), step.index);
    if (digits.empty() || read.ec != std::errc() || read.ptr != digits.data() + digits.size()) {
      return BadPattern("an index is no number");
    }
  }
  if (!scanner->Take("]")) return BadPattern("a bracket is missing");
  return step;
}

Result<std::vector<PathStep>> TakePath(Scanner* scanner) {
  if (!scanner->Take("$")) return BadPattern("a selector begins with $");
  std::vector<PathStep> path;
  bool any = false;
  while (path.size() < kDeepest) {
    if (scanner->Take("[")) {
      STATOR_TRY(PathStep step, TakeIndex(scanner));
      if (step.any && any) return BadPattern("[*] may stand once");
      any = any || step.any;
      path.push_back(std::move(step));
    } else if (scanner->Take(".")) {
      PathStep step;
      step.name = scanner->TakeName("-@:/");
      if (step.name.empty()) return BadPattern("a name is missing");
      path.push_back(std::move(step));
    } else {
      return path;
    }
  }
  return BadPattern("a selector is too deep");
}

Result<Leaf> ReadLeaf(Scanner* scanner) {
  Leaf leaf;
  STATOR_TRY(leaf.path, TakePath(scanner));
  if (scanner->Take("IS")) {
    if (scanner->Take("NULL")) {
      leaf.kind = Leaf::Kind::kIsNull;
    } else if (scanner->Take("TRUE")) {
      leaf.kind = Leaf::Kind::kIsTrue;
    } else if (scanner->Take("FALSE")) {
      leaf.kind = Leaf::Kind::kIsFalse;
    } else {
      return BadPattern("IS asks for NULL, TRUE or FALSE");
    }
    return leaf;
  }
  if (scanner->Take("NOT")) {
    if (!scanner->Take("EXISTS")) return BadPattern("NOT asks for EXISTS");
    leaf.kind = Leaf::Kind::kNotExists;
    return leaf;
  }
  if (scanner->Take("EXISTS")) {
    leaf.kind = Leaf::Kind::kExists;
    return leaf;
  }
  STATOR_TRY(leaf.comparison, scanner->TakeComparison("})(&|"));
  return leaf;
}

}  // namespace

Result<TestPtr> ParseJson(Bytes pattern) {
  auto test = std::make_unique<JsonTest>();
  Scanner scanner(pattern);
  scanner.Take("{");
  STATOR_TRY(test->steps, TakeExpression(&scanner, "}", [&](Scanner* at) -> Result<size_t> {
               STATOR_TRY(Leaf leaf, ReadLeaf(at));
               test->leaves.push_back(std::move(leaf));
               return test->leaves.size() - 1;
             }));
  if (!scanner.Take("}") || !scanner.AtEnd()) return BadPattern("something follows the brace");
  return TestPtr(std::move(test));
}

}  // namespace stator::logs
