// Finding and reading; streams/keeper.h has how they change. Tests: streams_test.cc, roll_over_test.cc.
#include "streams/streams.h"

#include <algorithm>
#include <utility>

#include "errors/streams.h"
#include "streams/keeper.h"
#include "streams/shard_log.h"

namespace stator::streams {

using catalog::NamespaceId;
using catalog::TableSchema;
using engine::Position;
using engine::Space;

Streams::Streams(std::unique_ptr<Keeper> keeper) : keeper_(std::move(keeper)) {}
Streams::~Streams() = default;

Result<std::unique_ptr<Streams>> Streams::Open(engine::Engine& engine, catalog::Catalog& catalog, const Clock& clock,
                                               StreamOptions options) {
  auto keeper = std::make_unique<Keeper>(engine, catalog, clock, options);
  STATOR_OK(keeper->Load());
  return std::unique_ptr<Streams>(new Streams(std::move(keeper)));
}

void Streams::Start(Lane& lane) { keeper_->Start(lane); }
void Streams::Stop() { keeper_->Stop(); }

OpenShardsRef Streams::ShardsOf(Space table) const { return keeper_->published().ShardsOf(table); }

StreamRef Streams::Find(NamespaceId name_space, Bytes arn) const {
  StreamArnParts parts;
  if (!SplitStreamArn(arn, &parts)) return nullptr;
  return keeper_->published().Find({name_space, std::string(parts.table), std::string(parts.label)});
}

StreamRef Streams::ForTable(const TableSchema& table) const {
  return table.stream.enabled ? keeper_->published().Find(StreamOf(table)) : nullptr;
}

std::vector<StreamRef> Streams::List(NamespaceId name_space, Bytes table, Bytes after, size_t limit) const {
  StreamArnParts parts;
  StreamName name{name_space, std::string(table), {}};
  if (SplitStreamArn(after, &parts)) name = {name_space, std::string(parts.table), std::string(parts.label)};
  return keeper_->published().List(name, table, limit);
}

StreamStatus Streams::StatusOf(const Stream& stream) const { return keeper_->StatusOf(stream); }

Result<Position> Streams::TrimHorizon(const Shard& shard) const {
  const Time oldest = keeper_->clock().Now() + -kRetention;
  if (shard.created >= oldest) return shard.first;
  return FirstSince(keeper_->engine(), shard.log, shard.first, oldest);
}

Position Streams::Latest() const { return keeper_->engine().newest() + 1; }

Status Streams::Read(const Shard& shard, Position from, size_t limit, size_t max_bytes, Each each) const {
  STATOR_TRY(const Position horizon, TrimHorizon(shard));
  bool sound = true;
  STATOR_OK(keeper_->engine().ReadLog(shard.log, std::max(from, horizon), limit, max_bytes,
                                      [&](const engine::LogRecord& record) {
                                        Change change;
                                        sound = DecodeChange(record, &change);
                                        return sound && each(change);
                                      }));
  if (!sound) return Fail(errors::kStreamDamaged);
  return {};
}

engine::Subscription Streams::WatchShard(const Shard& shard, Lane* lane, Callback<> wake) {
  const auto shared = std::make_shared<Callback<>>(std::move(wake));
  const auto call = [shared] { (*shared)(); };
  using Both = std::pair<engine::Subscription, engine::Subscription>;
  return engine::Subscription(std::make_shared<Both>(keeper_->engine().OnAppend(shard.log, lane, call),
                                                     keeper_->published().Watch(shard.log, lane, call)));
}

engine::Subscription Streams::WatchStreams(Lane* lane, Callback<> wake) {
  return keeper_->published().WatchAll(lane, std::move(wake));
}

Task<Status> Streams::Tick(Lane& lane) { return keeper_->Advance(false, lane); }
Task<Status> Streams::RollAll(Lane& lane) { return keeper_->Advance(true, lane); }

}  // namespace stator::streams
