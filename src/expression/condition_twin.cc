#include "expression/condition_twin.h"

#include <algorithm>

namespace stator::expression::twin {
namespace {

std::optional<Plain> ValueOf(const PlainOperand& operand, const Plain* item) {
  if (operand.kind == PlainOperand::Kind::kLiteral) return operand.literal;
  const Plain* found = Find(operand.path, item);
  if (found == nullptr) return std::nullopt;
  if (operand.kind == PlainOperand::Kind::kPath) return *found;
  Plain size;
  size.type = "N";
  if (found->type == "S") {
    size.number = 0;
    for (const char c : found->text) size.number += (c & 0xc0) == 0x80 ? 0 : (c & 0xf8) == 0xf0 ? 2 : 1;
  } else if (found->type == "B") {
    size.number = static_cast<int64_t>(found->text.size());
  } else if (found->type == "N" || found->type == "BOOL" || found->type == "NULL") {
    return std::nullopt;
  } else {
    size.number =
        static_cast<int64_t>(found->list.size() + found->map.size() + found->texts.size() + found->numbers.size());
  }
  size.number *= 100;
  return size;
}

// -1, 0 or 1; nothing when there is no order.
std::optional<int> Order(const Plain& a, const Plain& b) {
  if (a.type != b.type) return std::nullopt;
  if (a.type == "N") return a.number < b.number ? -1 : a.number > b.number;
  if (a.type != "S" && a.type != "B") return std::nullopt;
  const int order = a.text.compare(b.text);
  return order < 0 ? -1 : order > 0;
}

bool Contains(const Plain& in, const Plain& what) {
  if (in.type == "L") return std::find(in.list.begin(), in.list.end(), what) != in.list.end();
  if (in.type == "SS") return what.type == "S" && in.texts.contains(what.text);
  if (in.type == "BS") return what.type == "B" && in.texts.contains(what.text);
  if (in.type == "NS") return what.type == "N" && in.numbers.contains(what.number);
  if (in.type == "S" || in.type == "B") return what.type == in.type && in.text.find(what.text) != std::string::npos;
  return false;
}

}  // namespace

bool Holds(const PlainCondition& condition, const Plain* item) {
  const std::string& op = condition.op;
  const auto child = [&](size_t i) { return Holds(condition.children[i], item); };
  if (op == "AND") return child(0) && child(1);
  if (op == "OR") return child(0) || child(1);
  if (op == "NOT") return !child(0);
  std::vector<std::optional<Plain>> values;
  values.reserve(condition.operands.size());
  for (const PlainOperand& operand : condition.operands) values.push_back(ValueOf(operand, item));
  if (op == "attribute_exists") return values[0].has_value();
  if (op == "attribute_not_exists") return !values[0].has_value();
  if (op == "<>") return !(values[0] && values[1] && *values[0] == *values[1]);
  if (!values[0]) return false;
  const Plain& first = *values[0];
  if (op == "IN") {
    return std::any_of(values.begin() + 1, values.end(), [&](const auto& value) { return value && *value == first; });
  }
  if (std::any_of(values.begin(), values.end(), [](const auto& value) { return !value; })) return false;
  const Plain& second = *values[1];
  if (op == "=") return first == second;
  if (op == "begins_with") {
    return first.type == second.type && (first.type == "S" || first.type == "B") &&
           first.text.substr(0, second.text.size()) == second.text;
  }
  if (op == "contains") return Contains(first, second);
  if (op == "attribute_type") return first.type == second.text;
  const std::optional<int> order = Order(first, second);
  if (!order) return false;
  if (op == "<") return *order < 0;
  if (op == "<=") return *order <= 0;
  if (op == ">") return *order > 0;
  if (op == ">=") return *order >= 0;
  const std::optional<int> upper = Order(first, *values[2]);  // BETWEEN
  return *order >= 0 && upper && *upper <= 0;
}

std::string PlainNames::RequestText() const {
  std::string text = "{";
  for (size_t i = 0; i < names.size(); ++i) {
    text += (text.size() > 1 ? ",\"#n" : "\"#n") + std::to_string(i) + "\":\"" + names[i] + "\"";
  }
  for (size_t i = 0; i < values.size(); ++i) {
    text += (text.size() > 1 ? ",\":v" : "\":v") + std::to_string(i) + "\":" + WireText(values[i]);
  }
  return text + "}";
}

std::string PathTextWithNames(const PlainPath& path, PlainNames& names, Random& random) {
  PlainPath renamed = path;
  for (PlainStep& step : renamed) {
    auto* name = std::get_if<std::string>(&step);
    if (name == nullptr || random.Below(3) != 0) continue;
    names.names.push_back(*name);
    *name = "#n" + std::to_string(names.names.size() - 1);
  }
  return PathText(renamed);
}

namespace {

std::string Word(std::string word, Random& random) {
  if (random.Below(2) == 0) {
    for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return word;
}

std::string Gap(Random& random) { return random.Below(3) == 0 ? std::string(1, " \t\n\r"[random.Below(4)]) : ""; }

std::string OperandText(const PlainOperand& operand, PlainNames& names, Random& random) {
  std::string text;
  if (operand.kind == PlainOperand::Kind::kLiteral) {
    names.values.push_back(operand.literal);
    text = ":v" + std::to_string(names.values.size() - 1);
  } else {
    text = PathTextWithNames(operand.path, names, random);
    if (operand.kind == PlainOperand::Kind::kSize) text = "size" + Gap(random) + "(" + text + ")";
  }
  return random.Below(8) == 0 ? "(" + Gap(random) + text + Gap(random) + ")" : text;
}

std::string TestText(const PlainCondition& test, PlainNames& names, Random& random) {
  std::vector<std::string> operands;
  operands.reserve(test.operands.size());
  for (const PlainOperand& operand : test.operands) operands.push_back(OperandText(operand, names, random));
  if (test.op == "BETWEEN") {
    return operands[0] + " " + Word("BETWEEN", random) + " " + operands[1] + " " + Word("AND", random) + " " +
           operands[2];
  }
  const bool in = test.op == "IN";
  if (!in && operands.size() == 2 && !(test.op[0] >= 'a' && test.op[0] <= 'z')) {
    return operands[0] + Gap(random) + test.op + Gap(random) + operands[1];
  }
  std::string text = in ? operands[0] + " " + Word("IN", random) + Gap(random) + "(" : test.op + Gap(random) + "(";
  for (size_t i = in ? 1 : 0; i < operands.size(); ++i) {
    text += (i > (in ? 1U : 0U) ? "," + Gap(random) : Gap(random)) + operands[i];
  }
  return text + Gap(random) + ")";
}

// How tightly a node binds.
int Strength(const PlainCondition& condition) {
  if (condition.op == "OR") return 0;
  if (condition.op == "AND") return 1;
  return condition.op == "NOT" ? 2 : 3;
}

std::string Bracketed(const PlainCondition& child, int needed, PlainNames& names, Random& random) {
  const std::string text = ConditionText(child, names, random);
  const bool bracket = Strength(child) < needed || random.Below(5) == 0;
  return bracket ? "(" + Gap(random) + text + Gap(random) + ")" : text;
}

}  // namespace

std::string ConditionText(const PlainCondition& condition, PlainNames& names, Random& random) {
  if (condition.op == "NOT") return Word("NOT", random) + " " + Bracketed(condition.children[0], 2, names, random);
  if (condition.op != "AND" && condition.op != "OR") return TestText(condition, names, random);
  const int strength = Strength(condition);
  const std::string left = Bracketed(condition.children[0], strength, names, random);
  return left + " " + Word(condition.op, random) + " " + Bracketed(condition.children[1], strength + 1, names, random);
}

std::string Canonical(const PlainCondition& condition) {
  std::string text = "(" + condition.op;
  for (const PlainCondition& child : condition.children) text += " " + Canonical(child);
  for (const PlainOperand& operand : condition.operands) {
    text += operand.kind == PlainOperand::Kind::kLiteral ? " :"
            : operand.kind == PlainOperand::Kind::kSize  ? " (size " + PathText(operand.path) + ")"
                                                         : " " + PathText(operand.path);
  }
  return text + ")";
}

namespace {

PlainOperand Literal(Random& random, const std::vector<std::string>& types) {
  PlainOperand operand;
  operand.kind = PlainOperand::Kind::kLiteral;
  do {
    operand.literal = RandomPlain(random, 2);
  } while (!types.empty() && std::find(types.begin(), types.end(), operand.literal.type) == types.end());
  return operand;
}

PlainOperand RandomOperand(Random& random, const std::vector<std::string>& types) {
  if (random.Below(2) == 0) return Literal(random, types);
  PlainOperand operand;
  operand.path = RandomPath(random);
  const bool number = types.empty() || std::find(types.begin(), types.end(), "N") != types.end();
  if (number && random.Below(4) == 0) operand.kind = PlainOperand::Kind::kSize;
  return operand;
}

bool SamePath(const PlainOperand& a, const PlainOperand& b) {
  return a.kind == PlainOperand::Kind::kPath && b.kind == PlainOperand::Kind::kPath && a.path == b.path;
}

PlainCondition RandomTest(Random& random) {
  static const std::vector<std::string> kOps = {"=",
                                                "<>",
                                                "<",
                                                "<=",
                                                ">",
                                                ">=",
                                                "BETWEEN",
                                                "IN",
                                                "attribute_exists",
                                                "contains",
                                                "attribute_not_exists",
                                                "begins_with",
                                                "attribute_type"};
  static const std::vector<std::string> kOrdered = {"S", "N", "B"};
  PlainCondition test;
  test.op = kOps[random.Below(kOps.size())];
  const auto add = [&](PlainOperand operand) { test.operands.push_back(std::move(operand)); };
  PlainOperand path;
  path.path = RandomPath(random);
  if (test.op == "attribute_exists" || test.op == "attribute_not_exists") {
    add(path);
  } else if (test.op == "attribute_type") {
    static const std::vector<std::string> kTypes = {"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"};
    add(path);
    add(Literal(random, {"S"}));
    test.operands[1].literal.text = kTypes[random.Below(kTypes.size())];
  } else if (test.op == "begins_with") {
    add(RandomOperand(random, {"S", "B"}));
    add(RandomOperand(random, {"S", "B"}));
  } else if (test.op == "contains") {
    add(random.Below(3) == 0 ? Literal(random, {"S", "B", "SS", "NS", "BS", "L"}) : path);
    add(RandomOperand(random, {}));
  } else if (test.op == "BETWEEN") {
    add(RandomOperand(random, kOrdered));
    add(Literal(random, kOrdered));
    add(path);
    if (random.Below(2) == 0) std::swap(test.operands[1], test.operands[2]);
  } else {
    const bool equality = test.op == "=" || test.op == "<>" || test.op == "IN";
    const uint64_t count = test.op == "IN" ? 2 + random.Below(3) : 2;
    for (uint64_t i = 0; i < count; ++i) add(RandomOperand(random, equality ? std::vector<std::string>() : kOrdered));
  }
  if (test.operands.size() == 2 && SamePath(test.operands[0], test.operands[1])) return RandomTest(random);
  return test;
}

}  // namespace

PlainCondition RandomCondition(Random& random, int depth) {
  const uint64_t kind = depth <= 0 ? 9 : random.Below(7);
  if (kind > 3) return RandomTest(random);
  PlainCondition condition;
  condition.op = kind == 0 ? "NOT" : kind == 1 ? "OR" : "AND";
  condition.children.push_back(RandomCondition(random, depth - 1));
  if (kind > 0) condition.children.push_back(RandomCondition(random, depth - 1));
  return condition;
}

}  // namespace stator::expression::twin
