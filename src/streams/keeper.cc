// A roll-over is two commits. The first gives the parents children; from then on changes go to those. When nobody holds
// the parents any more, the second closes them at their last record, and the children are shown to readers. A server
// that stops in between closes them when it starts again: then nobody can hold them.
// Tests: streams_test.cc, table/roll_over_test.cc; bytes: docs/formats/streams.md.
#include "streams/keeper.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/log.h"
#include "base/pause.h"
#include "catalog/validate_settings.h"
#include "engine/commit.h"
#include "engine/commit_and_wait.h"
#include "errors/common.h"
#include "streams/shard_log.h"
#include "streams/stream_codec.h"

namespace stator::streams {
namespace {

using catalog::TableSchema;
using engine::Batch;
using engine::Space;

// A shard goes this long after it began to close: its last changes may have been committed a little after that.
constexpr Duration kForgetAfter = kRetention + std::chrono::minutes(1);
constexpr Duration kDrainPoll{1000};
constexpr Duration kRetryPause = std::chrono::milliseconds(200);
constexpr Duration kMostBetweenTicks = std::chrono::seconds(5);
constexpr Duration kLeastBetweenTicks = std::chrono::milliseconds(50);

void Report(const char* what, const Status& status) {
  if (!status.ok()) LogError(std::string(what) + ": " + status.error().text);
}

}  // namespace

// --- With a table's change ---------------------------------------------------------------------------------------

void Keeper::Stage(StreamRef before, Stream after, Batch* batch) {
  PutStream(batch, after);
  staged_.push_back({std::move(before), std::make_shared<const Stream>(std::move(after))});
}

void Keeper::StageEnd(const StreamName& name, Batch* batch) {
  const StreamRef stream = published_.Whole(name);
  if (!stream || !stream->enabled) return;
  Stream ended = *stream;
  DisableStream(&ended, clock_.Now());
  Stage(stream, std::move(ended), batch);
}

// Two streams of one table have different labels, even if both were enabled within the millisecond a label tells.
void Keeper::MakeLabelNew(TableSchema* table) const {
  for (Time time = clock_.Now(); published_.Whole(StreamOf(*table)); time = time + std::chrono::milliseconds(1)) {
    table->stream.label = catalog::StreamLabel(time);
  }
}

void Keeper::Prepare(const TableSchema* before, TableSchema* after, NewSpace new_space, Batch* batch) {
  staged_.clear();
  const bool had = before && before->stream.enabled;
  const bool has = after && after->stream.enabled;
  if (had && has && before->stream.label == after->stream.label) return;
  if (had) StageEnd(StreamOf(*before), batch);
  if (!has) return;
  MakeLabelNew(after);
  Stage(nullptr, BeginStream(*after, options_.shards, ThisMoment(), new_space), batch);
}

void Keeper::PrepareRemoveAll(Batch* batch) {
  staged_.clear();
  for (const StreamRef& stream : published_.AllWhole()) {
    EraseStream(batch, *stream);
    for (const Space log : AllLogs(*stream)) Turn::WriteDropped(batch, log);
    staged_.push_back({stream, nullptr});
  }
}

void Keeper::Committed() {
  for (const Step& step : std::exchange(staged_, {})) {
    Left left = published_.Publish(step);
    if (left.ended.empty() && left.gone.empty()) continue;
    finishing_.fetch_add(1);
    stator::Start(Finish(std::move(left), *Lane::Current()), [this](const Status& status) {
      Report("ending a stream", status);
      finishing_.fetch_sub(1);
    });
  }
}

// --- Start -------------------------------------------------------------------------------------------------------

// The shards of those logs that are closing end with their last record.
Status Keeper::StageClosed(const StreamRef& stream, const std::vector<Space>& logs, Batch* batch) {
  Stream next = *stream;
  for (Shard& shard : next.shards) {
    if (shard.state != Shard::State::kClosing || std::find(logs.begin(), logs.end(), shard.log) == logs.end()) continue;
    STATOR_TRY(shard.last, LastRecord(engine_, shard.log, shard.first));
    shard.state = Shard::State::kClosed;
  }
  Stage(stream, std::move(next), batch);
  return {};
}

// Streams whose table went with the last stop; tables whose streams nobody has kept yet.
void Keeper::StageReconciled(Turn& turn, Batch* batch) {
  std::map<StreamName, std::string> wanted;  // to the table's id
  for (const catalog::TableRef& table : catalog_.All()) {
    if (table->stream.enabled) wanted[StreamOf(*table)] = table->id;
  }
  for (const StreamRef& stream : published_.AllWhole()) {
    const auto found = wanted.find(NameOf(*stream));
    if (found == wanted.end() || found->second != stream->table_id) StageEnd(NameOf(*stream), batch);
  }
  for (const catalog::TableRef& table : catalog_.All()) {
    if (!table->stream.enabled || published_.Whole(StreamOf(*table))) continue;
    Stage(nullptr, BeginStream(*table, options_.shards, ThisMoment(), [&turn] { return turn.NewSpace(); }), batch);
    turn.Write(batch);
  }
}

// Before the lanes run.
Status Keeper::CommitNow(Batch batch) {
  const std::vector<Step> steps = std::exchange(staged_, {});
  if (batch.empty()) return {};
  const engine::Committed committed = engine::CommitAndWait(engine_, std::move(batch));
  if (committed.outcome != engine::Outcome::kDone) return Fail(errors::kInternal);
  for (const Step& step : steps) (void)published_.Publish(step);
  return {};
}

Status Keeper::Load() {
  STATOR_TRY(std::vector<Stream> stored, LoadStreams(engine_));
  for (Stream& stream : stored) {
    (void)published_.Publish({nullptr, std::make_shared<const Stream>(std::move(stream))});
  }
  Turn turn = catalog_.FirstTurn();
  Batch reconciled;
  StageReconciled(turn, &reconciled);
  STATOR_OK(CommitNow(std::move(reconciled)));
  Batch closed;
  for (const StreamRef& stream : published_.AllWhole()) {
    const std::vector<Space> closing = LogsIn(*stream, Shard::State::kClosing);
    if (!closing.empty()) STATOR_OK(StageClosed(stream, closing, &closed));
  }
  STATOR_OK(CommitNow(std::move(closed)));
  catalog_.Accompany(this);
  return {};
}

StreamStatus Keeper::StatusOf(const Stream& stream) const {
  const Time settled = clock_.Now() + -options_.state_delay;
  if (stream.enabled) return stream.created > settled ? StreamStatus::kEnabling : StreamStatus::kEnabled;
  return stream.disabled > settled ? StreamStatus::kDisabling : StreamStatus::kDisabled;
}

// --- With time ---------------------------------------------------------------------------------------------------

bool Keeper::IsAnythingDue(bool roll_all) const {
  const Time now = clock_.Now();
  const Time created = roll_all ? now : now + -options_.shard_age;
  const Time ended = now + -kForgetAfter;
  const std::vector<StreamRef> streams = published_.AllWhole();
  return std::any_of(streams.begin(), streams.end(), [created, ended](const StreamRef& stream) {
    return IsRollDue(*stream, created) ||
           std::any_of(stream->shards.begin(), stream->shards.end(),
                       [ended](const Shard& shard) { return shard.closed() && shard.ended <= ended; });
  });
}

void Keeper::StageDue(bool roll_all, Turn& turn, Batch* batch) {
  const Moment moment = ThisMoment();
  const Time created = roll_all ? moment.now : moment.now + -options_.shard_age;
  for (const StreamRef& stream : published_.AllWhole()) {
    Stream next = *stream;
    const bool rolls = IsRollDue(next, created);
    if (rolls) RollOver(&next, created, moment, [&turn] { return turn.NewSpace(); });
    const std::vector<Space> gone = ForgetShards(&next, moment.now + -kForgetAfter);
    if (!rolls && gone.empty()) continue;
    for (const Space log : gone) turn.WriteDropped(batch, log);
    if (next.shards.empty()) {
      EraseStream(batch, next);
      staged_.push_back({stream, nullptr});
    } else {
      Stage(stream, std::move(next), batch);
    }
  }
  if (!staged_.empty()) turn.Write(batch);
}

// Makes what was staged durable and publishes it. REQUIRES: the catalog's turn.
Task<Status> Keeper::CommitStaged(Batch batch, std::vector<Left>* left, Lane& lane) {
  const std::vector<Step> steps = std::exchange(staged_, {});
  if (steps.empty()) co_return Status();
  const engine::Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
  if (committed.outcome != engine::Outcome::kDone) co_return Status(Fail(errors::kInternal));
  for (const Step& step : steps) left->push_back(published_.Publish(step));
  co_return Status();
}

Task<Status> Keeper::AdvanceInTurn(bool roll_all, std::vector<Left>* left, Lane& lane) {
  Turn turn = co_await catalog_.TakeTurn(lane);
  Batch batch;
  staged_.clear();
  StageDue(roll_all, turn, &batch);
  Status done = co_await CommitStaged(std::move(batch), left, lane);
  co_return done;
}

Task<Status> Keeper::AdvanceNow(bool roll_all, Lane& lane) {
  if (!IsAnythingDue(roll_all)) co_return Status();
  std::vector<Left> left;
  Status done = co_await AdvanceInTurn(roll_all, &left, lane);
  for (size_t i = 0; done.ok() && i < left.size(); ++i) done = co_await Finish(std::move(left[i]), lane);
  co_return done;
}

Task<Status> Keeper::Advance(bool roll_all, Lane& lane) {
  while (finishing_.load() > 0 && !stopping_.load()) co_await Pause(lane, kDrainPoll);
  Status done = co_await AdvanceNow(roll_all, lane);
  co_return done;
}

// Closes the shards nobody writes to any more, whatever became of their stream meanwhile.
Task<Status> Keeper::CloseInTurn(StreamName name, std::vector<Space> logs, Lane& lane) {
  const Turn turn = co_await catalog_.TakeTurn(lane);
  const StreamRef stream = published_.Whole(name);
  if (!stream) co_return Status();
  Batch batch;
  staged_.clear();
  STATOR_CO_OK(StageClosed(stream, logs, &batch));
  std::vector<Left> left;
  Status done = co_await CommitStaged(std::move(batch), &left, lane);
  co_return done;
}

Task<Status> Keeper::Finish(Left left, Lane& lane) {
  while (!left.users.expired()) {
    if (stopping_.load()) co_return Status();
    co_await Pause(lane, kDrainPoll);
  }
  while (!left.ended.empty()) {
    const Status closed = co_await CloseInTurn(left.stream, left.ended, lane);
    if (closed.ok()) break;
    Report("closing a shard", closed);
    if (stopping_.load()) co_return closed;
    co_await Pause(lane, kRetryPause);
  }
  for (const Space log : left.gone) {
    STATOR_CO_OK(engine_.Drop(log));
    catalog_.Dropped(log);
  }
  co_return Status();
}

void Keeper::Start(Lane& lane) {
  const Duration between = std::clamp(options_.shard_age / 8, kLeastBetweenTicks, kMostBetweenTicks);
  lane.After(between, [this, weak = std::weak_ptr<Keeper*>(alive_), &lane] {
    if (weak.expired()) return;
    stator::Start(AdvanceNow(false, lane), [this, &lane](const Status& status) {
      Report("rolling streams over", status);
      Start(lane);
    });
  });
}

}  // namespace stator::streams
