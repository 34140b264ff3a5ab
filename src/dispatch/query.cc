// A form's names are paths: "A.member.1.B" is member B of the first element of list A. They are sorted into a tree, and
// the tree is written along the shape, so neither is deeper than the shape. Tests: query_test.cc.
#include "dispatch/query.h"

#include <charconv>
#include <cstdio>
#include <ctime>
#include <map>

#include "errors/dispatch.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::dispatch {
namespace {

using Kind = Shape::Kind;

constexpr size_t kMostFields = 20'000;
constexpr int kDeepest = 16;
constexpr size_t kMostElements = 10'000;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool Decode(Bytes text, std::string* out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out->push_back(' ');
    } else if (text[i] != '%') {
      out->push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return false;
      out->push_back(static_cast<char>(high << 4 | low));
      i += 2;
    }
  }
  return true;
}

struct Node {
  const std::string* value = nullptr;
  std::map<std::string, Node, std::less<>> children;

  const Node* Child(Bytes name) const {
    const auto found = children.find(name);
    return found == children.end() ? nullptr : &found->second;
  }
};

Node TreeOf(const Form& form) {
  Node root;
  for (const auto& [name, value] : form) {
    Node* at = &root;
    Bytes rest = name;
    for (int depth = 0; depth < kDeepest && !rest.empty(); ++depth) {
      const size_t dot = std::min(rest.find('.'), rest.size());
      at = &at->children[std::string(rest.substr(0, dot))];
      rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    at->value = &value;
  }
  return root;
}

// Children named 1, 2, ... in the order of their numbers.
std::map<size_t, const Node*> Numbered(const Node& node) {
  std::map<size_t, const Node*> elements;
  for (const auto& [name, child] : node.children) {
    size_t number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    if (read.ec != std::errc() || read.ptr != name.data() + name.size() || number > kMostElements) continue;
    elements.emplace(number, &child);
  }
  return elements;
}

// "2026-11-20T10:00:00Z", with or without a fraction, or seconds since 1970. False: neither.
bool ReadTime(const std::string& text, double* seconds) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), *seconds);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return true;
  std::tm tm{};
  int used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
                  &tm.tm_min, &tm.tm_sec, &used) != 6) {
    return false;
  }
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  Bytes rest = Bytes(text).substr(static_cast<size_t>(used));
  double fraction = 0;
  if (rest.starts_with('.')) {
    const auto part = std::from_chars(rest.data(), rest.data() + rest.size(), fraction);
    rest.remove_prefix(static_cast<size_t>(part.ptr - rest.data()));
  }
  int hours = 0;
  int minutes = 0;
  if (rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') &&
      std::sscanf(std::string(rest.substr(1)).c_str(), "%2d:%2d", &hours, &minutes) == 2) {
    if (rest[0] == '-') hours = -hours, minutes = -minutes;
  } else if (!rest.empty() && rest != "Z") {
    return false;
  }
  *seconds = static_cast<double>(timegm(&tm)) + fraction - hours * 3600 - minutes * 60;
  return true;
}

void WriteScalar(const Shape& shape, const std::string& text, json::Writer& out) {
  if (shape.kind == Kind::kTimestamp) {
    double seconds = 0;
    if (ReadTime(text, &seconds)) {
      out.Millis(static_cast<int64_t>(seconds * 1000));
      return;
    }
  } else if (shape.kind == Kind::kInteger || shape.kind == Kind::kLong || shape.kind == Kind::kDouble) {
    double number = 0;
    int64_t whole = 0;
    const char* end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end) {
      out.Int(whole);
      return;
    }
    if (const auto read = std::from_chars(text.data(), end, number);
        read.ec == std::errc() && read.ptr == end && number - number == 0) {
      out.Double(number);
      return;
    }
  }
  out.String(text);
}

void Write(const Shape& shape, const Node& node, json::Writer& out);

void WriteList(const Shape& shape, const Node& node, json::Writer& out) {
  const Node* member = node.Child("member");
  out.BeginArray();
  for (const auto& [number, element] : Numbered(member ? *member : node)) Write(*shape.element, *element, out);
  out.EndArray();
}

void WriteMap(const Shape& shape, const Node& node, json::Writer& out) {
  const Node* entry = node.Child("entry");
  out.BeginObject();
  for (const auto& [number, pair] : Numbered(entry ? *entry : node)) {
    const Node* key = pair->Child("key");
    const Node* value = pair->Child("value");
    if (!key || !key->value || !value) continue;
    out.Key(*key->value);
    Write(*shape.element, *value, out);
  }
  out.EndObject();
}

void WriteStructure(const Shape& shape, const Node& node, json::Writer& out) {
  out.BeginObject();
  for (const ShapeMember& member : shape.members) {
    const Node* child = node.Child(member.name);
    if (!child) continue;
    out.Key(member.name);
    Write(*member.shape, *child, out);
  }
  out.EndObject();
}

// As deep as the shape.
void Write(const Shape& shape, const Node& node, json::Writer& out) {
  switch (shape.kind) {
    case Kind::kList:
      return WriteList(shape, node, out);
    case Kind::kMap:
      return WriteMap(shape, node, out);
    case Kind::kStructure:
      return WriteStructure(shape, node, out);
    default:
      return WriteScalar(shape, node.value ? *node.value : std::string(), out);
  }
}

bool IsUtf8(Bytes text) {
  std::string quoted;
  json::AppendQuoted(&quoted, text);
  json::Document document;
  return document.Parse(quoted).ok();
}

}  // namespace

Result<Form> ReadForm(Bytes text) {
  Form form;
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    const Bytes field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (field.empty()) continue;
    const size_t equals = std::min(field.find('='), field.size());
    auto& [name, value] = form.emplace_back();
    if (!Decode(field.substr(0, equals), &name) || !Decode(field.substr(std::min(equals + 1, field.size())), &value) ||
        !IsUtf8(name) || !IsUtf8(value) || form.size() > kMostFields) {
      return Fail(errors::kQueryMalformed);
    }
  }
  return form;
}

Bytes FindInForm(const Form& form, Bytes name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return {};
}

std::string QueryJson(const Shape& input, const Form& form) {
  std::string text;
  json::Writer out(&text);
  WriteStructure(input, TreeOf(form), out);
  return text;
}

}  // namespace stator::dispatch
