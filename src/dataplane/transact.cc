#include "dataplane/transact.h"

#include <algorithm>
#include <functional>
#include <set>

#include "base/coding.h"
#include "dataplane/decide.h"
#include "dataplane/limits.h"
#include "dataplane/read.h"
#include "errors/dataplane.h"
#include "errors/table.h"
#include "table/key_layout.h"

namespace stator::dataplane {
namespace {

using item::ItemView;
using table::Decision;
using table::KeySource;
using table::Reasons;

constexpr double kFactor = 2;  // of a transaction's units, on the table alone

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

// The row an action is about.
Result<std::string> KeyOf(const TransactAction& action) {
  const KeySource source = std::holds_alternative<PutRequest>(action) ? KeySource::kItem : KeySource::kKey;
  return table::TableKey(*WriteOf(action).table, ItemView(ItemOrKey(action)), source);
}

// What its table says against the rest of an action.
Status CheckAction(const TransactAction& action) {
  return std::visit(Overloaded{
                        [](const PutRequest& put) { return CheckItem(*put.table, ItemView(put.item)); },
                        [](const UpdateRequest& update) { return CheckUpdate(update); },
                        [](const auto&) { return Status(); },
                    },
                    action);
}

Result<Decision> Decide(const TransactAction& action, ItemView before) {
  return std::visit(
      Overloaded{
          [&](const PutRequest& put) { return DecidePut(put, before); },
          [&](const UpdateRequest& update) { return DecideUpdate(update, before, UpdateSize::kTransaction, nullptr); },
          [&](const DeleteRequest& erase) { return DecideDelete(erase, before); },
          [&](const CheckRequest& check) -> Result<Decision> {
            STATOR_OK(CheckCondition(check, before));
            return Decision::Keep();
          },
      },
      action);
}

// Faults that are the request's although the table is needed to see them.
bool IsOfRequest(const Error& error) {
  return error.id.OneOf({errors::kEmptyKey, errors::kEmptyStringIndexKey, errors::kEmptyBinaryIndexKey,
                         errors::kUpdateToEmptyIndexKey, errors::kItemTooLarge});
}

// Which rows, and which actions cannot be.
struct Rows {
  std::vector<std::string> keys;  // empty: the action names none
  std::vector<size_t> sound;      // the actions that can be decided
  Reasons faults;                 // of the others; empty: there are none

  void Fault(size_t index, Error error, size_t count) {
    faults.resize(count);
    faults[index] = std::move(error);
  }
};

class Distinct {
 public:
  Status Add(engine::Space space, Bytes key) {
    if (!seen_.emplace(space, key).second) return Fail(errors::kTransactionDuplicates);
    return {};
  }

