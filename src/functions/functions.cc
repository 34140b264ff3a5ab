// A change holds the mutex from reading the newest entry to publishing its successor, commit included; readers take the
// published entry, which never changes. Tests: functions_test.cc.
#include "functions/functions.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <utility>

#include "base/base64.h"
#include "base/pause.h"
#include "base/random.h"
#include "base/task_mutex.h"
#include "engine/commit.h"
#include "errors/common.h"
#include "errors/functions.h"
#include "errors/records.h"
#include "functions/code_store.h"
#include "functions/codec.h"
#include "functions/name.h"
#include "records/records.h"
#include "sigv4/digest.h"

namespace stator::functions {
namespace {

using engine::Batch;
using records::Kind;

// The code folders that an entry's versions use.
std::set<std::shared_ptr<const void>> CodeOf(const Entry* entry) {
  std::set<std::shared_ptr<const void>> code;
  if (!entry) return code;
  const auto add = [&code](const FunctionRef& function) {
    if (function->code_kept) code.insert(function->code_kept);
  };
  add(entry->latest);
  for (const auto& [number, version] : entry->versions) add(version);
  return code;
}

void SetUsed(const std::shared_ptr<const void>& code, bool used) {
  const auto kept = std::const_pointer_cast<void>(code);
  CodeStore::SetUsed(*static_cast<Kept*>(kept.get()), used);
}

// What belongs to the function as a whole is said by each of its versions.
FunctionRef WithReserved(const FunctionRef& function, std::optional<int> reserved) {
  if (function->reserved_concurrency == reserved) return function;
  Function changed = *function;
  changed.reserved_concurrency = reserved;
  return std::make_shared<const Function>(std::move(changed));
}

void ShareSettings(Entry* entry) {
  entry->latest = WithReserved(entry->latest, entry->reserved_concurrency);
  for (auto& [number, version] : entry->versions) version = WithReserved(version, entry->reserved_concurrency);
}

std::string IdOf(const Function& function) { return function.code_folder.substr(function.code_folder.rfind('/') + 1); }

}  // namespace

struct Functions::Impl {
  Impl(engine::Engine& the_engine, const Clock& the_clock, WorkerPool& the_workers, Options the_options)
      : engine(the_engine), clock(the_clock), workers(the_workers), options(std::move(the_options)) {}

  Status Load();
  FunctionRef Place(Function function);
  EntryRef Get(Bytes name) const;
  void Publish(const EntryRef& before, const EntryRef& after);
  Task<Status> Replace(EntryRef before, EntryRef after, Lane& lane);
  Task<Result<EntryRef>> Create(Entry entry, Lane& lane);
  Task<Result<EntryRef>> Update(std::string name, Change change, Lane& lane);
  Task<Result<bool>> Remove(std::string name, Lane& lane);
  Task<Status> RemoveAll(Lane& lane);

  engine::Engine& engine;
  const Clock& clock;
  WorkerPool& workers;
  const Options options;
  std::unique_ptr<CodeStore> code;
  TaskMutex changing;
  mutable std::atomic<uint64_t> last_generation{0};

