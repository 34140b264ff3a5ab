// The walk of shape.cc once more, but it goes on after a constraint that does not hold. Tests: shape_all_test.cc.
#include "dispatch/shape_all.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "dispatch/shape_text.h"
#include "errors/dispatch.h"
#include "json/lenient.h"
#include "json/writer.h"

namespace stator::dispatch {
namespace {

using Kind = Shape::Kind;

constexpr size_t kNamed = 100;
constexpr size_t kShownBytes = size_t{64} << 10;

// A value as the framework prints it: [a, b], {k=v}.
void AppendShown(std::string* out, json::Value value) {
  if (out->size() > kShownBytes) return;
  const char* between = "";
  switch (value.kind()) {
    case json::Kind::kString:
      out->append(value.text());
      return;
    case json::Kind::kInteger:
      out->append(std::to_string(value.integer()));
      return;
    case json::Kind::kDouble:
      json::Writer(out).Double(value.real());
      return;
    case json::Kind::kTrue:
    case json::Kind::kFalse:
      out->append(value.boolean() ? "true" : "false");
      return;
    case json::Kind::kNull:
      out->append("null");
      return;
    case json::Kind::kArray:
      out->push_back('[');
      for (const json::Value element : value.elements()) {
        if (out->size() > kShownBytes) return;
        out->append(between);
        AppendShown(out, element);
        between = ", ";
      }
      out->push_back(']');
      return;
    case json::Kind::kObject:
      out->push_back('{');
      for (const json::Member member : value.members()) {
        if (out->size() > kShownBytes) return;
        out->append(between).append(member.name).push_back('=');
        AppendShown(out, member.value);
        between = ", ";
      }
      out->push_back('}');
      return;
  }
}

std::string Shown(json::Value value) {
  std::string text;
  AppendShown(&text, value);
  return text;
}

std::string LowerCamel(Bytes name) {
  std::string lower(name);
  if (!lower.empty() && lower[0] >= 'A' && lower[0] <= 'Z') lower[0] = static_cast<char>(lower[0] - 'A' + 'a');
  return lower;
}

bool Present(json::Value value) { return value.valid() && !value.is_null(); }

std::string EnumSet(const Shape& shape) {
  std::string set;
  for (const std::string_view allowed : shape.values) set.append(set.empty() ? "" : ", ").append(allowed);
  return set;
}

bool IsIn(const Shape& shape, Bytes text) {
  return shape.values.empty() || std::find(shape.values.begin(), shape.values.end(), text) != shape.values.end();
}

bool StringHolds(const Shape& shape, Bytes text) {
  const size_t length = Characters(text);
  return (shape.min < 0 || length >= static_cast<uint64_t>(shape.min)) &&
         (shape.max < 0 || length <= static_cast<uint64_t>(shape.max)) && MatchesPattern(shape, text) &&
         IsIn(shape, text);
}

// Everything asked of the strings of a list, or the keys or values of a map, of which one does not hold.
std::string AllOf(const Shape& shape) {
  std::string all;
  const auto add = [&all](const Error& piece) { all.append(all.empty() ? "" : ", ").append(piece.text); };
  if (shape.max >= 0) add(Fail(errors::kMemberTooLong, shape.max));
  if (shape.min >= 0) add(Fail(errors::kMemberTooShort, shape.min));
  if (!shape.pattern.empty()) add(Fail(errors::kMemberPattern, shape.pattern));
  if (!shape.values.empty()) add(Fail(errors::kMemberNotInEnum, EnumSet(shape)));
  add(Fail(errors::kMemberNull));
  return all;
}

class Walk {
 public:
  void Members(const Shape& shape, json::Value value, const std::string& path) {
    for (const ShapeMember& member : shape.members) {
      const std::string here = path + (path.empty() ? "" : ".") + LowerCamel(member.name);
      const json::Value found = value.Find(member.name);
      if (Present(found)) {
        Check(*member.shape, found, here);
      } else if (member.required) {
        AddText(Fail(errors::kConstraintAt, " null", here, Fail(errors::kMemberNull).text));
      }
    }
  }

