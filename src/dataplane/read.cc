#include "dataplane/read.h"

#include "dataplane/limits.h"
#include "dataplane/page.h"
#include "table/key_layout.h"

namespace stator::dataplane {

Result<bool> Get(const engine::View& view, const catalog::TableSchema& table, item::ItemView key, engine::Value* out) {
  STATOR_TRY(const std::string row, table::TableKey(table, key, table::KeySource::kKey));
  return view.Get(table.space, row, out);
}

Result<const catalog::IndexSchema*> FindIndex(const catalog::TableSchema& table, Bytes name) {
  if (name.empty()) return nullptr;
  const catalog::IndexSchema* index = table.FindIndex(name);
  if (!index || index->state == catalog::State::kDeleting) return Fail(ErrorId::kIndexNotFound, name);
  return index;
}

}  // namespace stator::dataplane
