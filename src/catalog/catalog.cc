// A change holds the mutex from reading the newest schema to publishing its successor, commit included; readers take
// the published list, which never changes. A table on its way (CREATING, UPDATING, DELETING) is kept on disk in that
// state, and Open takes the last step for it if the server stopped in between. Tests: catalog_test.cc; bytes:
// docs/formats/catalog.md.
#include "catalog/catalog.h"

#include <algorithm>
#include <future>
#include <mutex>
#include <utility>

#include "base/coding.h"
#include "catalog/name.h"
#include "catalog/schema_codec.h"
#include "engine/commit.h"
#include "records/records.h"

namespace stator::catalog {
namespace {

using engine::Batch;
using engine::Space;

constexpr uint8_t kPlainVersion = 1;  // of the records that are a number or nothing
constexpr Bytes kNextSpace = "next-space";

struct Tables {
  std::vector<TableRef> by_name;  // sorted by name space, then name
};

std::pair<NamespaceId, Bytes> OrderOf(const TableRef& table) { return {table->name_space, table->name}; }

auto LowerBound(const Tables& tables, NamespaceId name_space, Bytes name) {
  const std::pair<NamespaceId, Bytes> wanted{name_space, name};
  return std::lower_bound(tables.by_name.begin(), tables.by_name.end(), wanted,
                          [](const TableRef& table, const auto& key) { return OrderOf(table) < key; });
}

TableRef FindIn(const Tables& tables, NamespaceId name_space, Bytes name) {
  const auto at = LowerBound(tables, name_space, name);
  return at != tables.by_name.end() && OrderOf(*at) == std::pair(name_space, name) ? *at : nullptr;
}

records::Key TableKey(NamespaceId name_space, Bytes name) {
  records::Key key(records::Kind::kTable);
  return key.Add(static_cast<uint64_t>(name_space)).Add(name);
}
records::Key DroppedKey(Space space) {
  records::Key key(records::Kind::kDroppedSpace);
  return key.Add(static_cast<uint64_t>(space));
}
records::Key NextSpaceKey() { return records::Key(records::Kind::kStore, {kNextSpace}); }

void PutTable(Batch* batch, const TableSchema& schema) {
  records::Put(batch, TableKey(schema.name_space, schema.name), kSchemaVersion, EncodeSchema(schema));
}

std::vector<Space> SpacesOf(const TableSchema& schema) {
  std::vector<Space> spaces{schema.space};
  for (const IndexSchema& index : schema.indexes) spaces.push_back(index.space);
  return spaces;
}

// The spaces of `before` that `after` (may be null) no longer has.
std::vector<Space> Left(const TableSchema& before, const TableSchema* after) {
  std::vector<Space> left = SpacesOf(before);
  if (!after) return left;
  const std::vector<Space> kept = SpacesOf(*after);
  std::erase_if(left, [&kept](Space space) { return std::find(kept.begin(), kept.end(), space) != kept.end(); });
  return left;
}

// Where a table on its way arrives; nothing if it goes.
std::optional<TableSchema> Arrived(const TableSchema& schema) {
  if (schema.state == State::kDeleting) return std::nullopt;
  TableSchema next = schema;
  next.state = State::kActive;
  std::erase_if(next.indexes, [](const IndexSchema& index) { return index.state == State::kDeleting; });
  return next;
}

Status CheckIdle(const TableSchema& schema) {
  switch (schema.state) {
    case State::kActive:
      return {};
    case State::kCreating:
      return Fail(ErrorId::kTableBusy, "created", schema.name);
    case State::kUpdating:
      return Fail(ErrorId::kTableBusy, "updated", schema.name);
    case State::kDeleting:
      return Fail(ErrorId::kTableBusy, "deleted", schema.name);
  }
  return {};
}

}  // namespace

struct Catalog::Impl {
  Impl(engine::Engine& the_engine, const Clock& the_clock, CatalogOptions the_options)
      : engine(the_engine), clock(the_clock), options(std::move(the_options)) {}

  Status Load();
  Status Settle();

  std::shared_ptr<const Tables> Current() const;
  void Publish(const TableRef& before, const TableRef& after);
  void SetTables(std::shared_ptr<const Tables> next);

