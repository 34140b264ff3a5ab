#include "table/index_diff.h"

#include "table/key_layout.h"

namespace stator::table {
namespace {

struct Entry {
  bool present = false;
  std::string key;
  std::string stored;
};

Result<Entry> EntryOf(const catalog::TableSchema& table, const catalog::IndexSchema& index, item::ItemView item) {
  if (!item.valid()) return Entry{};
  STATOR_TRY(IndexKeyResult key, IndexKey(table, index, item));
  if (!key.present) return Entry{};
  return Entry{true, std::move(key.key), IndexEntry(index, item)};
}

// Whether backfill has come to this entry; guarded, since it may come to it now.
Result<bool> IsFilled(const engine::View& view, const catalog::IndexSchema& index, const std::string& key,
                      engine::Batch* batch) {
  engine::Value row;
  STATOR_TRY(const bool found, view.Get(index.space, key, &row));
  batch->Guard(index.space, key, row.seen);
  return found;
}

size_t SizeOf(const Entry& entry) { return entry.present ? item::ItemView(entry.stored).size_bytes() : 0; }

}  // namespace

Status AppendIndexDifference(const engine::View& view, const catalog::TableSchema& table, item::ItemView before,
                             item::ItemView after, engine::Batch* batch, std::vector<IndexChange>* changes) {
  for (const catalog::IndexSchema& index : table.indexes) {
    if (index.state == catalog::State::kDeleting) continue;
    STATOR_TRY(const Entry now, EntryOf(table, index, after));
    auto old_entry = EntryOf(table, index, before);
    Entry old = old_entry.ok() ? std::move(old_entry).value() : Entry{};
    if (old.present && index.state == catalog::State::kCreating) {
      STATOR_TRY(old.present, IsFilled(view, index, old.key, batch));
    }
    const bool moved = old.present && now.present && old.key != now.key;
    if (old.present && (!now.present || moved)) batch->Erase(index.space, old.key);
    const bool differs = now.present && (!old.present || moved || old.stored != now.stored);
    if (differs) batch->Put(index.space, now.key, now.stored);
    if (differs || old.present != now.present) changes->push_back({&index, SizeOf(old), SizeOf(now), moved});
  }
  return {};
}

}  // namespace stator::table
