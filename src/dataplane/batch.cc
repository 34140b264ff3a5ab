#include "dataplane/batch.h"

#include <functional>
#include <set>

#include "dataplane/write.h"
#include "table/key_layout.h"

namespace stator::dataplane {
namespace {

using item::ItemView;
using table::Decision;

Result<std::string> KeyOf(const BatchWrite& write) {
  const ItemView item(write.item);
  if (write.erase) return table::TableKey(*write.table, item, table::KeySource::kKey);
  auto key = table::TableKey(*write.table, item, table::KeySource::kItem);
  if (!key.ok()) {
    // A batch names no attribute when an item's key does not fit.
    const ErrorId id = key.error().id;
    const bool unfit = id == ErrorId::kMissingKeyInItem || id == ErrorId::kKeyTypeMismatch;
    return unfit ? Fail(ErrorId::kKeyDoesNotMatchSchema) : std::move(key).error();
  }
  STATOR_OK(CheckItem(*write.table, item));
  return key;
}

Result<std::vector<std::string>> KeysOf(const std::vector<BatchWrite>& writes) {
  std::vector<std::string> keys;
  std::set<std::pair<engine::Space, Bytes>> seen;
  keys.reserve(writes.size());
  for (const BatchWrite& write : writes) {
    STATOR_TRY(std::string key, KeyOf(write));
    keys.push_back(std::move(key));
    if (!seen.emplace(write.table->space, keys.back()).second) return Fail(ErrorId::kBatchDuplicates);
  }
  return keys;
}

}  // namespace

Task<Result<std::vector<BatchWriteResult>>> WriteBatch(table::Mutator& mutator, const std::vector<BatchWrite>& writes,
                                                       Lane& lane) {
  STATOR_CO_TRY(const std::vector<std::string> keys, KeysOf(writes));
  // The functions must stay where they are until the mutations are done: Change only refers to them.
  std::vector<std::function<Result<Decision>(ItemView)>> decide;
  decide.reserve(writes.size());
  for (const BatchWrite& write : writes) {
    decide.emplace_back([&write](ItemView before) -> Result<Decision> {
      if (!write.erase) return Decision::Put(write.item);
      return before.valid() ? Decision::Erase() : Decision::Keep();
    });
  }
  std::vector<table::Change> changes;
  changes.reserve(writes.size());
  for (size_t i = 0; i < writes.size(); ++i) changes.push_back({*writes[i].table, keys[i], decide[i]});
  STATOR_CO_TRY(std::vector<table::Changed> done, co_await mutator.MutateAll(changes, lane));
  std::vector<BatchWriteResult> results;
  results.reserve(done.size());
  for (table::Changed& changed : done) {
    Capacity capacity = WriteUnits(changed);
    results.push_back({std::move(capacity), std::move(changed)});
  }
  co_return results;
}

}  // namespace stator::dataplane