  mutable std::shared_mutex mutex;
  std::map<std::string, EntryRef, std::less<>> entries;  // guarded by mutex
};

// --- Loading and publishing --------------------------------------------------------------------------------------

FunctionRef Functions::Impl::Place(Function function) {
  if (!function.hot) {
    const std::string id = function.code_folder;
    function.code_folder = code->FolderOf(function.name, id);
    function.code_kept = code->Adopt(function.name, id);
  }
  last_generation = std::max(last_generation.load(), function.generation);
  return std::make_shared<const Function>(std::move(function));
}

Status Functions::Impl::Load() {
  std::map<std::string, Entry> loaded;
  const Status status =
      records::ForEach(engine, records::Key(Kind::kFunction), [&](Bytes rest, const records::Record& record) -> Status {
        std::string name;
        uint64_t number = 0;
        if (!records::NextPart(&rest, &name)) return Fail(errors::kRecordBroken, "a function's name");
        if (rest.empty()) {
          auto decoded = DecodeEntry(record.version, record.payload);
          if (!decoded) return Fail(errors::kRecordBroken, "function " + name);
          decoded->entry.latest = Place(std::move(decoded->latest));
          loaded[name] = std::move(decoded->entry);
          return {};
        }
        auto version = DecodeFunction(record.version, record.payload);
        const auto entry = loaded.find(name);
        if (!records::NextPart(&rest, &number) || !version || entry == loaded.end()) {
          return Fail(errors::kRecordBroken, "a version of function " + name);
        }
        entry->second.versions[number] = Place(*std::move(version));
        return {};
      });
  STATOR_OK(status);
  for (auto& [name, entry] : loaded) {
    ShareSettings(&entry);
    entries[name] = std::make_shared<const Entry>(std::move(entry));
  }
  code->RemoveOthers();
  return {};
}

EntryRef Functions::Impl::Get(Bytes name) const {
  const std::shared_lock lock(mutex);
  const auto found = entries.find(name);
  return found == entries.end() ? nullptr : found->second;
}

void Functions::Impl::Publish(const EntryRef& before, const EntryRef& after) {
  const auto used = CodeOf(after.get());
  for (const auto& kept : used) SetUsed(kept, true);
  for (const auto& kept : CodeOf(before.get())) {
    if (!used.contains(kept)) SetUsed(kept, false);
  }
  const std::unique_lock lock(mutex);
  if (after) {
    entries[after->name()] = after;
  } else {
    entries.erase(before->name());
  }
}

// --- Changing ----------------------------------------------------------------------------------------------------

namespace {

void PutEntry(Batch* batch, const Entry* before, const Entry& after) {
  records::Put(batch, records::Key(Kind::kFunction, {after.name()}), kFormat, EncodeEntry(after));
  for (const auto& [number, version] : after.versions) {
    if (before && before->versions.contains(number)) continue;  // what is published never changes
    records::Put(batch, records::Key(Kind::kFunction, {after.name()}).Add(number), kFormat, EncodeFunction(*version));
  }
  if (!before) return;
  for (const auto& [number, version] : before->versions) {
    if (!after.versions.contains(number)) {
      records::Erase(batch, records::Key(Kind::kFunction, {after.name()}).Add(number));
    }
  }
}

void EraseEntry(Batch* batch, const Entry& entry) {
  records::Erase(batch, records::Key(Kind::kFunction, {entry.name()}));
  for (const auto& [number, version] : entry.versions) {
    records::Erase(batch, records::Key(Kind::kFunction, {entry.name()}).Add(number));
  }
}

}  // namespace

// Makes `after` durable in the place of `before` (either may be null) and publishes it. REQUIRES: changing held.
Task<Status> Functions::Impl::Replace(EntryRef before, EntryRef after, Lane& lane) {
  Batch batch;
  if (after) {
    PutEntry(&batch, before.get(), *after);
  } else {
    EraseEntry(&batch, *before);
  }
  const engine::Committed committed = co_await engine::Commit(engine, std::move(batch), lane);
  // Not known to have failed: a start would find it, so the code must stay.
  if (committed.outcome == engine::Outcome::kUnknown && after) {
    for (const auto& kept : CodeOf(after.get())) SetUsed(kept, true);
  }
  if (committed.outcome != engine::Outcome::kDone) co_return Status(Fail(errors::kInternal));
  Publish(before, after);
  co_return Status();
}

Task<Result<EntryRef>> Functions::Impl::Create(Entry entry, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  const std::string name = entry.name();
  if (Get(name)) co_return Result<EntryRef>(Fail(errors::kFunctionExists, name));
  ShareSettings(&entry);
  const EntryRef created = std::make_shared<const Entry>(std::move(entry));
  const Status stored = co_await Replace(nullptr, created, lane);
  if (!stored.ok()) co_return Result<EntryRef>(stored.error());
  co_return Result<EntryRef>(created);
}

Task<Result<EntryRef>> Functions::Impl::Update(std::string name, Change change, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  const EntryRef before = Get(name);
  if (!before) co_return Result<EntryRef>(EntryRef());
  Result<Entry> changed = change(*before);
  if (!changed.ok()) co_return Result<EntryRef>(changed.error());
  Entry next = *std::move(changed);
  ShareSettings(&next);
  const EntryRef after = std::make_shared<const Entry>(std::move(next));
  const Status stored = co_await Replace(before, after, lane);
  if (!stored.ok()) co_return Result<EntryRef>(stored.error());
  co_return Result<EntryRef>(after);
}

Task<Result<bool>> Functions::Impl::Remove(std::string name, Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  const EntryRef before = Get(name);
  if (!before) co_return Result<bool>(false);
  const Status stored = co_await Replace(before, nullptr, lane);
  if (!stored.ok()) co_return Result<bool>(stored.error());
  co_return Result<bool>(true);
}

Task<Status> Functions::Impl::RemoveAll(Lane& lane) {
  const auto held = co_await changing.Lock(lane);
  std::map<std::string, EntryRef, std::less<>> all;
  {
    const std::shared_lock lock(mutex);
    all = entries;
  }
  for (const auto& [name, entry] : all) {
    Status stored = co_await Replace(entry, nullptr, lane);
    if (!stored.ok()) co_return stored;
  }
  co_return Status();
}

// --- Functions ---------------------------------------------------------------------------------------------------

Functions::Functions(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Functions::~Functions() = default;

Result<std::unique_ptr<Functions>> Functions::Open(engine::Engine& engine, const Clock& clock, WorkerPool& workers,
                                                   Options options) {
  auto impl = std::make_unique<Impl>(engine, clock, workers, std::move(options));
  STATOR_TRY(impl->code, CodeStore::Open(impl->options.folder, workers));
  STATOR_OK(impl->Load());
  return std::unique_ptr<Functions>(new Functions(std::move(impl)));
}

FunctionRef Functions::Resolve(std::string_view name, std::string_view qualifier) const {
  const Result<Name> parsed = ReadName(name, qualifier);
  const EntryRef entry = parsed.ok() ? impl_->Get(parsed->name) : nullptr;
  if (!entry) return nullptr;
  const auto alias = entry->aliases.find(parsed->qualifier);
  const bool second = alias != entry->aliases.end() && !alias->second.second_version.empty() &&
                      ThreadRandom().Unit() < alias->second.second_weight;
  return entry->Find(second ? alias->second.second_version : parsed->qualifier);
}

EntryRef Functions::Find(Bytes name) const { return impl_->Get(name); }

std::vector<EntryRef> Functions::List(Bytes after, size_t limit) const {
  std::vector<EntryRef> list;
  const std::shared_lock lock(impl_->mutex);
  for (auto at = impl_->entries.upper_bound(after); at != impl_->entries.end() && list.size() < limit; ++at) {
    list.push_back(at->second);
  }
  return list;
}

size_t Functions::size() const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->entries.size();
}

int64_t Functions::CodeBytes() const {
  int64_t sum = 0;
  const std::shared_lock lock(impl_->mutex);
  for (const auto& [name, entry] : impl_->entries) {
    sum += entry->latest->code_size;
    for (const auto& [number, version] : entry->versions) sum += version->code_size;
  }
  return sum;
}

int Functions::ReservedConcurrency() const {
  int sum = 0;
  const std::shared_lock lock(impl_->mutex);
  for (const auto& [name, entry] : impl_->entries) sum += entry->reserved_concurrency.value_or(0);
  return sum;
}

Task<Result<Code>> Functions::Unpack(std::string name, Bytes base64, Lane& lane) {
  co_await ToWorker(impl_->workers);
  Result<CodeStore::Unpacked> unpacked = impl_->code->Unpack(name, base64);
  co_await ToLane(lane);
  if (!unpacked.ok()) co_return Result<Code>(unpacked.error());
  Code code;
  code.folder = impl_->code->FolderOf(name, unpacked->id);
  code.sha256 = unpacked->sha256;
  code.size = unpacked->size;
  code.kept = unpacked->kept;
  co_return Result<Code>(std::move(code));
}

Task<Result<std::string>> Functions::ReadZip(FunctionRef function, Lane& lane) {
  if (function->hot) co_return Result<std::string>(Fail(errors::kCodeGone, function->code_folder));
  co_await ToWorker(impl_->workers);
  Result<std::string> zip = impl_->code->ReadZip(function->name, IdOf(*function));
  co_await ToLane(lane);
  co_return zip;
}

Task<Result<Code>> Functions::UseFolder(std::string path, Lane& lane) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  co_await ToWorker(impl_->workers);
  std::error_code error;
  const bool there = path.starts_with('/') && std::filesystem::is_directory(path, error);
  co_await ToLane(lane);
  if (!there) co_return Result<Code>(Fail(errors::kHotFolderMissing, path));
  Code code;
  code.folder = std::move(path);
  code.sha256 = Base64(sigv4::Sha256(code.folder));
  code.hot = true;
  co_return Result<Code>(std::move(code));
}

Task<Result<EntryRef>> Functions::Create(Entry entry, Lane& lane) { return impl_->Create(std::move(entry), lane); }
Task<Result<EntryRef>> Functions::Update(std::string name, Change change, Lane& lane) {
  return impl_->Update(std::move(name), std::move(change), lane);
}
Task<Result<bool>> Functions::Remove(std::string name, Lane& lane) { return impl_->Remove(std::move(name), lane); }
Task<Status> Functions::RemoveAll(Lane& lane) { return impl_->RemoveAll(lane); }

void Functions::Stamp(Function* function, bool update) const {
  const Time now = impl_->clock.Now();
  uint64_t last = impl_->last_generation.load();
  uint64_t next = 0;
  do {
    next = std::max(last + 1, static_cast<uint64_t>(now.micros));
  } while (!impl_->last_generation.compare_exchange_weak(last, next));
  function->generation = next;
  function->last_modified = now;
  function->settled = now + impl_->options.state_delay;
  function->revision_id = NewUuid();
  function->changing_revision_id = NewUuid();
  function->updated = update;
}

}  // namespace stator::functions
