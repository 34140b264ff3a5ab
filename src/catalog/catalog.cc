// A change holds the mutex from reading the newest schema to publishing its successor, commit included; readers take
// the published list, which never changes. A table on its way (CREATING, UPDATING, DELETING) is kept on disk in that
// state, and Open takes the last step for it if the server stopped in between. Tests: catalog_test.cc; bytes:
// docs/formats/catalog.md.
#include "catalog/catalog.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "catalog/name.h"
#include "catalog/published.h"
#include "catalog/schema_codec.h"
#include "catalog/states.h"
#include "catalog/stored.h"
#include "engine/commit.h"
#include "engine/commit_and_wait.h"
#include "errors/catalog.h"
#include "errors/common.h"

namespace stator::catalog {

using engine::Batch;
using engine::Space;

struct Catalog::Impl {
  Impl(engine::Engine& the_engine, const Clock& the_clock, CatalogOptions the_options)
      : engine(the_engine), clock(the_clock), options(std::move(the_options)) {}

  Status Load();
  Status Settle();
  void Publish(const TableRef& before, const TableRef& after);

  Task<Result<TableRef>> Create(TableSchema schema, Lane& lane);
  Task<Result<TableRef>> Change(NamespaceId name_space, std::string name_or_arn,
                                std::function<Result<TableSchema>(const TableSchema&)> change, Lane& lane);
  Task<Result<TableRef>> Remove(NamespaceId name_space, std::string name_or_arn,
                                std::function<Status(const TableSchema&)> permit, Lane& lane);
  Task<Status> RemoveAll(Lane& lane);
  Task<Status> IndexBuilt(Space index, Lane& lane);
  void Dropped(Space space);
  // Erases from the store what Dropped spoke of. REQUIRES: changing held.
  std::vector<Space> PutAway(Batch* batch) const;
  void IsAway(const std::vector<Space>& spaces);
  Task<Status> Arrive(NamespaceId name_space, std::string name, std::string id, Lane& lane);

  Task<Result<TableRef>> Replace(TableRef before, std::optional<TableSchema> next, Lane& lane);
  Result<TableRef> NewestIdle(NamespaceId name_space, Bytes name_or_arn) const;
  void AssignSpaces(TableSchema* schema);
  void ArriveLater(const TableRef& table, Lane& lane);
  void Reread(const TableRef& before, const TableRef& after);

  engine::Engine& engine;
  const Clock& clock;
  const CatalogOptions options;
  SchemaObserver observer;
  Companion* companion = nullptr;
  TaskMutex changing;
  uint32_t next_space = 1;  // REQUIRES: changing held

