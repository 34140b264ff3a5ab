// What the tests of this folder share: a small table, items by wire text.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "catalog/schema.h"
#include "item/item_testing.h"

namespace stator::table {

using item::testing::Stored;
using item::testing::Wire;

// pk S, sk N; a global index on g (S) and sk with everything, a local one on l (S) with the keys and "extra".
inline catalog::TableSchema TestSchema() {
  using item::Tag;
  catalog::TableSchema table;
  table.name = "t";
  table.space = engine::Space{10};
  table.key = {{{"pk", Tag::kString}}, {{"sk", Tag::kNumber}}};
  catalog::IndexSchema global;
  global.name = "global";
  global.space = engine::Space{11};
  global.key = {{{"g", Tag::kString}}, {{"sk", Tag::kNumber}}};
  catalog::IndexSchema local;
  local.name = "local";
  local.local = true;
  local.space = engine::Space{12};
  local.key = {{{"pk", Tag::kString}}, {{"l", Tag::kString}}};
  local.projection = catalog::ProjectionType::kInclude;
  local.non_key_attributes = {"extra"};
  local.projected = {"extra", "l", "pk", "sk"};
  table.indexes = {global, local};
  return table;
}

}  // namespace stator::table
