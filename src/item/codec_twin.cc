#include "item/codec_twin.h"

#include <algorithm>
#include <cstdio>
#include <functional>

namespace stator::item::twin {
namespace {

std::string Base64Of(const std::string& bytes) {
  static const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bits, out;
  for (const char c : bytes) {
    for (int bit = 7; bit >= 0; --bit) bits.push_back((static_cast<unsigned char>(c) >> bit & 1) ? '1' : '0');
  }
  while (bits.size() % 6 != 0) bits.push_back('0');
  for (size_t i = 0; i < bits.size(); i += 6) out.push_back(alphabet[std::stoul(bits.substr(i, 6), nullptr, 2)]);
  while (out.size() % 4 != 0) out.push_back('=');
  return out;
}

// Escapes what JSON wants escaped, and with a random source now and then what it does not.
std::string Quoted(const std::string& text, Random* random) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool needed = byte < 0x20 || byte == 0x7f || c == '"' || c == '\\';
    const bool anyway = random && byte < 0x80 && random->Below(20) == 0;
    static const std::string named = "\"\\\b\f\n\r\t", names = "\"\\bfnrt";
    if (needed && named.find(c) != std::string::npos && !anyway) {
      out += {'\\', names[named.find(c)]};
    } else if (needed || anyway) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      out += escape;
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

// Another spelling of the same number.
std::string Respelt(const Decimal& d, Random& random) {
  std::string digits = d.whole + d.fraction;
  int exponent = -static_cast<int>(d.fraction.size());
  if (digits.empty()) digits = "0";
  for (uint64_t zeros = random.Below(3); zeros > 0; --zeros, --exponent) digits.push_back('0');
  const size_t point = random.Below(digits.size() + 1);
  exponent += static_cast<int>(digits.size() - point);
  std::string out = d.negative ? "-" : random.Below(4) == 0 ? "+" : "";
  out += digits.substr(0, point) + (point < digits.size() || random.Below(2) ? "." : "") + digits.substr(point);
  if (exponent != 0 || random.Below(3) == 0) {
    out += "eE"[random.Below(2)];
    if (exponent > 0 && random.Below(2)) out += "+";
    out += std::to_string(exponent);
  }
  return out;
}

template <class T>
void Shuffle(std::vector<T>* list, Random& random) {
  for (size_t i = list->size(); i > 1; --i) std::swap((*list)[i - 1], (*list)[random.Below(i)]);
}

// Canonical text without a random source, any text with one.
struct Printer {
  Random* random;

  std::string Join(std::vector<std::string> parts, char open, char close, bool any_order) const {
    if (random && any_order) Shuffle(&parts, *random);
    const std::string space = random && random->Below(4) == 0 ? " " : "";
    std::string out(1, open);
    for (size_t i = 0; i < parts.size(); ++i) out += (i > 0 ? "," + space : space) + parts[i];
    return out + space + close;
  }
  std::string Number(const Decimal& d) const { return Quoted(random ? Respelt(d, *random) : d.text(), nullptr); }

  template <class T, class Fn>
  std::string Set(std::vector<T> members, Fn print) const {
    std::vector<std::string> parts;
    parts.reserve(members.size());
    for (const T& member : members) parts.push_back(print(member));
    return Join(std::move(parts), '[', ']', true);
  }

  std::string operator()(const Null&) const { return R"({"NULL":true})"; }
  std::string operator()(bool v) const { return v ? R"({"BOOL":true})" : R"({"BOOL":false})"; }
  std::string operator()(const Decimal& v) const { return R"({"N":)" + Number(v) + "}"; }
  std::string operator()(const Text& v) const { return R"({"S":)" + Quoted(v.text, random) + "}"; }
  std::string operator()(const Blob& v) const { return R"({"B":)" + Quoted(Base64Of(v.bytes), nullptr) + "}"; }
  std::string operator()(const List& v) const {
    std::vector<std::string> parts;
    parts.reserve(v.size());
    for (const Value& element : v) parts.push_back(std::visit(*this, element.is));
    return R"({"L":)" + Join(std::move(parts), '[', ']', false) + "}";
  }
  std::string operator()(const Map& v) const { return R"({"M":)" + Members(v) + "}"; }
  std::string operator()(NumberSet v) const {
    std::sort(v.members.begin(), v.members.end(), [](const auto& a, const auto& b) { return Compare(a, b) < 0; });
    return R"({"NS":)" + Set(v.members, [&](const Decimal& d) { return Number(d); }) + "}";
  }
  std::string operator()(TextSet v) const {
    std::sort(v.members.begin(), v.members.end());
    return R"({"SS":)" + Set(v.members, [&](const std::string& s) { return Quoted(s, random); }) + "}";
  }
  std::string operator()(BlobSet v) const {
    std::sort(v.members.begin(), v.members.end());
    return R"({"BS":)" + Set(v.members, [](const std::string& s) { return Quoted(Base64Of(s), nullptr); }) + "}";
  }