  Status Outcome() const {
    if (found_.empty()) return {};
    std::string all;
    for (const std::string& text : found_) all.append(all.empty() ? "" : "; ").append(text);
    return Fail(errors::kConstraints, found_.size(), found_.size() == 1 ? "" : "s", all);
  }

 private:
  void AddText(Error error) {
    if (found_.size() < kNamed) found_.push_back(std::move(error.text));
  }
  void Add(const Shape& shape, json::Value value, const std::string& at, const Error& piece) {
    AddText(Fail(errors::kConstraintAt, shape.sensitive ? std::string() : " '" + Shown(value) + "'", at, piece.text));
  }

  void Length(const Shape& shape, size_t length, json::Value value, const std::string& at) {
    if (shape.min >= 0 && length < static_cast<uint64_t>(shape.min)) {
      Add(shape, value, at, Fail(errors::kMemberTooShort, shape.min));
    }
    if (shape.max >= 0 && length > static_cast<uint64_t>(shape.max)) {
      Add(shape, value, at, Fail(errors::kMemberTooLong, shape.max));
    }
  }

  void Text(const Shape& shape, json::Value value, const std::string& at) {
    Length(shape, Characters(value.text()), value, at);
    if (!MatchesPattern(shape, value.text())) Add(shape, value, at, Fail(errors::kMemberPattern, shape.pattern));
    if (!IsIn(shape, value.text())) Add(shape, value, at, Fail(errors::kMemberNotInEnum, EnumSet(shape)));
  }

  void Range(const Shape& shape, json::Value value, const std::string& at) {
    const int64_t number = json::WholeNumber(value);
    if (shape.min >= 0 && number < shape.min) Add(shape, value, at, Fail(errors::kMemberTooSmall, shape.min));
    if (shape.max >= 0 && number > shape.max) Add(shape, value, at, Fail(errors::kMemberTooLarge, shape.max));
  }

  void Elements(const Shape& shape, json::Value value, const std::string& at) {
    Length(shape, value.size(), value, at);
    const Shape& each = *shape.element;
    size_t index = 0;
    for (const json::Value element : value.elements()) {
      ++index;
      if (!Present(element) || (each.kind == Kind::kString && !StringHolds(each, element.text()))) {
        return Add(shape, value, at, Fail(errors::kMemberElements, AllOf(each)));
      }
      if (each.kind != Kind::kString) Check(each, element, at + "." + std::to_string(index) + ".member");
      if (found_.size() == kNamed) return;
    }
  }

  void Entries(const Shape& shape, json::Value value, const std::string& at) {
    Length(shape, value.size(), value, at);
    const Shape& each = *shape.element;
    for (const json::Member member : value.members()) {
      if (shape.key && !StringHolds(*shape.key, member.name)) {
        return Add(shape, value, at, Fail(errors::kMemberKeys, AllOf(*shape.key)));
      }
      if (each.kind == Kind::kAny) continue;
      if (!Present(member.value) || (each.kind == Kind::kString && !StringHolds(each, member.value.text()))) {
        return Add(shape, value, at, Fail(errors::kMemberValues, AllOf(each)));
      }
      if (each.kind != Kind::kString) Check(each, member.value, at + "." + std::string(member.name) + ".member");
      if (found_.size() == kNamed) return;
    }
  }

  void Check(const Shape& shape, json::Value value, const std::string& at) {
    switch (shape.kind) {
      case Kind::kString:
        return Text(shape, value, at);
      case Kind::kInteger:
      case Kind::kLong:
        return Range(shape, value, at);
      case Kind::kList:
        return Elements(shape, value, at);
      case Kind::kMap:
        return Entries(shape, value, at);
      case Kind::kStructure:
        return Members(shape, value, at);
      case Kind::kDouble:
      case Kind::kBoolean:
      case Kind::kBlob:
      case Kind::kTimestamp:
      case Kind::kAttributeValue:
      case Kind::kAny:
        return;
    }
  }

  std::vector<std::string> found_;
};

}  // namespace

Status CheckAllConstraints(const Shape& shape, json::Value request) {
  Walk walk;
  walk.Members(shape, request, "");
  return walk.Outcome();
}

}  // namespace stator::dispatch
