#include "expression/plain_twin.h"

#include "base/base64.h"

namespace stator::expression::twin {
namespace {

const std::vector<std::string> kNames = {"a", "b", "c", "dd"};

std::string NumberText(int64_t hundredths) {
  const std::string sign = hundredths < 0 ? "-" : "";
  const int64_t magnitude = hundredths < 0 ? -hundredths : hundredths;
  const std::string fraction = std::to_string(magnitude % 100);
  return sign + std::to_string(magnitude / 100) + "." + std::string(2 - fraction.size(), '0') + fraction;
}

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

std::string Join(const std::vector<std::string>& parts, const std::string& open, const std::string& close) {
  std::string text = open;
  for (size_t i = 0; i < parts.size(); ++i) text += (i > 0 ? "," : "") + parts[i];
  return text + close;
}

std::string PayloadText(const Plain& value) {
  std::vector<std::string> parts;
  if (value.type == "S") return Quoted(value.text);
  if (value.type == "B") return Quoted(Base64(value.text));
  if (value.type == "N") return Quoted(NumberText(value.number));
  if (value.type == "BOOL") return value.truth ? "true" : "false";
  if (value.type == "NULL") return "true";
  if (value.type == "L") {
    for (const Plain& element : value.list) parts.push_back(WireText(element));
    return Join(parts, "[", "]");
  }
  if (value.type == "M") return ItemWireText(value);
  for (const std::string& text : value.texts) parts.push_back(Quoted(value.type == "BS" ? Base64(text) : text));
  for (const int64_t number : value.numbers) parts.push_back(Quoted(NumberText(number)));
  return Join(parts, "[", "]");
}

template <class T>
const T& Pick(Random& random, const std::vector<T>& from) {
  return from[random.Below(from.size())];
}

}  // namespace

Plain MapOf(std::map<std::string, Plain> members) {
  Plain map;
  map.type = "M";
  map.map = std::move(members);
  return map;
}

std::string WireText(const Plain& value) { return "{" + Quoted(value.type) + ":" + PayloadText(value) + "}"; }

std::string ItemWireText(const Plain& item) {
  std::vector<std::string> parts;
  parts.reserve(item.map.size());
  for (const auto& [name, member] : item.map) parts.push_back(Quoted(name) + ":" + WireText(member));
  return Join(parts, "{", "}");
}

const Plain* Find(const PlainPath& path, const Plain* item) {
  for (const PlainStep& step : path) {
    if (item == nullptr) return nullptr;
    if (const auto* name = std::get_if<std::string>(&step)) {
      const auto found = item->map.find(*name);
      item = found == item->map.end() ? nullptr : &found->second;
    } else {
      const uint32_t index = std::get<uint32_t>(step);
      item = index < item->list.size() ? &item->list[index] : nullptr;
    }
  }
  return item;
}

std::string PathText(const PlainPath& path) {
  std::string text;
  for (const PlainStep& step : path) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      text += (text.empty() ? "" : ".") + *name;
    } else {
      text += "[" + std::to_string(std::get<uint32_t>(step)) + "]";
    }
  }
  return text;
}

Opened Open(const Plain& value) {
  Opened opened;
  opened.type = value.type;
  if (value.type == "M") {
    for (const auto& [name, member] : value.map) opened.children[name] = Open(member);
  } else if (value.type == "L") {
    for (uint32_t i = 0; i < value.list.size(); ++i) opened.children[i] = Open(value.list[i]);
  } else {
    opened.leaf = value;
  }
  return opened;
}

std::optional<Plain> Close(const Opened& opened) {
  if (opened.leaf) return opened.leaf;
  if (opened.type.empty()) return std::nullopt;
  Plain value;
  value.type = opened.type;
  for (const auto& [step, child] : opened.children) {
    const std::optional<Plain> closed = Close(child);
    if (!closed) continue;
    if (const auto* name = std::get_if<std::string>(&step)) {
      value.map[*name] = *closed;
    } else {
      value.list.push_back(*closed);
    }
  }
  return value;
}

Plain Keep(const std::vector<PlainPath>& paths, const Plain* item) {
  Opened kept;
  kept.type = "M";
  for (const PlainPath& path : paths) {
    const Plain* found = Find(path, item);
    if (found == nullptr) continue;
    Opened* at = &kept;
    for (const PlainStep& step : path) {
      at->type = std::holds_alternative<std::string>(step) ? "M" : "L";
      at = &at->children[step];
    }
    *at = Open(*found);
  }
  return *Close(kept);
}

Plain RandomPlain(Random& random, int depth) {
  static const std::vector<std::string> kTypes = {"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M", "N", "S"};
  static const std::vector<std::string> kTexts = {"", "a", "ab", "abc", "b", "S", "N", "L"};
  Plain value;
  value.type = Pick(random, kTypes);
  if (depth <= 0 && (value.type == "L" || value.type == "M")) value.type = "N";
  const auto number = [&] { return (static_cast<int64_t>(random.Below(9)) - 3) * (random.Below(3) == 0 ? 50 : 100); };
  const uint64_t count = random.Below(4);
  if (value.type == "S" || value.type == "B") value.text = Pick(random, kTexts);
  if (value.type == "N") value.number = number();
  if (value.type == "BOOL") value.truth = random.Below(2) == 0;
  for (uint64_t i = 0; i <= count; ++i) {
    if (value.type == "SS" || value.type == "BS") value.texts.insert(Pick(random, kTexts));
    if (value.type == "NS") value.numbers.insert(number());
  }
  for (uint64_t i = 0; i < count; ++i) {
    if (value.type == "L") value.list.push_back(RandomPlain(random, depth - 1));
    if (value.type == "M") value.map[Pick(random, kNames)] = RandomPlain(random, depth - 1);
  }
  return value;
}

Plain RandomItem(Random& random) {
  Plain item = MapOf({});
  for (const std::string& name : kNames) {
    if (random.Below(4) != 0) item.map[name] = RandomPlain(random, 3);
  }
  return item;
}

PlainPath RandomPath(Random& random) {
  PlainPath path = {Pick(random, kNames)};
  while (random.Below(2) == 0) {
    if (random.Below(2) == 0) {
      path.emplace_back(static_cast<uint32_t>(random.Below(4)));
    } else {
      path.emplace_back(Pick(random, kNames));
    }
  }
  return path;
}

}  // namespace stator::expression::twin
