// The walk of shape.cc once more, but it goes on after a constraint that does not hold. Tests: shape_all_test.cc.
#include "dispatch/shape_all.h"

#include <string>
#include <vector>

#include "dispatch/shape_text.h"
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
        out->append(between);
        AppendShown(out, element);
        between = ", ";
      }
      out->push_back(']');
      return;
    case json::Kind::kObject:
      out->push_back('{');
      for (const json::Member member : value.members()) {
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

class Walk {
 public:
  void Members(const Shape& shape, json::Value value, const std::string& path) {
    for (const ShapeMember& member : shape.members) {
      const std::string here = path + (path.empty() ? "" : ".") + LowerCamel(member.name);
      const json::Value found = value.Find(member.name);
      if (Present(found)) {
        Check(*member.shape, found, here);
      } else if (member.required) {
        Add(Fail(ErrorId::kConstraintNull, here));
      }
    }
  }

  Status Outcome() const {
    if (found_.empty()) return {};
    std::string all;
    for (const std::string& text : found_) all.append(all.empty() ? "" : "; ").append(text);
    return Fail(ErrorId::kConstraints, found_.size(), found_.size() == 1 ? "" : "s", all);
  }

 private:
  void Add(Error error) {
    if (found_.size() < kNamed) found_.push_back(std::move(error.text));
  }

  void Length(const Shape& shape, size_t length, json::Value value, const std::string& at) {
    if (shape.min >= 0 && length < static_cast<uint64_t>(shape.min)) {
      Add(Fail(ErrorId::kConstraintTooShort, Shown(value), at, shape.min));
    }
    if (shape.max >= 0 && length > static_cast<uint64_t>(shape.max)) {
      Add(Fail(ErrorId::kConstraintTooLong, Shown(value), at, shape.max));
    }
  }

  void Text(const Shape& shape, json::Value value, const std::string& at) {
    Length(shape, Characters(value.text()), value, at);
    if (!MatchesPattern(shape, value.text())) Add(Fail(ErrorId::kConstraintPattern, Shown(value), at, shape.pattern));
    if (shape.values.empty()) return;
    std::string set;
    for (const std::string_view allowed : shape.values) {
      if (allowed == value.text()) return;
      set.append(set.empty() ? "" : ", ").append(allowed);
    }
    Add(Fail(ErrorId::kConstraintNotInEnum, Shown(value), at, set));
  }

  void Range(const Shape& shape, json::Value value, const std::string& at) {
    const int64_t number = json::WholeNumber(value);
    if (shape.min >= 0 && number < shape.min) Add(Fail(ErrorId::kConstraintTooSmall, number, at, shape.min));
    if (shape.max >= 0 && number > shape.max) Add(Fail(ErrorId::kConstraintTooLarge, number, at, shape.max));
  }

  void Elements(const Shape& shape, json::Value value, const std::string& at) {
    Length(shape, value.size(), value, at);
    size_t index = 0;
    for (const json::Value element : value.elements()) {
      if (found_.size() == kNamed) return;
      const std::string here = at + "." + std::to_string(++index) + ".member";
      if (Present(element)) {
        Check(*shape.element, element, here);
      } else {
        Add(Fail(ErrorId::kConstraintNull, here));
      }
    }
  }

  void Entries(const Shape& shape, json::Value value, const std::string& at) {
    Length(shape, value.size(), value, at);
    for (const json::Member member : value.members()) {
      if (found_.size() == kNamed) return;
      const std::string here = at + "." + std::string(member.name) + ".member";
      if (shape.key && !MatchesPattern(*shape.key, member.name)) {
        Add(Fail(ErrorId::kConstraintKey, Shown(value), at, shape.key->pattern));
      }
      if (Present(member.value)) {
        Check(*shape.element, member.value, here);
      } else {
        Add(Fail(ErrorId::kConstraintNull, here));
      }
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
