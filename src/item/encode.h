// How containers and items are put together, byte by byte: for the sources of this folder.
//
// A container is begun before its length is known: one byte is kept for it, and closing makes room if one was too few.
#pragma once

#include <cstdint>
#include <string>

#include "base/coding.h"
#include "item/value.h"

namespace stator::item::internal {

inline constexpr uint8_t kItemFormat = 1;
// Format byte and size; the count and the attributes follow.
inline constexpr size_t kItemHeader = 5;

inline void AppendTag(std::string* out, Tag tag) { out->push_back(static_cast<char>(tag)); }

// Returns what EndContainer wants. The caller appends `count` members or elements in between.
inline size_t BeginContainer(std::string* out, Tag tag, size_t count) {
  AppendTag(out, tag);
  out->push_back(0);
  const size_t at = out->size();
  PutVarint(out, count);
  return at;
}
void EndContainer(std::string* out, size_t at);

inline void BeginItem(std::string* out, size_t count) {
  out->push_back(static_cast<char>(kItemFormat));
  PutFixed32(out, 0);
  PutVarint(out, count);
}
// `at`: where the item begins in `out`. `size`: DynamoDB's size of its attributes, names included.
void EndItem(std::string* out, size_t at, size_t size);

}  // namespace stator::item::internal
