// What tests of items share: items by the text of the wire. Tests only.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "item/wire.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::item::testing {

// The stored form of a JSON object of attribute values.
inline std::string Stored(Bytes wire) {
  json::Document document;
  const auto value = document.Parse(wire);
  EXPECT_TRUE(value.ok()) << wire;
  auto item = ReadItem(*value);
  EXPECT_TRUE(item.ok()) << wire;
  return *item;
}

// The other way round.
inline std::string Wire(ItemView item) {
  std::string out;
  json::Writer writer(&out);
  WriteItem(item, writer);
  return out;
}

}  // namespace stator::item::testing