 private:
  std::set<std::pair<engine::Space, Bytes>> seen_;
};

Result<Rows> RowsOf(const std::vector<TransactAction>& actions, const Reasons& unmade) {
  Rows rows;
  rows.keys.resize(actions.size());
  rows.faults = unmade;
  for (size_t i = 0; i < actions.size(); ++i) {
    if (!unmade.empty() && unmade[i]) continue;
    Result<std::string> key = KeyOf(actions[i]);
    Status fault = key.ok() ? CheckAction(actions[i]) : Status(key.error());
    if (key.ok()) rows.keys[i] = std::move(key).value();
    if (fault.ok()) {
      rows.sound.push_back(i);
    } else if (IsOfRequest(fault.error())) {
      return fault.error();
    } else {
      rows.Fault(i, std::move(fault).error(), actions.size());
    }
  }
  Distinct distinct;
  for (size_t i = 0; i < actions.size(); ++i) {
    if (!rows.keys[i].empty()) STATOR_OK(distinct.Add(WriteOf(actions[i]).table->space, rows.keys[i]));
  }
  return rows;
}

// The reasons of the sound actions, and what was known before, for all actions.
Error Cancelled(const std::vector<TransactAction>& actions, const Rows& rows, const Reasons& of_sound) {
  Reasons all = rows.faults;
  all.resize(actions.size());
  for (size_t i = 0; i < of_sound.size(); ++i) {
    if (!of_sound[i]) continue;
    const size_t action = rows.sound[i];
    const bool update = std::holds_alternative<UpdateRequest>(actions[action]);
    all[action] = update ? AsUpdateError(*of_sound[i]) : *of_sound[i];
    if (IsOfRequest(*all[action])) return *all[action];
  }
  return table::Cancel(std::move(all));
}

const Reasons* ReasonsOf(const Error& error) {
  const auto* cancelled = dynamic_cast<const table::Cancelled*>(error.detail.get());
  return cancelled ? &cancelled->reasons : nullptr;
}

size_t SizeOf(ItemView item) { return item.valid() ? item.size_bytes() : 0; }

size_t LargerImage(const table::Changed& changed) {
  return std::max(SizeOf(changed.before_item()), SizeOf(changed.after_item()));
}

Status CheckResultSize(const std::vector<table::Changed>& planned) {
  size_t bytes = 0;
  for (const table::Changed& changed : planned) bytes += changed.same ? 0 : SizeOf(changed.after_item());
  if (bytes > kTransactionBytes) return Fail(errors::kTransactionTooLarge);
  return {};
}

// What a token remembers: the units a replay costs, for each action. docs/formats/tokens.md
std::string EncodeOutcome(const std::vector<table::Changed>& planned) {
  std::string out;
  for (const table::Changed& changed : planned) {
    PutVarint(&out, static_cast<uint64_t>(kFactor * ReadUnits(LargerImage(changed), true)));
  }
  return out;
}

TransactWriteResult Replay(Bytes outcome) {
  TransactWriteResult result;
  result.replayed = true;
  for (uint64_t units = 0; !outcome.empty() && GetVarint(&outcome, &units);) {
    result.capacity.emplace_back().table = static_cast<double>(units);
  }
  return result;
}

}  // namespace

const WriteRequest& WriteOf(const TransactAction& action) {
  return std::visit([](const auto& write) -> const WriteRequest& { return write; }, action);
}

const std::string& ItemOrKey(const TransactAction& action) {
  return std::visit(Overloaded{
                        [](const PutRequest& write) -> const std::string& { return write.item; },
                        [](const auto& write) -> const std::string& { return write.key; },
                    },
                    action);
}

Status CheckTransactSize(const std::vector<TransactAction>& actions) {
  size_t bytes = 0;
  for (const TransactAction& action : actions) bytes += SizeOf(ItemView(ItemOrKey(action)));
  if (bytes > kTransactionBytes) return Fail(errors::kTransactionTooLarge);
  return {};
}

Task<Result<TransactWriteResult>> TransactWrite(table::Mutator& mutator, table::Tokens& tokens,
                                                const TransactWriteRequest& request, Time now, Lane& lane) {
  const std::vector<TransactAction>& actions = request.actions;
  STATOR_CO_TRY(const Rows rows, RowsOf(actions, request.unmade));
  std::optional<table::Tokens::Use> use;
  if (!request.token.empty()) {
    if (mutator.conflicts().TakeInProgress(request.token)) co_return Fail(errors::kTransactionInProgress);
    auto begun = tokens.Begin(catalog::kSharedNamespace, request.token, request.content, now);
    if (!begun.ok()) co_return std::move(begun).error();
    use.emplace(std::move(begun).value());
    if (use->done_before()) co_return Replay(*use->done_before());
  }
  // The functions must stay where they are until the mutations are done: Change only refers to them.
  std::vector<std::function<Result<Decision>(ItemView)>> decide;
  std::vector<table::Change> changes;
  decide.reserve(rows.sound.size());
  changes.reserve(rows.sound.size());
  for (const size_t i : rows.sound) {
    decide.emplace_back([&action = actions[i]](ItemView before) { return Decide(action, before); });
    changes.push_back({*WriteOf(actions[i]).table, rows.keys[i], decide.back()});
  }
  const auto seal = [&use](const std::vector<table::Changed>& planned, engine::Batch* batch) -> Status {
    STATOR_OK(CheckResultSize(planned));
    if (use) use->Remember(EncodeOutcome(planned), batch);
    return {};
  };
  const bool dry = !rows.faults.empty();
  Result<std::vector<table::Changed>> done = co_await mutator.Transact(changes, dry, seal, lane);
  if (!done.ok()) {
    const Reasons* reasons = ReasonsOf(done.error());
    if (!reasons) co_return std::move(done).error();
    co_return Cancelled(actions, rows, *reasons);
  }
  if (dry) co_return Cancelled(actions, rows, {});
  if (use) tokens.RemoveSoon(now, lane);
  TransactWriteResult result;
  result.capacity.reserve(actions.size());
  for (const table::Changed& changed : *done) {
    Capacity capacity = WriteUnits(changed);
    capacity.table *= kFactor;
    result.capacity.push_back(std::move(capacity));
  }
  co_return result;
}

Task<Result<std::vector<TransactGetResult>>> TransactGet(table::Mutator& mutator,
                                                         const std::vector<TransactGetRequest>& requests, Lane& lane) {
  std::vector<std::string> rows(requests.size());
  Reasons faults;
  Distinct distinct;
  for (size_t i = 0; i < requests.size(); ++i) {
    const TransactGetRequest& get = requests[i];
    Status status = CheckPaths(*get.table, get.nested);
    if (status.ok()) {
      Result<std::string> key = table::TableKey(*get.table, ItemView(get.key), KeySource::kKey);
      if (key.ok()) {
        rows[i] = std::move(key).value();
        STATOR_CO_OK(distinct.Add(get.table->space, rows[i]));
        continue;
      }
      status = std::move(key).error();
    }
    faults.resize(requests.size());
    faults[i] = status.error();
  }
  if (!faults.empty()) co_return table::Cancel(std::move(faults));
  std::vector<table::ItemKey> keys;
  keys.reserve(requests.size());
  for (size_t i = 0; i < requests.size(); ++i) keys.push_back({*requests[i].table, rows[i]});
  STATOR_CO_TRY(std::vector<table::Found> found, co_await mutator.ReadTogether(keys, lane));
  std::vector<TransactGetResult> results(requests.size());
  size_t bytes = 0;
  for (size_t i = 0; i < requests.size(); ++i) {
    const size_t size = found[i].exists ? ItemView(found[i].value.bytes).size_bytes() : 0;
    bytes += size;
    results[i].capacity.table = kFactor * ReadUnits(size, true);
    results[i].found = std::move(found[i]);
  }
  if (bytes > kTransactionBytes) co_return Fail(errors::kTransactionTooLarge);
  co_return results;
}

}  // namespace stator::dataplane
