// Tests: streams_test.cc.
#include "streams/published.h"

#include <algorithm>
#include <mutex>

#include "streams/shards.h"

namespace stator::streams {

using engine::Space;

namespace {

constexpr Space kAnyStream{};  // what those watch who watch all streams

std::vector<Space> AllLogs(const StreamRef& stream) { return stream ? AllLogs(*stream) : std::vector<Space>(); }

std::vector<Space> OpenLogs(const StreamRef& stream) {
  return stream ? LogsIn(*stream, Shard::State::kOpen) : std::vector<Space>();
}

// What `logs` has and `kept` has not.
std::vector<Space> Without(std::vector<Space> logs, const std::vector<Space>& kept) {
  std::erase_if(logs, [&kept](Space log) { return std::find(kept.begin(), kept.end(), log) != kept.end(); });
  return logs;
}

}  // namespace

std::vector<Space> AllLogs(const Stream& stream) {
  std::vector<Space> logs;
  logs.reserve(stream.shards.size());
  for (const Shard& shard : stream.shards) logs.push_back(shard.log);
  return logs;
}

OpenShardsRef Published::ShardsOf(Space table) const {
  if (tables_.load(std::memory_order_acquire) == 0) return nullptr;
  const std::shared_lock lock(mutex_);
  const auto found = open_.find(static_cast<uint32_t>(table));
  return found == open_.end() ? nullptr : found->second;
}

StreamRef Published::Find(const StreamName& name) const {
  const std::shared_lock lock(mutex_);
  const auto found = streams_.find(name);
  return found == streams_.end() ? nullptr : found->second.shown;
}

StreamRef Published::Whole(const StreamName& name) const {
  const std::shared_lock lock(mutex_);
  const auto found = streams_.find(name);
  return found == streams_.end() ? nullptr : found->second.whole;
}

std::vector<StreamRef> Published::AllWhole() const {
  std::vector<StreamRef> all;
  const std::shared_lock lock(mutex_);
  all.reserve(streams_.size());
  for (const auto& [name, entry] : streams_) all.push_back(entry.whole);
  return all;
}

std::vector<StreamRef> Published::List(const StreamName& after, Bytes table, size_t limit) const {
  std::vector<StreamRef> found;
  const std::shared_lock lock(mutex_);
  for (auto at = streams_.upper_bound(after); at != streams_.end() && found.size() < limit; ++at) {
    if (at->first.name_space != after.name_space) break;
    if (table.empty() || at->first.table == table) found.push_back(at->second.shown);
  }
  return found;
}

Left Published::Publish(const Step& step) {
  const Stream& named = step.after ? *step.after : *step.before;
  const std::vector<Space> was_open = OpenLogs(step.before);
  const std::vector<Space> is_open = OpenLogs(step.after);
  Left left{NameOf(named), {}, {}, Without(AllLogs(step.before), AllLogs(step.after))};
  left.ended = Without(Without(was_open, is_open), left.gone);
  {
    const std::unique_lock lock(mutex_);
    if (step.after) {
      streams_[left.stream] = {step.after, std::make_shared<const Stream>(Shown(*step.after))};
    } else {
      streams_.erase(left.stream);
    }
    if (was_open != is_open) {
      OpenShardsRef& now = open_[static_cast<uint32_t>(named.table_space)];
      left.users = now;
      now = step.after ? OpenShardsOf(*step.after) : nullptr;
      if (!now) open_.erase(static_cast<uint32_t>(named.table_space));
      tables_.store(open_.size(), std::memory_order_release);
    }
  }
  watchers_.Notify(kAnyStream);
  for (const Space log : AllLogs(step.before)) watchers_.Notify(log);
  return left;
}

engine::Subscription Published::Watch(Space log, Lane* lane, Callback<> wake) {
  return watchers_.Add(log, lane, std::move(wake));
}
engine::Subscription Published::WatchAll(Lane* lane, Callback<> wake) {
  return watchers_.Add(kAnyStream, lane, std::move(wake));
}

}  // namespace stator::streams
