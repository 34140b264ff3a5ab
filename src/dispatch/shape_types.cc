// The words are those of the service's JSON protocol layer, which names Java's types: a list given for a string is an
// "Unrecognized collection type class java.lang.String".
#include "dispatch/shape_types.h"

#include <string>

#include "errors/dispatch.h"
#include "errors/item.h"
#include "item/wire.h"
#include "json/lenient.h"

namespace stator::dispatch {
namespace {

using Kind = Shape::Kind;

// Where a structure stands decides how a scalar in its place is refused.
enum class Place : uint8_t { kMember, kElement, kNested };

std::string_view JavaName(Kind kind) {
  switch (kind) {
    case Kind::kString:
      return "String";
    case Kind::kInteger:
      return "Integer";
    case Kind::kLong:
      return "Long";
    case Kind::kDouble:
      return "Double";
    case Kind::kBoolean:
      return "Boolean";
    case Kind::kTimestamp:
      return "Date";
    default:
      return "";
  }
}

std::string JavaType(const Shape& shape) {
  switch (shape.kind) {
    case Kind::kBlob:
      return "java.nio.ByteBuffer";
    case Kind::kList:
      return "java.util.List<" + JavaType(*shape.element) + ">";
    case Kind::kMap:
      return "java.util.Map<java.lang.String, " + JavaType(*shape.element) + ">";
    case Kind::kStructure:
    case Kind::kAttributeValue:
      return "com.amazonaws.dynamodb.v20120810." + std::string(shape.model_name);
    default:
      return "java.lang." + std::string(JavaName(shape.kind));
  }
}

std::string_view TokenName(json::Value value) {
  switch (value.kind()) {
    case json::Kind::kTrue:
      return "TRUE_VALUE";
    case json::Kind::kFalse:
      return "FALSE_VALUE";
    case json::Kind::kInteger:
      return "NUMBER_VALUE";
    case json::Kind::kDouble:
      return "DECIMAL_VALUE";
    default:
      return "STRING_VALUE";
  }
}

Error NotConvertible(const Shape& shape, json::Value value) {
  if (value.is_array()) return Fail(errors::kTypeUnexpectedArray, "class " + JavaType(shape));
  if (value.is_object()) return Fail(errors::kTypeUnexpectedStruct);
  if (shape.kind == Kind::kBlob) return Fail(errors::kBase64NotString);
  return Fail(errors::kTypeCannotConvert, TokenName(value), JavaName(shape.kind));
}

// A structure, a list or a map was expected, and a scalar came.
Error UnexpectedScalar(const Shape& shape, Place place) {
  if (shape.kind == Kind::kStructure || shape.kind == Kind::kAttributeValue) {
    return Fail(place == Place::kMember ? errors::kTypeUnexpectedField : errors::kTypeUnexpectedValue);
  }
  return Fail(place == Place::kNested ? errors::kShapeNestedCollection : errors::kTypeUnexpectedField);
}

Status Check(const Shape& shape, json::Value value, Place place);

Status CheckList(const Shape& shape, json::Value value, Place place) {
  if (value.is_object()) return Fail(errors::kTypeUnexpectedStruct);
  if (!value.is_array()) return UnexpectedScalar(shape, place);
  const bool nested = shape.element->kind == Kind::kList || shape.element->kind == Kind::kMap;
  for (const json::Value element : value.elements()) {
    STATOR_OK(Check(*shape.element, element, nested ? Place::kNested : Place::kElement));
  }
  return {};
}

Status CheckMap(const Shape& shape, json::Value value, Place place) {
  if (value.is_array()) return Fail(errors::kTypeUnexpectedArray, JavaType(shape));
  if (!value.is_object()) return UnexpectedScalar(shape, place);
  const bool nested = shape.element->kind == Kind::kList || shape.element->kind == Kind::kMap;
  for (const json::Member member : value.members()) {
    STATOR_OK(Check(*shape.element, member.value, nested ? Place::kNested : Place::kElement));
  }
  return {};
}

Status CheckStructure(const Shape& shape, json::Value value, Place place) {
  if (value.is_array()) return Fail(errors::kTypeUnexpectedArray, "class " + JavaType(shape));
  if (!value.is_object()) return UnexpectedScalar(shape, place);
  for (const json::Member member : value.members()) {
    for (const ShapeMember& known : shape.members) {
      if (known.name != member.name) continue;
      STATOR_OK(Check(*known.shape, member.value, Place::kMember));
      break;
    }
  }
  return {};
}

Status Check(const Shape& shape, json::Value value, Place place) {
  if (value.is_null()) return {};
  switch (shape.kind) {
    case Kind::kString:
    case Kind::kBlob:
      if (!value.is_string()) return NotConvertible(shape, value);
      return {};
    case Kind::kInteger:
    case Kind::kLong:
    case Kind::kDouble:
    case Kind::kTimestamp:
      if (!value.is_number()) return NotConvertible(shape, value);
      return {};
    case Kind::kBoolean:
      if (value.is_bool()) return {};
      if (!value.is_string()) return NotConvertible(shape, value);
      if (!json::TruthOf(value.text())) return Fail(errors::kTypeUnexpectedToken);
      return {};
    case Kind::kList:
      return CheckList(shape, value, place);
    case Kind::kMap:
      return CheckMap(shape, value, place);
    case Kind::kStructure:
      return CheckStructure(shape, value, place);
    case Kind::kAttributeValue:
      if (value.is_array()) return Fail(errors::kTypeUnexpectedArray, "class " + JavaType(shape));
      if (!value.is_object()) return UnexpectedScalar(shape, place);
      return item::CheckValueTypes(value);
    case Kind::kAny:
      return {};
  }
  return {};
}

}  // namespace

Status CheckTypes(const Shape& shape, json::Value request) {
  if (request.is_null()) return Fail(errors::kTypeUnexpectedField);
  return Check(shape, request, Place::kMember);
}

}  // namespace stator::dispatch
