#include "dataplane/read.h"

#include <algorithm>

#include "dataplane/limits.h"
#include "dataplane/page.h"
#include "errors/dataplane.h"
#include "table/key_layout.h"

namespace stator::dataplane {
namespace {

bool HoldsAttribute(const catalog::KeySchema& key, Bytes name) {
  const auto named = [&](const catalog::KeyAttribute& attribute) { return attribute.name == name; };
  return std::any_of(key.hash.begin(), key.hash.end(), named) || std::any_of(key.range.begin(), key.range.end(), named);
}

}  // namespace

Result<bool> Get(const engine::View& view, const catalog::TableSchema& table, item::ItemView key, engine::Value* out) {
  STATOR_TRY(const std::string row, table::TableKey(table, key, table::KeySource::kKey));
  return view.Get(table.space, row, out);
}

Status CheckPaths(const catalog::TableSchema& table, const std::vector<std::string>& nested) {
  for (const std::string& name : nested) {
    if (HoldsAttribute(table.key, name)) return Fail(errors::kKeyNotScalar, "Key", name);
    for (const catalog::IndexSchema& index : table.indexes) {
      if (HoldsAttribute(index.key, name)) return Fail(errors::kKeyNotScalar, "IndexKey", name);
    }
  }
  return {};
}

Result<const catalog::IndexSchema*> FindIndex(const catalog::TableSchema& table, Bytes name) {
  if (name.empty()) return nullptr;
  const catalog::IndexSchema* index = table.FindIndex(name);
  if (!index || index->state == catalog::State::kDeleting) return Fail(errors::kIndexNotFound, name);
  // Half of an index would be a wrong answer that looks right.
  if (index->state == catalog::State::kCreating) return Fail(errors::kIndexNotReady, name);
  return index;
}

}  // namespace stator::dataplane
