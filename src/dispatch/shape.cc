// Two walks over a request: the types of everything, then the constraints in the model's order. A path is only put into
// words when there is something to say about it. The walks are as deep as the shape, not as the request.
#include "dispatch/shape.h"

#include <string>

#include "base/check.h"
#include "base/utf8.h"
#include "dispatch/shape_all.h"
#include "dispatch/shape_text.h"
#include "dispatch/shape_types.h"
#include "errors/dispatch.h"
#include "json/lenient.h"

namespace stator::dispatch {
namespace {

using Kind = Shape::Kind;

// Where the walk is: a chain of frames on the stack, innermost first.
struct Path {
  const Path* up;
  Bytes name;        // a member's or a map key's
  size_t index = 0;  // of a list element, from 1
  bool element = false;

  std::string Render() const {
    std::string text = up ? up->Render() : std::string();
    if (!text.empty()) text.push_back('.');
    text.append(index > 0 ? std::to_string(index) : std::string(name));
    if (element) text.append(".member");
    return text;
  }
};

Status CheckLength(const Shape& shape, size_t length, const Path& at) {
  if (shape.min >= 0 && length < static_cast<uint64_t>(shape.min)) {
    return Fail(errors::kShapeTooShort, at.Render(), shape.min);
  }
  if (shape.max >= 0 && length > static_cast<uint64_t>(shape.max)) {
    return Fail(errors::kShapeTooLong, at.Render(), shape.max);
  }
  return {};
}

Status CheckString(const Shape& shape, Bytes text, const Path& at) {
  if (!shape.values.empty()) {
    std::string set;
    for (const std::string_view value : shape.values) {
      if (value == text) return {};
    }
    for (const std::string_view value : shape.values) set.append(set.empty() ? "" : ", ").append(value);
    return Fail(errors::kShapeNotInEnum, at.Render(), set);
  }
  if (shape.min >= 0 || shape.max >= 0) STATOR_OK(CheckLength(shape, Characters(text), at));
  if (!MatchesPattern(shape, text)) {
    return Fail(errors::kShapePattern, at.Render(), shape.pattern);
  }
  return {};
}

Status CheckRange(const Shape& shape, int64_t value, const Path& at) {
  if (shape.min >= 0 && value < shape.min) return Fail(errors::kShapeTooSmall, at.Render(), shape.min);
  if (shape.max >= 0 && value > shape.max) return Fail(errors::kShapeTooLarge, at.Render(), shape.max);
  return {};
}

bool Present(json::Value value) { return value.valid() && !value.is_null(); }

Status CheckConstraints(const Shape& shape, json::Value value, const Path& at);

Status CheckMembers(const Shape& shape, json::Value value, const Path* at) {
  for (const ShapeMember& member : shape.members) {
    const Path here{.up = at, .name = member.name};
    const json::Value found = value.Find(member.name);
    if (Present(found)) {
      STATOR_OK(CheckConstraints(*member.shape, found, here));
    } else if (member.required) {
      return Fail(errors::kShapeNull, here.Render());
    }
  }
  return {};
}

bool Unconstrained(const Shape& shape) {
  return shape.kind == Kind::kAttributeValue || shape.kind == Kind::kAny || shape.kind == Kind::kBoolean;
}

Status CheckList(const Shape& shape, json::Value value, const Path& at) {
  STATOR_OK(CheckLength(shape, value.size(), at));
  if (Unconstrained(*shape.element)) return {};
  size_t index = 0;
  for (const json::Value element : value.elements()) {
    const Path here{.up = &at, .name = {}, .index = ++index, .element = true};
    if (!Present(element)) return Fail(errors::kShapeNull, here.Render());
    STATOR_OK(CheckConstraints(*shape.element, element, here));
  }
  return {};
}

Status CheckMap(const Shape& shape, json::Value value, const Path& at) {
  STATOR_OK(CheckLength(shape, value.size(), at));
  if (Unconstrained(*shape.element) && !shape.key) return {};
  for (const json::Member member : value.members()) {
    const Path here{.up = &at, .name = member.name, .element = true};
    if (shape.key) STATOR_OK(CheckString(*shape.key, member.name, here));
    if (Unconstrained(*shape.element)) continue;
    if (!Present(member.value)) return Fail(errors::kShapeNull, here.Render());
    STATOR_OK(CheckConstraints(*shape.element, member.value, here));
  }
  return {};
}

Status CheckConstraints(const Shape& shape, json::Value value, const Path& at) {
  switch (shape.kind) {
    case Kind::kString:
      return CheckString(shape, value.text(), at);
    case Kind::kInteger:
    case Kind::kLong:
      return CheckRange(shape, json::WholeNumber(value), at);
    case Kind::kList:
      return CheckList(shape, value, at);
    case Kind::kMap:
      return CheckMap(shape, value, at);
    case Kind::kStructure:
      return CheckMembers(shape, value, &at);
    case Kind::kDouble:
    case Kind::kBoolean:
    case Kind::kBlob:
    case Kind::kTimestamp:
    case Kind::kAttributeValue:
    case Kind::kAny:
      return {};
  }
  return {};
}

}  // namespace

Status CheckShape(const Shape& shape, json::Value request, Wording wording) {
  STATOR_CHECK(shape.kind == Kind::kStructure);
  STATOR_OK(CheckTypes(shape, request));
  if (wording == Wording::kAllWithValues) return CheckAllConstraints(shape, request);
  return CheckMembers(shape, request, nullptr);
}

}  // namespace stator::dispatch
