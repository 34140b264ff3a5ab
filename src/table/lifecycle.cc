#include "table/lifecycle.h"

#include <algorithm>
#include <set>

#include "base/coding.h"
#include "base/log.h"
#include "base/pause.h"
#include "catalog/states.h"
#include "engine/commit_and_wait.h"
#include "errors/common.h"
#include "records/records.h"
#include "table/backfill.h"

namespace stator::table {
namespace {

using catalog::IndexSchema;
using catalog::TableRef;
using catalog::TableSchema;
using engine::Space;

constexpr Duration kDrainPoll{1000};
constexpr uint8_t kSizesVersion = 1;

std::set<Space> SpacesOf(const TableRef& table) {
  if (!table) return {};
  const std::vector<Space> all = catalog::SpacesOf(*table);
  return {all.begin(), all.end()};
}

// Those whose rows are counted: items and what indexes show of them.
std::set<Space> CountedSpaces(const TableRef& table) {
  std::set<Space> spaces = SpacesOf(table);
  if (table->ttl.enabled) spaces.erase(table->ttl.space);
  return spaces;
}

const IndexSchema* IndexIn(const TableSchema& table, Space space) {
  for (const IndexSchema& index : table.indexes) {
    if (index.space == space) return &index;
  }
  return nullptr;
}

void Report(const char* what, const Status& status) {
  if (!status.ok()) LogError(std::string(what) + ": " + status.error().text);
}

Status CommitNow(engine::Engine& engine, engine::Batch batch) {
  const engine::Outcome outcome = engine::CommitAndWait(engine, std::move(batch)).outcome;
  return outcome == engine::Outcome::kDone ? Status() : Status(Fail(errors::kInternal));
}

records::Key SizesKey(Space space) {
  records::Key key(records::Kind::kSizes);
  key.Add(static_cast<uint64_t>(space));
  return key;
}

// Rows and bytes of a space in one state.
Result<Size> CountRows(const engine::View& view, Space space) {
  Size size;
  const auto cursor = view.Range(space, {}, {}, engine::Order::kForward);
  for (; cursor->Valid(); cursor->Next()) {
    ++size.rows;
    size.bytes += static_cast<int64_t>(item::ItemView(cursor->value()).size_bytes());
  }
  STATOR_OK(cursor->status());
  return size;
}

}  // namespace

void Tables::Lifecycle::OnChange(const TableRef& before, const TableRef& after) {
  Lane& lane = *Lane::Current();
  const std::weak_ptr<const TableSchema> old = before;
  const std::set<Space> known = SpacesOf(before);
  const std::set<Space> kept = SpacesOf(after);
  for (const Space space : known) {
    if (kept.contains(space)) continue;
    stator::Start(DropSpace(old, space, lane), [](const Status& s) { Report("dropping a table's rows", s); });
  }
  if (tables_.expiry_) tables_.expiry_->OnChange(before, after);
  if (!after) return;
  for (const IndexSchema& index : after->indexes) {
    if (index.state != catalog::State::kCreating || known.contains(index.space) || !before) continue;
    stator::Start(Fill(old, after, index.space, lane), [](const Status& s) { Report("filling an index", s); });
  }
}

Task<Status> Tables::Lifecycle::Drained(std::weak_ptr<const TableSchema> old, Lane& lane) {
  do {
    co_await Pause(lane, kDrainPoll);
  } while (!old.expired());
  co_return Status();
}

Task<Status> Tables::Lifecycle::DropSpace(std::weak_ptr<const TableSchema> old, Space space, Lane& lane) {
  (void)co_await Drained(std::move(old), lane);
  tables_.sizes_.Forget(space);
  STATOR_CO_OK(tables_.engine_.Drop(space));
  tables_.catalog_.Dropped(space);
  co_return Status();
}

bool Tables::Lifecycle::StillCreating(const TableSchema& table, Space index) const {
  const TableRef now = tables_.catalog_.Find(table.name_space, table.name);
  const IndexSchema* found = now ? IndexIn(*now, index) : nullptr;
  return found && found->state == catalog::State::kCreating;
}

Status Tables::Lifecycle::FillNow(const TableSchema& table, Space index) const {
  return Backfill(tables_.engine_, table, *IndexIn(table, index), tables_.sizes_,
                  [&] { return StillCreating(table, index); });
}

Task<Status> Tables::Lifecycle::Fill(std::weak_ptr<const TableSchema> old, TableRef table, Space index, Lane& lane) {
  (void)co_await Drained(std::move(old), lane);
  co_await ToWorker(tables_.workers_);
  Status filled = FillNow(*table, index);
  co_await ToLane(lane);
  STATOR_CO_OK(std::move(filled));
  table.reset();
  co_return co_await tables_.catalog_.IndexBuilt(index, lane);
}

Status Tables::Lifecycle::Start(Lane& lane) {
  STATOR_OK(CountAgain());
  lane.Post([this, &lane] {
    for (const Space space : tables_.catalog_.DroppedSpaces()) {
      stator::Start(DropSpace({}, space, lane), [](const Status& s) { Report("dropping a table's rows", s); });
    }
    for (const TableRef& table : tables_.catalog_.All()) {
      for (const IndexSchema& index : table->indexes) {
        if (index.state != catalog::State::kCreating) continue;
        stator::Start(Fill({}, table, index.space, lane), [](const Status& s) { Report("filling an index", s); });
      }
    }
  });
  return {};
}

// The counts written down at a clean stop are taken and erased: after a crash they would be wrong. Without them, rows
// are counted in a snapshot of this moment, to which the mutations that follow add up.
Status Tables::Lifecycle::CountAgain() {
  std::set<Space> unknown;
  for (const TableRef& table : tables_.catalog_.All()) unknown.merge(CountedSpaces(table));
  engine::Batch batch;
  STATOR_OK(records::ForEach(
      tables_.engine_, records::Key(records::Kind::kSizes), [&](Bytes rest, const records::Record& record) -> Status {
        uint64_t space = 0;
        uint64_t rows = 0;
        uint64_t bytes = 0;
        Bytes payload = record.payload;
        if (!records::NextPart(&rest, &space) || !GetVarint(&payload, &rows) || !GetVarint(&payload, &bytes)) {
          return {};
        }
        const Space id{static_cast<uint32_t>(space)};
        records::Erase(&batch, SizesKey(id));
        if (unknown.erase(id) == 0) return {};
        tables_.sizes_.Add(id, {static_cast<int64_t>(rows), static_cast<int64_t>(bytes)});
        return {};
      }));
  if (!batch.empty()) STATOR_OK(CommitNow(tables_.engine_, std::move(batch)));
  if (unknown.empty()) return {};
  STATOR_TRY(std::unique_ptr<engine::View> snapshot, tables_.engine_.Snapshot());
  tables_.workers_.Post([this, unknown, view = std::shared_ptr<engine::View>(std::move(snapshot))] {
    for (const Space space : unknown) {
      const auto counted = CountRows(*view, space);
      if (counted.ok()) tables_.sizes_.Add(space, *counted);
      if (!counted.ok()) LogError("counting items: " + counted.error().text);
    }
  });
  return {};
}

Status Tables::Lifecycle::WriteSizes() {
  engine::Batch batch;
  for (const TableRef& table : tables_.catalog_.All()) {
    for (const Space space : CountedSpaces(table)) {
      const Size size = tables_.sizes_.Of(space);
      std::string payload;
      PutVarint(&payload, static_cast<uint64_t>(std::max<int64_t>(size.rows, 0)));
      PutVarint(&payload, static_cast<uint64_t>(std::max<int64_t>(size.bytes, 0)));
      records::Put(&batch, SizesKey(space), kSizesVersion, payload);
    }
  }
  if (batch.empty()) return {};
  return CommitNow(tables_.engine_, std::move(batch));
}

}  // namespace stator::table
