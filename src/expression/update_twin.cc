#include "expression/update_twin.h"

#include <algorithm>

namespace stator::expression::twin {
namespace {

std::optional<Plain> Compute(const PlainValue& value, const Plain* before) {
  if (value.op == "literal") return value.literal;
  if (value.op == "path" || value.op == "if_not_exists") {
    const Plain* found = Find(value.path, before);
    if (found != nullptr) return *found;
    return value.op == "path" ? std::nullopt : Compute(value.operands[0], before);
  }
  const std::optional<Plain> a = Compute(value.operands[0], before);
  const std::optional<Plain> b = Compute(value.operands[1], before);
  const std::string wanted = value.op == "list_append" ? "L" : "N";
  if (!a || !b || a->type != wanted || b->type != wanted) return std::nullopt;
  Plain result = *a;
  if (wanted == "L") {
    result.list.insert(result.list.end(), b->list.begin(), b->list.end());
  } else {
    result.number += value.op == "+" ? b->number : -b->number;
  }
  return result;
}

// False: the types do not fit. Nothing in `result`: nothing is left.
bool Combine(const PlainAction& action, const std::optional<Plain>& old, std::optional<Plain>* result) {
  const bool add = action.section == "ADD";
  if (!old) {
    if (add) *result = action.literal;
    return true;
  }
  if (old->type != action.literal.type) return false;
  Plain now = *old;
  now.number += action.literal.number;
  for (const std::string& text : action.literal.texts) add ? (void)now.texts.insert(text) : (void)now.texts.erase(text);
  for (const int64_t number : action.literal.numbers) {
    add ? (void)now.numbers.insert(number) : (void)now.numbers.erase(number);
  }
  if (now.type == "N" || !now.texts.empty() || !now.numbers.empty()) *result = now;
  return true;
}

// The container of the last step; null if the path does not lead there.
Opened* Parent(const PlainPath& path, Opened* at) {
  for (size_t i = 0; i < path.size(); ++i) {
    if (at->type != (std::holds_alternative<std::string>(path[i]) ? "M" : "L")) return nullptr;
    if (i + 1 == path.size()) return at;
    const auto found = at->children.find(path[i]);
    if (found == at->children.end()) return nullptr;
    at = &found->second;
  }
  return nullptr;
}

}  // namespace

std::optional<Plain> Apply(const PlainUpdate& update, const Plain* before) {
  const Plain nothing = MapOf({});
  Opened item = Open(before != nullptr ? *before : nothing);
  for (const PlainAction& action : update) {
    std::optional<Plain> now;
    Opened* parent = Parent(action.path, &item);
    if (parent == nullptr) return std::nullopt;
    if (action.section == "SET") {
      now = Compute(action.value, before);
      if (!now) return std::nullopt;
    } else if (action.section != "REMOVE") {
      const Plain* found = Find(action.path, before);
      const auto old = found == nullptr ? std::optional<Plain>() : std::optional<Plain>(*found);
      if (!Combine(action, old, &now)) return std::nullopt;
    }
    if (now) {
      parent->children[action.path.back()] = Open(*now);
    } else {
      parent->children.erase(action.path.back());
    }
  }
  return Close(item);
}

namespace {

std::string ValueText(const PlainValue& value, PlainNames& names, Random& random) {
  std::string text;
  if (value.op == "literal") {
    names.values.push_back(value.literal);
    text = ":v" + std::to_string(names.values.size() - 1);
  } else if (value.op == "path") {
    text = PathTextWithNames(value.path, names, random);
  } else if (value.op == "if_not_exists") {
    text = "if_not_exists(" + PathTextWithNames(value.path, names, random) + ", ";
    text += ValueText(value.operands[0], names, random) + ")";
  } else if (value.op == "list_append") {
    text = "list_append(" + ValueText(value.operands[0], names, random) + ",";
    text += ValueText(value.operands[1], names, random) + ")";
  } else {
    text = ValueText(value.operands[0], names, random) + value.op;
    text += ValueText(value.operands[1], names, random);
  }
  return random.Below(8) == 0 ? "(" + text + ")" : text;
}

}  // namespace

std::string UpdateText(const PlainUpdate& update, PlainNames& names, Random& random) {
  std::string text;
  for (const std::string section : {"ADD", "SET", "DELETE", "REMOVE"}) {
    bool first = true;
    for (const PlainAction& action : update) {
      if (action.section != section) continue;
      text += first ? " " + section + " " : ", ";
      first = false;
      text += PathTextWithNames(action.path, names, random);
      if (section == "SET") text += " = " + ValueText(action.value, names, random);
      if (section == "REMOVE" || section == "SET") continue;
      names.values.push_back(action.literal);
      text += " :v" + std::to_string(names.values.size() - 1);
    }
  }
  return text;
}

namespace {

// An operand; sums stand only at the top. `type`: what a literal must be, or empty.
PlainValue RandomValue(Random& random, int depth, const std::string& type) {
  PlainValue value;
  const uint64_t kind = random.Below(depth > 0 ? 5 : 3);
  if (kind == 0) {
    value.op = "path";
    value.path = RandomPath(random);
  } else if (kind <= 2) {
    value.op = "literal";
    do {
      value.literal = RandomPlain(random, 2);
    } while (!type.empty() && value.literal.type != type);
  } else if (kind == 3) {
    value.op = "if_not_exists";
    value.path = RandomPath(random);
    value.operands = {RandomValue(random, depth - 1, type)};
  } else {
    value.op = "list_append";
    value.operands = {RandomValue(random, depth - 1, "L"), RandomValue(random, depth - 1, "L")};
  }
  return value;
}

PlainValue RandomSetValue(Random& random) {
  if (random.Below(3) != 0) return RandomValue(random, 2, "");
  PlainValue sum;
  sum.op = random.Below(2) == 0 ? "+" : "-";
  sum.operands = {RandomValue(random, 1, "N"), RandomValue(random, 1, "N")};
  return sum;
}

bool Clash(const PlainPath& a, const PlainPath& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].index() != b[i].index()) return true;
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace

std::vector<PlainPath> RandomPaths(Random& random, size_t most) {
  std::vector<PlainPath> paths;
  for (size_t tries = 1 + random.Below(most); tries > 0; --tries) {
    PlainPath path = RandomPath(random);
    if (std::none_of(paths.begin(), paths.end(), [&](const PlainPath& other) { return Clash(path, other); })) {
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

PlainUpdate RandomUpdate(Random& random) {
  static const std::vector<std::string> kSections = {"SET", "SET", "REMOVE", "ADD", "DELETE"};
  PlainUpdate update;
  for (PlainPath& path : RandomPaths(random, 5)) {
    PlainAction action;
    action.section = kSections[random.Below(kSections.size())];
    action.path = std::move(path);
    if (action.section == "SET") action.value = RandomSetValue(random);
    do {
      action.literal = RandomPlain(random, 0);
    } while (action.literal.type.size() != 2 && (action.literal.type != "N" || action.section == "DELETE"));
    update.push_back(std::move(action));
  }
  return update;
}

}  // namespace stator::expression::twin
