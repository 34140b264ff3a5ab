// Makers of shapes, for the models of services.
#pragma once

#include <span>
#include <string_view>

#include "dispatch/shape.h"

namespace stator::dispatch::make {

constexpr Shape String(std::string_view name, int64_t min = -1, int64_t max = -1, std::string_view pattern = {}) {
  Shape shape{.kind = Shape::Kind::kString, .model_name = name};
  shape.min = min;
  shape.max = max;
  shape.pattern = pattern;
  return shape;
}
// A pattern that is more than one class of characters.
constexpr Shape Matching(std::string_view name, int64_t min, int64_t max, std::string_view pattern,
                         bool (*matches)(std::string_view)) {
  Shape shape = String(name, min, max, pattern);
  shape.matches = matches;
  return shape;
}
constexpr Shape Enum(std::string_view name, std::span<const std::string_view> values) {
  Shape shape{.kind = Shape::Kind::kString, .model_name = name};
  shape.values = values;
  return shape;
}
constexpr Shape Integer(std::string_view name, int64_t min = -1, int64_t max = -1) {
  Shape shape{.kind = Shape::Kind::kInteger, .model_name = name};
  shape.min = min;
  shape.max = max;
  return shape;
}
constexpr Shape Long(std::string_view name, int64_t min = -1) {
  Shape shape{.kind = Shape::Kind::kLong, .model_name = name};
  shape.min = min;
  return shape;
}
constexpr Shape Boolean(std::string_view name) { return {.kind = Shape::Kind::kBoolean, .model_name = name}; }
constexpr Shape List(std::string_view name, const Shape* element, int64_t min = -1, int64_t max = -1) {
  Shape shape{.kind = Shape::Kind::kList, .model_name = name};
  shape.element = element;
  shape.min = min;
  shape.max = max;
  return shape;
}
constexpr Shape Map(std::string_view name, const Shape* element, int64_t min = -1, int64_t max = -1) {
  Shape shape{.kind = Shape::Kind::kMap, .model_name = name};
  shape.element = element;
  shape.min = min;
  shape.max = max;
  return shape;
}
constexpr Shape Structure(std::string_view name, std::span<const ShapeMember> members) {
  Shape shape{.kind = Shape::Kind::kStructure, .model_name = name};
  shape.members = members;
  return shape;
}

}  // namespace stator::dispatch::make
