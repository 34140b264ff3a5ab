// The shape of a request, as data: what AWS's model says of each member. One walk turns it into the two kinds of error
// that come before anything else: a JSON type that cannot be converted (SerializationException, the first one found
// anywhere in the request) and a constraint that does not hold (ValidationException, "1 validation error detected:
// ...", the first one only, since the service's new framework; shape_all.h has the older one's words).
// docs/operations.md is generated from the same data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "errors/result.h"
#include "json/value.h"

namespace stator::dispatch {

struct Shape;

struct ShapeMember {
  std::string_view name;
  const Shape* shape;
  bool required = false;
};

struct Shape {
  enum class Kind : uint8_t {
    kString,
    kInteger,  // 32 bits
    kLong,
    kDouble,
    kBoolean,
    kBlob,       // base64
    kTimestamp,  // seconds, whole or fractional
    kList,
    kMap,  // keys are strings
    kStructure,
    kAttributeValue,  // {"S": ...}: JSON types only; item/wire.h checks the contents
    kAny,             // not looked at
  };
  Kind kind;
  std::string_view model_name;  // "TableName", "KeySchema": for the texts and the docs
  // kString: length in characters; kList and kMap: number of entries; kInteger, kLong: the value. -1: no bound.
  int64_t min = -1;
  int64_t max = -1;
  std::string_view pattern = {};                  // as the error prints it; matched by shape.cc
  std::span<const std::string_view> values = {};  // an enum, in the order the error prints it
  const Shape* element = nullptr;                 // kList, kMap
  const Shape* key = nullptr;                     // kMap, when its keys are constrained
  std::span<const ShapeMember> members = {};      // kStructure; members the request has beyond these are ignored
  // kString: decides in the place of `pattern`, which then only says what is printed.
  bool (*matches)(std::string_view text) = nullptr;
  bool sensitive = false;  // its value is not repeated
};

// How constraints that do not hold are worded.
enum class Wording : uint8_t {
  kFirst,          // "Value at 'TableName' failed to satisfy constraint: ...", the first one only
  kAllWithValues,  // "Value 'r1' at 'role' failed to ...; Value ...": all, members in lower camel case
};

// Types first, everywhere; then constraints, in the model's order. `shape` is a kStructure. A request that is not a
// JSON object is a SerializationException, too.
Status CheckShape(const Shape& shape, json::Value request, Wording wording = Wording::kFirst);

}  // namespace stator::dispatch
