#include "table/tokens.h"

#include "base/coding.h"
#include "base/log.h"
#include "engine/commit.h"
#include "errors/common.h"
#include "errors/table.h"
#include "records/fixed_spaces.h"
#include "table/outcome.h"

namespace stator::table {
namespace {

using engine::Batch;
using engine::Committed;
using engine::Outcome;
using records::kTokenSpace;

constexpr uint8_t kVersion = 1;
constexpr size_t kRemovedAtOnce = 256;

struct Row {
  Time time;
  RequestContent content{};
  Bytes outcome;
};

bool Decode(Bytes value, Row* row) {
  uint8_t version = 0;
  uint64_t micros = 0;
  if (!GetByte(&value, &version) || version != kVersion || !GetFixed64(&value, &micros) ||
      !GetFixed64(&value, &row->content[0]) || !GetFixed64(&value, &row->content[1])) {
    return false;
  }
  row->time = Time{static_cast<int64_t>(micros)};
  row->outcome = value;
  return true;
}

bool Expired(Time time, Time now) { return time + Tokens::kValid <= now; }

}  // namespace

Result<Tokens::Use> Tokens::Begin(catalog::NamespaceId name_space, Bytes token, const RequestContent& content,
                                  Time now) {
  std::string key;
  PutBig32(&key, static_cast<uint32_t>(name_space));
  key.append(token);
  {
    const std::lock_guard lock(mutex_);
    const auto [at, entered] = in_use_.emplace(key, content);
    if (!entered) return Fail(at->second == content ? errors::kTransactionInProgress : errors::kTokenMismatch);
  }
  Use use(this, std::move(key), content, now);
  engine::Value value;
  STATOR_TRY(const bool found, engine_.Get(kTokenSpace, use.key_, &value));
  if (!found) return use;
  Row row;
  if (!Decode(value.bytes, &row)) return Fail(errors::kInternal);
  if (Expired(row.time, now)) return use;
  if (row.content != content) return Fail(errors::kTokenMismatch);
  use.done_before_ = std::string(row.outcome);
  return use;
}

void Tokens::Leave(const std::string& key) {
  const std::lock_guard lock(mutex_);
  in_use_.erase(key);
}

void Tokens::Use::Remember(Bytes outcome, Batch* batch) const {
  std::string value(1, static_cast<char>(kVersion));
  PutFixed64(&value, static_cast<uint64_t>(now_.micros));
  PutFixed64(&value, content_[0]);
  PutFixed64(&value, content_[1]);
  value.append(outcome);
  batch->Put(kTokenSpace, key_, value);
  batch->Append(kTokenSpace, key_);
}

void Tokens::RemoveSoon(Time now, Lane& lane) {
  int64_t next = next_removal_.load(std::memory_order_relaxed);
  if (now.micros < next || !next_removal_.compare_exchange_strong(next, (now + kInterval).micros)) return;
  Start(Remove(now, lane), [](const Status& status) {
    if (!status.ok()) LogError("removing expired tokens: " + status.error().text);
  });
}

// From the front of the log: what was used last is at its end. A token whose row is younger than the record was used
// again since.
Task<Status> Tokens::Remove(Time now, Lane& lane) {
  if (removing_.exchange(true)) co_return Status();
  engine::Position from = 0;
  bool more = true;
  Status status;
  while (more && status.ok()) {
    std::vector<std::string> keys;
    engine::Position last = 0;
    status = engine_.ReadLog(kTokenSpace, from, kRemovedAtOnce, SIZE_MAX, [&](const engine::LogRecord& record) {
      if (!Expired(record.time, now)) return false;
      keys.emplace_back(record.record);
      last = record.position;
      return true;
    });
    more = keys.size() == kRemovedAtOnce;
    if (!status.ok() || keys.empty()) break;
    status = co_await RemoveRows(std::move(keys), now, lane);
    if (status.ok()) from = last + 1;
  }
  // Not before the rows are gone: their records are all that leads to them.
  if (from > 0) {
    const Status trimmed = engine_.Trim(kTokenSpace, from);
    if (status.ok()) status = trimmed;
  }
  removing_.store(false);
  co_return status;
}

Task<Status> Tokens::RemoveRows(std::vector<std::string> keys, Time now, Lane& lane) {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    Batch batch;
    for (const std::string& key : keys) {
      engine::Value value;
      STATOR_CO_TRY(const bool found, engine_.Get(kTokenSpace, key, &value));
      Row row;
      if (!found || (Decode(value.bytes, &row) && !Expired(row.time, now))) continue;
      batch.Guard(kTokenSpace, key, value.seen);
      batch.Erase(kTokenSpace, key);
    }
    if (batch.empty()) co_return Status();
    const Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
    if (committed.outcome == Outcome::kDone) co_return Status();
    if (committed.outcome != Outcome::kConflict) co_return ErrorOf(committed.outcome);
  }
  co_return ErrorOf(Outcome::kConflict);
}

}  // namespace stator::table
