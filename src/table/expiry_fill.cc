#include "table/expiry_fill.h"

#include <vector>

#include "base/pause.h"
#include "engine/commit.h"
#include "table/outcome.h"

namespace stator::table {
namespace {

using engine::Batch;
using engine::Committed;
using engine::Outcome;

constexpr size_t kRowsInStep = 256;
constexpr size_t kBytesInStep = size_t{1} << 20;

// What one step looks at.
struct Share {
  std::vector<std::string> keys;  // items with a row
  std::string last;
  bool more = false;
};

Result<Share> NextShare(const engine::View& view, const catalog::TableSchema& table, Bytes from) {
  Share share;
  const auto cursor = view.Range(table.space, from, {}, engine::Order::kForward);
  size_t bytes = 0;
  for (size_t rows = 0; cursor->Valid() && rows < kRowsInStep && bytes < kBytesInStep; cursor->Next(), ++rows) {
    bytes += cursor->value().size();
    share.last.assign(cursor->key());
    if (ExpiryOf(table.ttl, item::ItemView(cursor->value()))) share.keys.emplace_back(cursor->key());
  }
  STATOR_OK(cursor->status());
  share.more = cursor->Valid();
  return share;
}

// The items are read once more, to guard them.
Status AddRows(const engine::View& view, const catalog::TableSchema& table, const Share& share, Batch* batch,
               std::vector<Expiry>* put) {
  put->clear();
  for (const std::string& key : share.keys) {
    engine::Value value;
    STATOR_TRY(const bool found, view.Get(table.space, key, &value));
    const std::optional<Expiry> expiry = found ? ExpiryOf(table.ttl, item::ItemView(value.bytes)) : std::nullopt;
    if (!expiry) continue;
    batch->Guard(table.space, key, value.seen);
    batch->Put(table.ttl.space, ExpiryKey(*expiry, key), {});
    put->push_back(*expiry);
  }
  return {};
}

}  // namespace

Task<Result<bool>> FillExpiryStep(engine::Engine& engine, const catalog::TableSchema& table, ExpiryProgress& progress,
                                  std::string& from, Lane& lane) {
  STATOR_CO_TRY(const Share share, NextShare(engine, table, from));
  std::vector<Expiry> put;
  Outcome outcome = Outcome::kConflict;
  for (int attempt = 0; outcome == Outcome::kConflict && attempt < kMaxAttempts; ++attempt) {
    if (attempt > 0) co_await Pause(lane, BackOff(attempt));
    Batch batch;
    STATOR_CO_OK(AddRows(engine, table, share, &batch, &put));
    if (batch.empty()) {
      outcome = Outcome::kDone;
      continue;
    }
    const Committed committed = co_await engine::Commit(engine, std::move(batch), lane);
    outcome = committed.outcome;
  }
  if (outcome != Outcome::kDone) co_return ErrorOf(outcome);
  for (const Expiry expiry : put) progress.Put(table.ttl.space, expiry);
  from = share.last;
  from.push_back('\0');
  co_return share.more;
}

}  // namespace stator::table
