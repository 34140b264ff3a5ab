#include "dataplane/batch.h"

#include <functional>
#include <set>

#include "dataplane/limits.h"
#include "dataplane/write.h"
#include "errors/dataplane.h"
#include "errors/table.h"
#include "table/key_layout.h"

namespace stator::dataplane {
namespace {

using item::ItemView;
using table::Decision;

constexpr size_t kCommitBytes = engine::Batch::kMaxBytes / 2;  // estimates may be too low

Result<std::string> KeyOf(const BatchWrite& write) {
  const ItemView item(write.item);
  if (write.erase) return table::TableKey(*write.table, item, table::KeySource::kKey);
  auto key = table::TableKey(*write.table, item, table::KeySource::kItem);
  if (!key.ok()) {
    // A batch names no attribute when an item's key does not fit.
    const ErrorId id = key.error().id;
    const bool unfit = id == errors::kMissingKeyInItem || id == errors::kKeyTypeMismatch;
    return unfit ? Fail(errors::kKeyDoesNotMatchSchema) : std::move(key).error();
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
    if (!seen.emplace(write.table->space, keys.back()).second) return Fail(errors::kBatchDuplicates);
  }
  return keys;
}

// What a write may put into a commit: the row, an entry in every index, and a change record with both images.
size_t CommitBytes(const BatchWrite& write) {
  return write.item.size() * (2 + write.table->indexes.size()) + kMaxItemBytes;
}

// How many of the writes from `first` on fit into one commit: at least one, and all of them unless large items meet
// many indexes.
size_t FitIntoCommit(const std::vector<BatchWrite>& writes, size_t first) {
  size_t bytes = 0;
  size_t count = 0;
  while (first + count < writes.size()) {
    bytes += CommitBytes(writes[first + count]);
    if (count > 0 && bytes > kCommitBytes) break;
    ++count;
  }
  return count;
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
  std::vector<BatchWriteResult> results;
  results.reserve(writes.size());
  while (results.size() < writes.size()) {
    const size_t first = results.size();
    const size_t end = first + FitIntoCommit(writes, first);
    std::vector<table::Change> changes;
    changes.reserve(end - first);
    for (size_t i = first; i < end; ++i) changes.push_back({*writes[i].table, keys[i], decide[i]});
    STATOR_CO_TRY(std::vector<table::Changed> done, co_await mutator.MutateAll(changes, lane));
    for (table::Changed& changed : done) {
      Capacity capacity = WriteUnits(changed);
      results.push_back({std::move(capacity), std::move(changed)});
    }
  }
  co_return results;
}

}  // namespace stator::dataplane
