#include "table/backfill.h"

#include "engine/commit_and_wait.h"
#include "errors/common.h"
#include "errors/table.h"
#include "table/key_layout.h"

namespace stator::table {
namespace {

using engine::Batch;
using engine::Outcome;
using item::ItemView;

constexpr size_t kItemsPerCommit = 128;
constexpr size_t kBytesPerCommit = size_t{1} << 20;

// What one commit adds to the index.
struct Share {
  std::vector<std::string> keys;  // of the table
  size_t bytes = 0;
};

class Filler {
 public:
  Filler(engine::Engine& engine, const catalog::TableSchema& table, const catalog::IndexSchema& index, Sizes& sizes)
      : engine_(engine), table_(table), index_(index), sizes_(sizes) {}

  // Each item is read again and guarded, so that a write that came after the snapshot wins.
  Status Fill(const Share& share) {
    while (true) {
      Batch batch;
      Size added;
      for (const std::string& key : share.keys) STATOR_OK(Add(key, &batch, &added));
      if (batch.empty()) return {};
      switch (CommitAndWait(engine_, std::move(batch)).outcome) {
        case Outcome::kDone:
          sizes_.Add(index_.space, added);
          return {};
        case Outcome::kConflict:
        case Outcome::kUnavailable:
          continue;  // someone wrote meanwhile, or the device is busy: read again
        case Outcome::kFull:
          return Failed(errors::kStorageFull);
        case Outcome::kUnknown:
          return Failed(errors::kInternal);
      }
    }
  }

 private:
  static Status Failed(ErrorId id) { return stator::Fail(id); }

  Status Add(const std::string& key, Batch* batch, Size* added) {
    engine::Value value;
    STATOR_TRY(const bool found, engine_.Get(table_.space, key, &value));
    if (!found) return {};
    const ItemView item(value.bytes);
    const auto index_key = IndexKey(table_, index_, item);
    if (!index_key.ok() || !index_key->present) return {};
    engine::Value present;
    STATOR_TRY(const bool there, engine_.Get(index_.space, index_key->key, &present));
    if (there) return {};
    const std::string entry = IndexEntry(index_, item);
    batch->Guard(table_.space, key, value.seen);
    batch->Put(index_.space, index_key->key, entry);
    added->rows += 1;
    added->bytes += static_cast<int64_t>(ItemView(entry).size_bytes());
    return {};
  }

  engine::Engine& engine_;
  const catalog::TableSchema& table_;
  const catalog::IndexSchema& index_;
  Sizes& sizes_;
};

}  // namespace

Status Backfill(engine::Engine& engine, const catalog::TableSchema& table, const catalog::IndexSchema& index,
                Sizes& sizes, absl::FunctionRef<bool()> wanted) {
  STATOR_TRY(const std::unique_ptr<engine::View> snapshot, engine.Snapshot());
  const auto cursor = snapshot->Range(table.space, {}, {}, engine::Order::kForward);
  Filler filler(engine, table, index, sizes);
  while (cursor->Valid() && wanted()) {
    Share share;
    for (; cursor->Valid() && share.keys.size() < kItemsPerCommit && share.bytes < kBytesPerCommit; cursor->Next()) {
      share.keys.emplace_back(cursor->key());
      share.bytes += cursor->value().size();
    }
    STATOR_OK(filler.Fill(share));
  }
  return cursor->status();
}

}  // namespace stator::table