  Task<Result<TableRef>> Create(TableSchema schema, Lane& lane);
  Task<Result<TableRef>> Change(NamespaceId name_space, std::string name_or_arn,
                                std::function<Result<TableSchema>(const TableSchema&)> change, Lane& lane);
  Task<Result<TableRef>> Remove(NamespaceId name_space, std::string name_or_arn,
                                std::function<Status(const TableSchema&)> permit, Lane& lane);
  Task<Status> RemoveAll(Lane& lane);
  Task<Status> IndexBuilt(Space index, Lane& lane);
  Task<Status> Dropped(Space space, Lane& lane);
  Task<Status> Arrive(NamespaceId name_space, std::string name, std::string id, Lane& lane);

  Task<Status> Replace(TableRef before, TableRef after, Lane& lane);
  Result<TableRef> NewestIdle(NamespaceId name_space, Bytes name_or_arn) const;
  bool AssignSpaces(TableSchema* schema);
  void Transition(const TableSchema& before, TableSchema* after) const;
  void ArriveLater(const TableRef& table, Lane& lane);
  void Reread(const TableRef& before, const TableRef& after);

  engine::Engine& engine;
  const Clock& clock;
  const CatalogOptions options;
  SchemaObserver observer;
  TaskMutex changing;
  uint32_t next_space = 1;  // REQUIRES: changing held

