// What a change of one item does to the indexes of its table: the difference, added to the batch of the change itself.
#pragma once

#include <vector>

#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "item/value.h"

namespace stator::table {

// One index that the change touches. Sizes are DynamoDB's, of the entries; 0: no entry.
struct IndexChange {
  const catalog::IndexSchema* index;
  size_t before_bytes = 0;
  size_t after_bytes = 0;
  bool moved = false;  // another key: a removal and an insertion
};

// Appends the index rows that differ between the item before and after (invalid views: none). An item whose index keys
// are unusable fails if it is `after`; as `before` it had no entry. Untouched indexes are left out of `changes`. `view`
// tells what an index that is being filled holds already.
Status AppendIndexDifference(const engine::View& view, const catalog::TableSchema& table, item::ItemView before,
                             item::ItemView after, engine::Batch* batch, std::vector<IndexChange>* changes);

}  // namespace stator::table