  std::string Members(const Map& map) const {
    std::vector<std::string> parts;
    parts.reserve(map.size());
    for (const auto& [name, value] : map) parts.push_back(Quoted(name, random) + ":" + std::visit(*this, value.is));
    return Join(std::move(parts), '{', '}', true);
  }
};

// notes/dynamodb.md, "Sizes", and the developer guide's rule for lists and maps.
struct Sizer {
  size_t operator()(const Null&) const { return 1; }
  size_t operator()(bool) const { return 1; }
  size_t operator()(const Decimal& v) const { return static_cast<size_t>(twin::SizeBytes(v)); }
  size_t operator()(const Text& v) const { return v.text.size(); }
  size_t operator()(const Blob& v) const { return v.bytes.size(); }
  size_t operator()(const List& v) const {
    size_t size = 3;
    for (const Value& element : v) size += 1 + std::visit(*this, element.is);
    return size;
  }
  size_t operator()(const Map& v) const {
    size_t size = 3;
    for (const auto& [name, value] : v) size += 1 + name.size() + std::visit(*this, value.is);
    return size;
  }
  size_t operator()(const NumberSet& v) const {
    size_t size = 0;
    for (const Decimal& d : v.members) size += (*this)(d);
    return size;
  }
  size_t operator()(const TextSet& v) const {
    size_t size = 0;
    for (const std::string& s : v.members) size += s.size();
    return size;
  }
  size_t operator()(const BlobSet& v) const {
    size_t size = 0;
    for (const std::string& s : v.members) size += s.size();
    return size;
  }
};

// Mostly short, sometimes long enough for two and three byte lengths.
size_t RandomLength(Random& random) {
  switch (random.Below(200)) {
    case 0:
      return 100 + random.Below(60);
    case 1:
      return 16'300 + random.Below(200);
    default:
      return random.Below(12);
  }
}

std::string RandomBytes(Random& random) {
  std::string out(RandomLength(random), '\0');
  for (char& c : out) c = static_cast<char>(random.Below(256));
  return out;
}

std::string RandomText(Random& random, size_t length) {
  static const std::string pieces[] = {"a",    "b",    "Z", "0",  " ",  "\"", "\\", "\n", std::string(1, '\0'),
                                       "\x1f", "\x7f", "ü", "漢", "😀", "/"};
  std::string out;
  while (out.size() < length) out += pieces[random.Below(std::size(pieces))];
  return out;
}

Decimal RandomDecimal(Random& random) {
  Decimal d;
  if (random.Below(8) == 0) return d;
  const size_t count = 1 + random.Below(random.Below(4) ? 5 : 38);
  std::string digits;
  for (size_t i = 0; i < count; ++i) digits.push_back(static_cast<char>('0' + random.Below(10)));
  const auto scale = static_cast<int>(random.Below(random.Below(4) ? 10 : 80)) - 5;
  d = *Decimal::Parse((random.Below(3) ? "" : "-") + digits + "E" + std::to_string(random.Below(2) ? scale : -scale));
  return d;
}

// Draws until there are as many different ones as wanted.
template <class T, class Draw, class Same>
std::vector<T> RandomMembers(Random& random, Draw draw, Same same) {
  std::vector<T> members;
  for (uint64_t wanted = 1 + random.Below(6); members.size() < wanted;) {
    T member = draw();
    const bool known = std::any_of(members.begin(), members.end(), [&](const T& m) { return same(m, member); });
    if (known) --wanted;
    if (!known) members.push_back(std::move(member));
    if (wanted == 0) wanted = 1;
  }
  return members;
}

Value RandomValue(Random& random, int levels);

Map RandomMap(Random& random, int levels, size_t count, bool top_level) {
  Map map;
  while (count-- > 0) {
    std::string name = RandomText(random, RandomLength(random));
    if (top_level && name.empty()) name = "x";
    map.insert_or_assign(std::move(name), RandomValue(random, levels));
  }
  return map;
}

Value RandomValue(Random& random, int levels) {
  const auto text = [&] { return RandomText(random, RandomLength(random)); };
  const auto equal = [](const std::string& a, const std::string& b) { return a == b; };
  switch (random.Below(levels > 1 ? 10 : 8)) {
    case 0:
      return {Null{}};
    case 1:
      return {random.Below(2) == 0};
    case 2:
      return {RandomDecimal(random)};
    case 3:
      return {Text{text()}};
    case 4:
      return {Blob{RandomBytes(random)}};
    case 5:
      return {NumberSet{RandomMembers<Decimal>(
          random, [&] { return RandomDecimal(random); },
          [](const Decimal& a, const Decimal& b) { return Compare(a, b) == 0; })}};
    case 6:
      return {TextSet{RandomMembers<std::string>(random, text, equal)}};
    case 7:
      return {BlobSet{RandomMembers<std::string>(
          random, [&] { return RandomBytes(random); }, equal)}};
    case 8: {
      List list;
      for (uint64_t count = random.Below(5); count > 0; --count) list.push_back(RandomValue(random, levels - 1));
      return {list};
    }
    default:
      return {RandomMap(random, levels - 1, random.Below(5), false)};
  }
}

}  // namespace

std::string CanonicalText(const Map& item) { return Printer{nullptr}.Members(item); }
std::string WireText(const Map& item, Random& random) { return Printer{&random}.Members(item); }

// An item has no overhead of its own, unlike a map.
size_t SizeBytes(const Map& item) { return Sizer{}(item)-3 - item.size(); }

Map RandomItem(Random& random) {
  // A narrow, deep one now and then; a hundred attributes now and then.
  const size_t count = random.Below(30) == 0 ? 150 : random.Below(10);
  return RandomMap(random, random.Below(10) == 0 ? 20 : 4, count, true);
}

}  // namespace stator::item::twin
