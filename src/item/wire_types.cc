// The texts are those of the service's JSON parser, as public implementations measured them: DynamoDB reads a request
// by the Java types of its model, and its complaints name them.
#include "item/wire_types.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/check.h"
#include "errors/item.h"
#include "item/wire.h"

namespace stator::item {
namespace internal {
namespace {

constexpr Bytes kValueClass = "class com.amazonaws.dynamodb.v20120810.AttributeValue";
constexpr Bytes kMapClass = "java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>";

Bytes TokenName(json::Kind kind) {
  switch (kind) {
    case json::Kind::kNull:
      return "NULL_VALUE";
    case json::Kind::kFalse:
      return "FALSE_VALUE";
    case json::Kind::kTrue:
      return "TRUE_VALUE";
    case json::Kind::kInteger:
      return "NUMBER_VALUE";
    case json::Kind::kDouble:
      return "DECIMAL_VALUE";
    case json::Kind::kString:
      return "STRING_VALUE";
    case json::Kind::kArray:
    case json::Kind::kObject:
      break;
  }
  return "";
}

Error NotAScalar(json::Value wire, Bytes java_class, Bytes type) {
  if (wire.is_object()) return Fail(errors::kTypeUnexpectedStruct);
  if (wire.is_array()) return Fail(errors::kTypeUnexpectedArray, java_class);
  return Fail(errors::kTypeCannotConvert, TokenName(wire.kind()), type);
}

bool EqualsIgnoringCase(Bytes text, Bytes upper) {
  return std::equal(text.begin(), text.end(), upper.begin(), upper.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

}  // namespace

WireType WireTypeOf(Bytes name) {
  switch (name.size()) {
    case 1:
      switch (name[0]) {
        case 'S':
          return WireType::kS;
        case 'N':
          return WireType::kN;
        case 'B':
          return WireType::kB;
        case 'L':
          return WireType::kL;
        case 'M':
          return WireType::kM;
        default:
          return WireType::kUnknown;
      }
    case 2:
      if (name == "SS") return WireType::kSs;
      if (name == "NS") return WireType::kNs;
      return name == "BS" ? WireType::kBs : WireType::kUnknown;
    case 4:
      if (name == "BOOL") return WireType::kBool;
      return name == "NULL" ? WireType::kNull : WireType::kUnknown;
    default:
      return WireType::kUnknown;
  }
}

Error NotAValue(json::Value wire) {
  if (wire.is_array()) return Fail(errors::kTypeUnexpectedArray, kValueClass);
  return Fail(errors::kTypeUnexpectedValue);
}

Error NotAString(json::Value wire) { return NotAScalar(wire, "class java.lang.String", "String"); }

Error NotABlob(json::Value wire) {
  if (!wire.is_array() && !wire.is_object()) return Fail(errors::kBase64NotString);
  return NotAScalar(wire, "class java.nio.ByteBuffer", "ByteBuffer");
}

Error NotABoolean(json::Value wire) {
  if (wire.is_string()) return Fail(errors::kTypeUnexpectedToken);
  return NotAScalar(wire, "class java.lang.Boolean", "Boolean");
}

Error NotAList(json::Value wire) {
  return Fail(wire.is_object() ? errors::kTypeUnexpectedStruct : errors::kTypeUnexpectedField);
}

Error NotAMap(json::Value wire) {
  if (wire.is_array()) return Fail(errors::kTypeUnexpectedArray, kMapClass);
  return Fail(errors::kTypeUnexpectedField);
}

Error NotBase64(Bytes text) {
  if (text.size() % 4 != 0) return Fail(errors::kBase64Length, static_cast<uint64_t>(text.size()));
  const Bytes digits = text.substr(0, text.size() - (text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0));
  for (size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || (c >= '0' && c <= '9') || c == '+' || c == '/') continue;
    // Whole characters, so that the text stays UTF-8.
    size_t length = 1;
    while (i + length < digits.size() && (static_cast<uint8_t>(digits[i + length]) & 0xc0) == 0x80) ++length;
    return Fail(errors::kBase64Character, digits.substr(i, length));
  }
  return Fail(errors::kBase64LastCharacter);
}

bool ReadBoolean(json::Value wire, bool* out) {
  if (wire.is_bool()) {
    *out = wire.boolean();
    return true;
  }
  if (!wire.is_string()) return false;
  for (const Bytes yes : {"TRUE", "1", "YES"}) {
    if (EqualsIgnoringCase(wire.text(), yes)) return *out = true;
  }
  for (const Bytes no : {"FALSE", "0", "NO"}) {
    if (EqualsIgnoringCase(wire.text(), no)) return *out = false, true;
  }
  return false;
}

}  // namespace internal

namespace {

using internal::WireType;

Status CheckString(json::Value wire) {
  if (!wire.is_string()) return internal::NotAString(wire);
  return {};
}

Status CheckBlob(json::Value wire) {
  if (!wire.is_string()) return internal::NotABlob(wire);
  if (!IsBase64(wire.text())) return internal::NotBase64(wire.text());
  return {};
}

Status CheckBoolean(json::Value wire) {
  bool ignored = false;
  if (!internal::ReadBoolean(wire, &ignored)) return internal::NotABoolean(wire);
  return {};
}

template <class Check>
Status CheckElements(json::Value wire, Check check) {
  if (!wire.is_array()) return internal::NotAList(wire);
  for (const json::Value element : wire.elements()) STATOR_OK(check(element));
  return {};
}

Status CheckMap(json::Value wire) {
  if (!wire.is_object()) return internal::NotAMap(wire);
  for (const json::Member member : wire.members()) STATOR_OK(CheckValueTypes(member.value));
  return {};
}

Status CheckMember(WireType type, json::Value wire) {
  if (wire.is_null()) return {};
  switch (type) {
    case WireType::kS:
    case WireType::kN:
      return CheckString(wire);
    case WireType::kB:
      return CheckBlob(wire);
    case WireType::kBool:
    case WireType::kNull:
      return CheckBoolean(wire);
    case WireType::kL:
      return CheckElements(wire, CheckValueTypes);
    case WireType::kM:
      return CheckMap(wire);
    case WireType::kSs:
    case WireType::kNs:
      return CheckElements(wire, CheckString);
    case WireType::kBs:
      return CheckElements(wire, CheckBlob);
    case WireType::kUnknown:
      return {};
  }
  return {};
}

}  // namespace

// Recursion is bounded by what json::Document lets in.
Status CheckValueTypes(json::Value wire) {
  if (wire.is_null()) return {};
  if (!wire.is_object()) return internal::NotAValue(wire);
  for (const json::Member member : wire.members()) {
    STATOR_OK(CheckMember(internal::WireTypeOf(member.name), member.value));
  }
  return {};
}

}  // namespace stator::item