  mutable std::mutex mutex;
  std::shared_ptr<const Tables> tables = std::make_shared<Tables>();  // guarded by mutex
  std::vector<Space> dropped;                                         // guarded by mutex
  // Timers look here whether the catalog is still there; it goes after the lanes have stopped.
  std::shared_ptr<Impl*> alive = std::make_shared<Impl*>(this);
};

// --- Reading -----------------------------------------------------------------------------------------------------

// A copy, never a cache of the thread: what is held here keeps a change waiting for the mutations under the old schema
// (table/lifecycle.h) for as long.
std::shared_ptr<const Tables> Catalog::Impl::Current() const {
  const std::lock_guard lock(mutex);
  return tables;
}

void Catalog::Impl::SetTables(std::shared_ptr<const Tables> next) {
  const std::lock_guard lock(mutex);
  tables = std::move(next);
}

void Catalog::Impl::Publish(const TableRef& before, const TableRef& after) {
  auto next = std::make_shared<Tables>(*Current());
  const TableSchema& named = after ? *after : *before;
  const auto at = next->by_name.begin() + (LowerBound(*next, named.name_space, named.name) - next->by_name.cbegin());
  if (!after) {
    next->by_name.erase(at);
  } else if (before) {
    *at = after;
  } else {
    next->by_name.insert(at, after);
  }
  SetTables(std::move(next));
  if (before) {
    const std::vector<Space> left = Left(*before, after.get());
    const std::lock_guard lock(mutex);
    dropped.insert(dropped.end(), left.begin(), left.end());
  }
  if (observer) observer(before, after);
}

// --- Loading -----------------------------------------------------------------------------------------------------

Status Catalog::Impl::Load() {
  auto loaded = std::make_shared<Tables>();
  const records::Key all_tables(records::Kind::kTable);
  STATOR_OK(records::ForEach(engine, all_tables, [&loaded](Bytes, const records::Record& record) -> Status {
    std::optional<TableSchema> schema = DecodeSchema(record.version, record.payload);
    if (!schema) return Fail(ErrorId::kCatalogDamaged);
    loaded->by_name.push_back(std::make_shared<const TableSchema>(*std::move(schema)));
    return {};
  }));
  std::sort(loaded->by_name.begin(), loaded->by_name.end(),
            [](const TableRef& a, const TableRef& b) { return OrderOf(a) < OrderOf(b); });
  const records::Key all_dropped(records::Kind::kDroppedSpace);
  STATOR_OK(records::ForEach(engine, all_dropped, [this](Bytes rest, const records::Record&) -> Status {
    uint64_t space = 0;
    if (!records::NextPart(&rest, &space)) return Fail(ErrorId::kCatalogDamaged);
    dropped.push_back(Space{static_cast<uint32_t>(space)});
    return {};
  }));
  engine::Value row;
  records::Record record;
  STATOR_TRY(const bool found, records::Get(engine, NextSpaceKey(), &row, &record));
  if (found && !GetFixed32(&record.payload, &next_space)) return Fail(ErrorId::kCatalogDamaged);
  SetTables(std::move(loaded));
  return {};
}

// Takes the last step for every table that was on its way when the server stopped.
Status Catalog::Impl::Settle() {
  Batch batch;
  const Tables loaded = *Current();
  std::vector<std::pair<TableRef, TableRef>> steps;
  for (const TableRef& table : loaded.by_name) {
    if (table->state == State::kActive) continue;
    std::optional<TableSchema> next = Arrived(*table);
    const TableRef after = next ? std::make_shared<const TableSchema>(*std::move(next)) : nullptr;
    if (after) PutTable(&batch, *after);
    if (!after) records::Erase(&batch, TableKey(table->name_space, table->name));
    for (const Space space : Left(*table, after.get())) records::Put(&batch, DroppedKey(space), kPlainVersion, {});
    steps.emplace_back(table, after);
  }
  if (steps.empty()) return {};
  std::promise<engine::Outcome> outcome;
  engine.Commit(std::move(batch), nullptr, [&outcome](engine::Committed c) { outcome.set_value(c.outcome); });
  if (outcome.get_future().get() != engine::Outcome::kDone) return Fail(ErrorId::kInternal);
  for (const auto& [before, after] : steps) Publish(before, after);
  return {};
}

// --- Changing ----------------------------------------------------------------------------------------------------

bool Catalog::Impl::AssignSpaces(TableSchema* schema) {
  const uint32_t first = next_space;
  const auto assign = [this](Space* space) {
    if (*space == Space{}) *space = Space{next_space++};
  };
  assign(&schema->space);
  for (IndexSchema& index : schema->indexes) assign(&index.space);
  return next_space != first;
}

// Makes `after` durable in the place of `before` (either may be null) and publishes it. REQUIRES: changing held.
Task<Status> Catalog::Impl::Replace(TableRef before, TableRef after, Lane& lane) {
  Batch batch;
  if (after) {
    PutTable(&batch, *after);
    std::string next;
    PutFixed32(&next, next_space);
    records::Put(&batch, NextSpaceKey(), kPlainVersion, next);
  } else {
    records::Erase(&batch, TableKey(before->name_space, before->name));
  }
  if (before) {
    for (const Space space : Left(*before, after.get())) records::Put(&batch, DroppedKey(space), kPlainVersion, {});
  }
  const engine::Committed committed = co_await engine::Commit(engine, std::move(batch), lane);
  if (committed.outcome == engine::Outcome::kDone) {
    Publish(before, after);
    co_return Status();
  }
  if (committed.outcome == engine::Outcome::kUnknown) Reread(before, after);
  co_return Status(Fail(ErrorId::kInternal));
}

// After an unknown outcome: what the store says now is what there is.
void Catalog::Impl::Reread(const TableRef& before, const TableRef& after) {
  const TableSchema& named = after ? *after : *before;
  engine::Value row;
  records::Record record;
  const Result<bool> found = records::Get(engine, TableKey(named.name_space, named.name), &row, &record);
  if (!found.ok()) return;
  const bool has_after = after && *found && record.payload == EncodeSchema(*after);
  const bool is_gone = !after && !*found;
  if (has_after || is_gone) Publish(before, after);
}

Result<TableRef> Catalog::Impl::NewestIdle(NamespaceId name_space, Bytes name_or_arn) const {
  STATOR_TRY(const Bytes name, TableNameOf(name_or_arn));
  TableRef table = FindIn(*Current(), name_space, name);
  if (!table) return Fail(ErrorId::kTableNotFound, name);
  STATOR_OK(CheckIdle(*table));
  return table;
}

Task<Result<TableRef>> Catalog::Impl::Create(TableSchema schema, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  if (FindIn(*Current(), schema.name_space, schema.name)) {
    co_return Result<TableRef>(Fail(ErrorId::kTableInUse, schema.name));
  }
  AssignSpaces(&schema);
  const bool later = options.state_delay.count() > 0;
  schema.state = later ? State::kCreating : State::kActive;
  for (IndexSchema& index : schema.indexes) index.projected = ProjectedNames(schema.key, index);
  const TableRef created = std::make_shared<const TableSchema>(std::move(schema));
  const Status stored = co_await Replace(nullptr, created, lane);
  if (!stored.ok()) co_return Result<TableRef>(stored.error());
  if (later) ArriveLater(created, lane);
  co_return Result<TableRef>(created);
}

// Gives new indexes their state, and a table that asks for kUpdating the one it has until it arrives.
void Catalog::Impl::Transition(const TableSchema& before, TableSchema* after) const {
  for (IndexSchema& index : after->indexes) {
    if (before.FindIndex(index.name)) continue;
    index.state = State::kCreating;
    index.backfilling = true;
  }
  if (after->state != State::kUpdating) return;
  if (options.state_delay.count() == 0) {
    after->state = State::kActive;
    return;
  }
  for (const IndexSchema& index : before.indexes) {
    if (after->FindIndex(index.name)) continue;
    IndexSchema leaving = index;
    leaving.state = State::kDeleting;
    after->indexes.push_back(std::move(leaving));
  }
}

Task<Result<TableRef>> Catalog::Impl::Change(NamespaceId name_space, std::string name_or_arn,
                                             std::function<Result<TableSchema>(const TableSchema&)> change,
                                             Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  Result<TableRef> newest = NewestIdle(name_space, name_or_arn);
  if (!newest.ok()) co_return newest;
  const TableRef before = *newest;
  Result<TableSchema> changed = change(*before);
  if (!changed.ok()) co_return Result<TableRef>(changed.error());
  TableSchema next = *std::move(changed);
  Transition(*before, &next);
  AssignSpaces(&next);
  for (IndexSchema& index : next.indexes) index.projected = ProjectedNames(next.key, index);
  const TableRef after = std::make_shared<const TableSchema>(std::move(next));
  const Status stored = co_await Replace(before, after, lane);
  if (!stored.ok()) co_return Result<TableRef>(stored.error());
  if (after->state == State::kUpdating) ArriveLater(after, lane);
  co_return Result<TableRef>(after);
}

Task<Result<TableRef>> Catalog::Impl::Remove(NamespaceId name_space, std::string name_or_arn,
                                             std::function<Status(const TableSchema&)> permit, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  Result<TableRef> newest = NewestIdle(name_space, name_or_arn);
  if (!newest.ok()) co_return newest;
  const TableRef before = *newest;
  const Status permitted = permit(*before);
  if (!permitted.ok()) co_return Result<TableRef>(permitted.error());
  TableRef after;
  if (options.state_delay.count() > 0) {
    TableSchema leaving = *before;
    leaving.state = State::kDeleting;
    after = std::make_shared<const TableSchema>(std::move(leaving));
  }
  const Status stored = co_await Replace(before, after, lane);
  if (!stored.ok()) co_return Result<TableRef>(stored.error());
  if (after) ArriveLater(after, lane);
  co_return Result<TableRef>(before);
}

void Catalog::Impl::ArriveLater(const TableRef& table, Lane& lane) {
  lane.After(options.state_delay, [weak = std::weak_ptr<Impl*>(alive), table, &lane] {
    const std::shared_ptr<Impl*> catalog = weak.lock();
    if (!catalog) return;
    Start((*catalog)->Arrive(table->name_space, table->name, table->id, lane), [](const Status&) {});
  });
}

Task<Status> Catalog::Impl::Arrive(NamespaceId name_space, std::string name, std::string id, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  const TableRef before = FindIn(*Current(), name_space, name);
  if (!before || before->id != id || before->state == State::kActive) co_return Status();
  std::optional<TableSchema> next = Arrived(*before);
  TableRef after;
  if (next) after = std::make_shared<const TableSchema>(*std::move(next));
  Status stored = co_await Replace(before, after, lane);
  co_return stored;
}

Task<Status> Catalog::Impl::RemoveAll(Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  const std::shared_ptr<const Tables> going = Current();
  Batch batch;
  for (const TableRef& table : going->by_name) {
    records::Erase(&batch, TableKey(table->name_space, table->name));
    for (const Space space : SpacesOf(*table)) records::Put(&batch, DroppedKey(space), kPlainVersion, {});
  }
  if (batch.empty()) co_return Status();
  const engine::Committed committed = co_await engine::Commit(engine, std::move(batch), lane);
  if (committed.outcome != engine::Outcome::kDone) co_return Status(Fail(ErrorId::kInternal));
  for (const TableRef& table : going->by_name) Publish(table, nullptr);
  co_return Status();
}

Task<Status> Catalog::Impl::IndexBuilt(Space index, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  TableRef before;
  const std::shared_ptr<const Tables> current = Current();
  for (const TableRef& table : current->by_name) {
    for (const IndexSchema& candidate : table->indexes) {
      if (candidate.space == index && candidate.state == State::kCreating) before = table;
    }
  }
  if (!before) co_return Status();
  TableSchema next = *before;
  for (IndexSchema& candidate : next.indexes) {
    if (candidate.space != index) continue;
    candidate.state = State::kActive;
    candidate.backfilling = false;
  }
  const TableRef after = std::make_shared<const TableSchema>(std::move(next));
  Status stored = co_await Replace(before, after, lane);
  co_return stored;
}

Task<Status> Catalog::Impl::Dropped(Space space, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  Batch batch;
  records::Erase(&batch, DroppedKey(space));
  const engine::Committed committed = co_await engine::Commit(engine, std::move(batch), lane);
  if (committed.outcome != engine::Outcome::kDone) co_return Status(Fail(ErrorId::kInternal));
  const std::lock_guard lock(mutex);
  std::erase(dropped, space);
  co_return Status();
}

// --- The catalog -------------------------------------------------------------------------------------------------

Catalog::Catalog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Catalog::~Catalog() = default;

Result<std::unique_ptr<Catalog>> Catalog::Open(engine::Engine& engine, const Clock& clock, CatalogOptions options) {
  auto impl = std::make_unique<Impl>(engine, clock, std::move(options));
  STATOR_OK(impl->Load());
  STATOR_OK(impl->Settle());
  return std::unique_ptr<Catalog>(new Catalog(std::move(impl)));
}

void Catalog::Observe(SchemaObserver observer) { impl_->observer = std::move(observer); }

Result<TableRef> Catalog::ForItems(NamespaceId name_space, Bytes name_or_arn) const {
  TableRef table = FindIn(*impl_->Current(), name_space, name_or_arn);
  if (!table) {
    STATOR_TRY(const Bytes name, TableNameOf(name_or_arn));
    table = FindIn(*impl_->Current(), name_space, name);
  }
  if (!table || table->state == State::kCreating || table->state == State::kDeleting) {
    return Fail(ErrorId::kResourceNotFound);
  }
  return table;
}

TableRef Catalog::Find(NamespaceId name_space, Bytes name_or_arn) const {
  const Result<Bytes> name = TableNameOf(name_or_arn);
  return name.ok() ? FindIn(*impl_->Current(), name_space, *name) : nullptr;
}

std::vector<TableRef> Catalog::List(NamespaceId name_space, Bytes after, size_t limit) const {
  const std::shared_ptr<const Tables> current = impl_->Current();
  const Tables& tables = *current;
  std::vector<TableRef> found;
  auto at = LowerBound(tables, name_space, after);
  if (at != tables.by_name.end() && OrderOf(*at) == std::pair(name_space, after)) ++at;
  for (; at != tables.by_name.end() && (*at)->name_space == name_space && found.size() < limit; ++at) {
    found.push_back(*at);
  }
  return found;
}

std::vector<TableRef> Catalog::All() const { return impl_->Current()->by_name; }
size_t Catalog::size() const { return impl_->Current()->by_name.size(); }

Task<Result<TableRef>> Catalog::Create(TableSchema schema, Lane& lane) {
  return impl_->Create(std::move(schema), lane);
}
Task<Result<TableRef>> Catalog::Change(NamespaceId name_space, std::string name_or_arn,
                                       std::function<Result<TableSchema>(const TableSchema&)> change, Lane& lane) {
  return impl_->Change(name_space, std::move(name_or_arn), std::move(change), lane);
}
Task<Result<TableRef>> Catalog::Remove(NamespaceId name_space, std::string name_or_arn,
                                       std::function<Status(const TableSchema&)> permit, Lane& lane) {
  return impl_->Remove(name_space, std::move(name_or_arn), std::move(permit), lane);
}
Task<Status> Catalog::RemoveAll(Lane& lane) { return impl_->RemoveAll(lane); }
Task<Status> Catalog::IndexBuilt(engine::Space index, Lane& lane) { return impl_->IndexBuilt(index, lane); }

std::vector<engine::Space> Catalog::DroppedSpaces() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->dropped;
}
Task<Status> Catalog::Dropped(engine::Space space, Lane& lane) { return impl_->Dropped(space, lane); }

}  // namespace stator::catalog
