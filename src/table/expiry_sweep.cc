#include "table/expiry_sweep.h"

#include <vector>

#include "table/expiry_index.h"

namespace stator::table {
namespace {

// Items in a step. Their turns are held while the removal is committed, of the 4,096 queues there are: few enough that
// those who wait for one in vain are seldom. A commit that goes to a device is worth more of them; where it does not, a
// step is all work, and as short as that is the time that others may have to wait for the processor.
constexpr size_t kItemsWithDevice = 24;
constexpr size_t kItemsWithout = 16;

// What becomes of an item whose row was found: it goes if the row is its own.
struct Removal {
  const catalog::TimeToLive* ttl;
  Expiry expiry;
  Time now;
  std::string key;

  Result<Decision> operator()(item::ItemView before) const {
    if (ExpiryOf(*ttl, before) != expiry || !IsDue(expiry, now)) return Decision::Keep();
    return Decision::Erase();
  }
};

struct Share {
  std::vector<Removal> removals;
  std::string last;
  bool more = false;
};

Result<Share> NextShare(const engine::View& view, const catalog::TableSchema& table, Bytes from, Bytes to, Time now,
                        size_t items) {
  Share share;
  share.removals.reserve(items);
  const auto cursor = view.Range(table.ttl.space, from, to, engine::Order::kForward);
  for (; cursor->Valid() && share.removals.size() < items; cursor->Next()) {
    Expiry expiry = 0;
    Bytes key;
    share.last.assign(cursor->key());
    if (SplitExpiryKey(cursor->key(), &expiry, &key)) {
      share.removals.push_back({&table.ttl, expiry, now, std::string(key)});
    }
  }
  STATOR_OK(cursor->status());
  share.more = cursor->Valid();
  return share;
}

}  // namespace

Task<Result<SweepStep>> SweepExpired(engine::Engine& engine, Mutator& mutator, const catalog::TableSchema& table,
                                     std::string& from, Bytes to, Time now, Lane& lane) {
  const size_t items = engine.traits().durable ? kItemsWithDevice : kItemsWithout;
  STATOR_CO_TRY(const Share share, NextShare(engine, table, from, to, now, items));
  SweepStep step;
  step.more = share.more;
  if (share.removals.empty()) {
    from = to;
    co_return step;
  }
  std::vector<Change> changes;
  changes.reserve(share.removals.size());
  for (const Removal& removal : share.removals) changes.push_back({table, removal.key, removal, true});
  const Result<std::vector<Changed>> done = co_await mutator.MutateAll(changes, lane);
  if (!done.ok()) co_return done.error();
  for (const Changed& changed : *done) ++(changed.same ? step.kept : step.removed);
  from = share.last;
  from.push_back('\0');
  co_return step;
}

}  // namespace stator::table
