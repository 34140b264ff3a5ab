// Which key an item has in its table and in each index. Built from item/key.h parts; docs/formats/keys.md shows it.
#pragma once

#include <string>
#include <vector>

#include "catalog/schema.h"
#include "errors/result.h"
#include "item/value.h"

namespace stator::table {

// Where a table key comes from; it decides the text of the errors.
enum class KeySource : uint8_t {
  kItem,  // the item of a PutItem: "Missing the key pk in the item", "Type mismatch for key pk ..."
  kKey,   // a Key member: exactly the key attributes, else "The provided key element does not match the schema"
};

// The table key of an item or a Key. Checks presence, types, empty values and lengths, with the service's texts.
Result<std::string> TableKey(const catalog::TableSchema& table, item::ItemView item, KeySource source);

// The key of an item in an index. `present` is false for an item without all key attributes (the index is sparse); a
// key attribute of the wrong type, empty or too long fails.
struct IndexKeyResult {
  bool present = false;
  std::string key;
};
Result<IndexKeyResult> IndexKey(const catalog::TableSchema& table, const catalog::IndexSchema& index,
                                item::ItemView item);

// What the index stores for the item: itself, or the projected part.
std::string IndexEntry(const catalog::IndexSchema& index, item::ItemView item);

// The key attributes alone, of the table and, if given, the index: what LastEvaluatedKey carries.
std::string KeyItem(const catalog::TableSchema& table, const catalog::IndexSchema* index, item::ItemView item);

// The leading part of every key with these hash values: hash64 and the encoded hash attributes. One value per hash
// attribute.
std::string HashPrefix(const std::vector<item::ValueView>& hash_values);

}  // namespace stator::table