  Published tables;
  mutable std::mutex mutex;
  std::vector<Space> dropped;  // guarded by mutex
  std::vector<Space> gone;     // guarded by mutex: the engine knows; only the records of `dropped` are left
  // Timers look here whether the catalog is still there; it goes after the lanes have stopped.
  std::shared_ptr<Impl*> alive = std::make_shared<Impl*>(this);
};

// --- Loading and publishing --------------------------------------------------------------------------------------

Status Catalog::Impl::Load() {
  STATOR_TRY(Stored stored, LoadStored(engine));
  tables.Set(std::move(stored.tables));
  dropped = std::move(stored.dropped);
  next_space = stored.next_space;
  return {};
}

void Catalog::Impl::Publish(const TableRef& before, const TableRef& after) {
  if (companion) companion->Committed();
  tables.Replace(before, after);
  if (before) {
    const std::vector<Space> left = SpacesThatLeave(*before, after.get());
    const std::lock_guard lock(mutex);
    dropped.insert(dropped.end(), left.begin(), left.end());
  }
  if (observer) observer(before, after);
}

// Takes the last step for every table that was on its way when the server stopped.
Status Catalog::Impl::Settle() {
  Batch batch;
  std::vector<std::pair<TableRef, TableRef>> steps;
  const auto loaded = tables.All();
  for (const TableRef& table : *loaded) {
    if (table->state == State::kActive) continue;
    std::optional<TableSchema> next = Arrived(*table);
    const TableRef after = next ? std::make_shared<const TableSchema>(*std::move(next)) : nullptr;
    if (after) PutTable(&batch, *after);
    if (!after) EraseTable(&batch, *table);
    for (const Space space : SpacesThatLeave(*table, after.get())) PutDropped(&batch, space);
    steps.emplace_back(table, after);
  }
  if (steps.empty()) return {};
  if (engine::CommitAndWait(engine, std::move(batch)).outcome != engine::Outcome::kDone) return Fail(errors::kInternal);
  for (const auto& [before, after] : steps) Publish(before, after);
  return {};
}

// --- Changing ----------------------------------------------------------------------------------------------------

void Catalog::Impl::AssignSpaces(TableSchema* schema) {
  const auto assign = [this](Space* space) {
    if (*space == Space{}) *space = Space{next_space++};
  };
  assign(&schema->space);
  for (IndexSchema& index : schema->indexes) assign(&index.space);
  if (schema->ttl.enabled) assign(&schema->ttl.space);
}

// Makes `next` durable in the place of `before` (either may be missing), publishes it and gives it. REQUIRES: changing
// held.
Task<Result<TableRef>> Catalog::Impl::Replace(TableRef before, std::optional<TableSchema> next, Lane& lane) {
  Batch batch;
  if (companion) {
    const auto new_space = [this] { return Space{next_space++}; };
    companion->Prepare(before.get(), next ? &*next : nullptr, new_space, &batch);
  }
  TableRef after;
  if (next) {
    after = std::make_shared<const TableSchema>(*std::move(next));
    PutTable(&batch, *after);
    PutNextSpace(&batch, next_space);
  } else {
    EraseTable(&batch, *before);
  }
  if (before) {
    for (const Space space : SpacesThatLeave(*before, after.get())) PutDropped(&batch, space);
  }
  const std::vector<Space> away = PutAway(&batch);
  const engine::Committed committed = co_await engine::Commit(engine, std::move(batch), lane);
  if (committed.outcome == engine::Outcome::kDone) {
    IsAway(away);
    Publish(before, after);
    co_return Result<TableRef>(after);
  }
  if (committed.outcome == engine::Outcome::kUnknown) Reread(before, after);
  co_return Result<TableRef>(Fail(errors::kInternal));
}

// After an unknown outcome: what the store says now is what there is.
void Catalog::Impl::Reread(const TableRef& before, const TableRef& after) {
  const TableSchema& named = after ? *after : *before;
  const Result<TableRef> found = LoadTable(engine, named.name_space, named.name);
  if (!found.ok()) return;
  const bool has_after = after && *found && EncodeSchema(**found) == EncodeSchema(*after);
  const bool is_gone = !after && !*found;
  if (has_after || is_gone) Publish(before, after);
}

Result<TableRef> Catalog::Impl::NewestIdle(NamespaceId name_space, Bytes name_or_arn) const {
  STATOR_TRY(const Bytes name, TableNameOf(name_or_arn, NameFor::kTable));
  TableRef table = tables.Find(name_space, name);
  if (!table) return Fail(errors::kTableNotFound, name);
  STATOR_OK(CheckIdle(*table));
  return table;
}

Task<Result<TableRef>> Catalog::Impl::Create(TableSchema schema, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  if (tables.Find(schema.name_space, schema.name)) {
    co_return Result<TableRef>(Fail(errors::kTableInUse, schema.name));
  }
  AssignSpaces(&schema);
  const bool later = options.state_delay.count() > 0;
  schema.state = later ? State::kCreating : State::kActive;
  for (IndexSchema& index : schema.indexes) index.projected = ProjectedNames(schema.key, index);
  Result<TableRef> created = co_await Replace(nullptr, std::move(schema), lane);
  if (created.ok() && later) ArriveLater(*created, lane);
  co_return created;
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
  BeginUpdate(*before, options.state_delay.count() > 0, &next);
  AssignSpaces(&next);
  for (IndexSchema& index : next.indexes) index.projected = ProjectedNames(next.key, index);
  Result<TableRef> after = co_await Replace(before, std::move(next), lane);
  if (after.ok() && (*after)->state == State::kUpdating) ArriveLater(*after, lane);
  co_return after;
}

Task<Result<TableRef>> Catalog::Impl::Remove(NamespaceId name_space, std::string name_or_arn,
                                             std::function<Status(const TableSchema&)> permit, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  Result<TableRef> newest = NewestIdle(name_space, name_or_arn);
  if (!newest.ok()) co_return newest;
  const TableRef before = *newest;
  const Status permitted = permit(*before);
  if (!permitted.ok()) co_return Result<TableRef>(permitted.error());
  std::optional<TableSchema> leaving;
  if (options.state_delay.count() > 0) {
    leaving = *before;
    leaving->state = State::kDeleting;
  }
  const Result<TableRef> after = co_await Replace(before, std::move(leaving), lane);
  if (!after.ok()) co_return after;
  if (*after) ArriveLater(*after, lane);
  co_return Result<TableRef>(before);
}

void Catalog::Impl::ArriveLater(const TableRef& table, Lane& lane) {
  lane.After(options.state_delay, [weak = std::weak_ptr<Impl*>(alive), name_space = table->name_space,
                                   name = table->name, id = table->id, &lane] {
    const std::shared_ptr<Impl*> catalog = weak.lock();
    if (catalog) Start((*catalog)->Arrive(name_space, name, id, lane), [](const Status&) {});
  });
}

Task<Status> Catalog::Impl::Arrive(NamespaceId name_space, std::string name, std::string id, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  const TableRef before = tables.Find(name_space, name);
  if (!before || before->id != id || before->state == State::kActive) co_return Status();
  std::optional<TableSchema> next = Arrived(*before);
  Result<TableRef> after = co_await Replace(before, std::move(next), lane);
  if (!after.ok()) co_return Status(after.error());
  if (!*after) co_return Status();
  const TableRef arrived = *after;
  std::optional<TableSchema> filled(*arrived);
  if (!ActivateFilled(&*filled)) co_return Status();
  after = co_await Replace(arrived, std::move(filled), lane);
  co_return after.ok() ? Status() : Status(after.error());
}

Task<Status> Catalog::Impl::RemoveAll(Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  const auto going = tables.All();
  Batch batch;
  for (const TableRef& table : *going) {
    EraseTable(&batch, *table);
    for (const Space space : SpacesOf(*table)) PutDropped(&batch, space);
  }
  if (companion) companion->PrepareRemoveAll(&batch);
  if (batch.empty()) co_return Status();
  const engine::Committed committed = co_await engine::Commit(engine, std::move(batch), lane);
  if (committed.outcome != engine::Outcome::kDone) co_return Status(Fail(errors::kInternal));
  if (companion) companion->Committed();
  for (const TableRef& table : *going) Publish(table, nullptr);
  co_return Status();
}

Task<Status> Catalog::Impl::IndexBuilt(Space index, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  TableRef before;
  const auto current = tables.All();
  for (const TableRef& table : *current) {
    for (const IndexSchema& candidate : table->indexes) {
      if (candidate.space == index && candidate.state == State::kCreating) before = table;
    }
    if (table->ttl.space == index && table->ttl.backfilling) before = table;
  }
  if (!before) co_return Status();
  TableSchema next = *before;
  MarkFilled(index, &next);
  const Result<TableRef> after = co_await Replace(before, std::move(next), lane);
  co_return after.ok() ? Status() : Status(after.error());
}

void Catalog::Impl::Dropped(Space space) {
  const std::lock_guard lock(mutex);
  std::erase(dropped, space);
  gone.push_back(space);
}

std::vector<Space> Catalog::Impl::PutAway(Batch* batch) const {
  const std::lock_guard lock(mutex);
  for (const Space space : gone) EraseDropped(batch, space);
  return gone;
}

void Catalog::Impl::IsAway(const std::vector<Space>& spaces) {
  const std::lock_guard lock(mutex);
  gone.erase(gone.begin(), gone.begin() + static_cast<std::ptrdiff_t>(spaces.size()));
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
void Catalog::Accompany(Companion* companion) { impl_->companion = companion; }

Result<TableRef> Catalog::ForItems(NamespaceId name_space, Bytes name_or_arn) const {
  TableRef table = impl_->tables.Find(name_space, name_or_arn);
  if (!table) {  // an ARN, or nothing
    STATOR_TRY(const Bytes name, TableNameOf(name_or_arn, NameFor::kItems));
    table = impl_->tables.Find(name_space, name);
  }
  if (!table || table->state == State::kCreating || table->state == State::kDeleting) {
    return Fail(errors::kResourceNotFound);
  }
  return table;
}

TableRef Catalog::Find(NamespaceId name_space, Bytes name_or_arn) const {
  const Result<Bytes> name = TableNameOf(name_or_arn, NameFor::kTable);
  return name.ok() ? impl_->tables.Find(name_space, *name) : nullptr;
}

std::vector<TableRef> Catalog::List(NamespaceId name_space, Bytes after, size_t limit) const {
  return impl_->tables.List(name_space, after, limit);
}

std::vector<TableRef> Catalog::All() const { return *impl_->tables.All(); }
size_t Catalog::size() const { return impl_->tables.All()->size(); }
Duration Catalog::state_delay() const { return impl_->options.state_delay; }

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
void Catalog::Dropped(engine::Space space) { impl_->Dropped(space); }

Task<Catalog::Turn> Catalog::TakeTurn(Lane& lane) {
  auto held = co_await impl_->changing.Lock(lane);
  co_return Turn(std::move(held), impl_.get());
}
Catalog::Turn Catalog::FirstTurn() { return {impl_->changing.LockFree(), impl_.get()}; }
Space Catalog::Turn::NewSpace() { return Space{impl_->next_space++}; }
void Catalog::Turn::Write(Batch* batch) const { PutNextSpace(batch, impl_->next_space); }
void Catalog::Turn::WriteDropped(Batch* batch, Space space) { PutDropped(batch, space); }

}  // namespace stator::catalog
