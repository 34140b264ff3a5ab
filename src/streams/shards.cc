// Tests: shards_test.cc.
#include "streams/shards.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <set>

#include "base/coding.h"
#include "base/random.h"

namespace stator::streams {
namespace {

constexpr size_t kIdPrefix = sizeof("shardId-") - 1;
constexpr size_t kIdDigits = 20;

// A time for the ids of new shards: behind those of all shards there are, so that ids sort by age.
int64_t NextMillis(const Stream& stream, Time now) {
  int64_t millis = now.millis();
  if (stream.shards.empty()) return millis;
  const Bytes digits = Bytes(stream.shards.back().id).substr(kIdPrefix, kIdDigits);
  int64_t newest = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), newest);
  return std::max(millis, newest + 1);
}

std::string NewId(int64_t millis) {
  char text[64];
  std::snprintf(text, sizeof text, "shardId-%020lld-%08llx", static_cast<long long>(millis),
                static_cast<unsigned long long>(ThreadRandom().Below(uint64_t{1} << 32)));
  return text;
}

Shard NewShard(int64_t millis, Moment moment, NewSpace new_space) {
  Shard shard;
  shard.id = NewId(millis);
  shard.log = new_space();
  shard.first = moment.next;
  shard.created = moment.now;
  return shard;
}

void SortById(Stream* stream) {
  std::sort(stream->shards.begin(), stream->shards.end(), [](const Shard& a, const Shard& b) { return a.id < b.id; });
}

bool IsDue(const Shard& shard, Time created) { return shard.state == Shard::State::kOpen && shard.created <= created; }

}  // namespace

Stream BeginStream(const catalog::TableSchema& table, int count, Moment moment, NewSpace new_space) {
  Stream stream;
  stream.name_space = table.name_space;
  stream.arn = StreamArn(table.arn, table.stream.label);
  stream.label = table.stream.label;
  stream.table = table.name;
  stream.table_id = table.id;
  stream.table_space = table.space;
  stream.key = table.key;
  stream.view = ViewTypeOf(table.stream.view_type);
  stream.created = moment.now;
  const uint64_t step = ~uint64_t{0} / static_cast<uint64_t>(count);
  for (int i = 0; i < count; ++i) {
    Shard shard = NewShard(moment.now.millis(), moment, new_space);
    shard.first_hash = i == 0 ? 0 : step * static_cast<uint64_t>(i) + 1;
    shard.last_hash = i == count - 1 ? ~uint64_t{0} : step * static_cast<uint64_t>(i + 1);
    stream.shards.push_back(std::move(shard));
  }
  SortById(&stream);
  return stream;
}

void DisableStream(Stream* stream, Time now) {
  stream->enabled = false;
  stream->disabled = now;
  for (Shard& shard : stream->shards) {
    if (shard.state != Shard::State::kOpen) continue;
    shard.state = Shard::State::kClosing;
    shard.ended = now;
  }
}

void RollOver(Stream* stream, Time created, Moment moment, NewSpace new_space) {
  const int64_t millis = NextMillis(*stream, moment.now);
  std::vector<Shard> children;
  for (Shard& parent : stream->shards) {
    if (!IsDue(parent, created)) continue;
    parent.state = Shard::State::kClosing;
    parent.ended = moment.now;
    Shard child = NewShard(millis, moment, new_space);
    child.parent = parent.id;
    child.first_hash = parent.first_hash;
    child.last_hash = parent.last_hash;
    children.push_back(std::move(child));
  }
  for (Shard& child : children) stream->shards.push_back(std::move(child));
  SortById(stream);
}

bool IsRollDue(const Stream& stream, Time created) {
  return std::any_of(stream.shards.begin(), stream.shards.end(),
                     [created](const Shard& shard) { return IsDue(shard, created); });
}

std::vector<engine::Space> ForgetShards(Stream* stream, Time ended) {
  std::vector<engine::Space> logs;
  std::erase_if(stream->shards, [&](const Shard& shard) {
    if (!shard.closed() || shard.ended > ended) return false;
    logs.push_back(shard.log);
    return true;
  });
  return logs;
}

std::vector<engine::Space> LogsIn(const Stream& stream, Shard::State state) {
  std::vector<engine::Space> logs;
  for (const Shard& shard : stream.shards) {
    if (shard.state == state) logs.push_back(shard.log);
  }
  return logs;
}

OpenShardsRef OpenShardsOf(const Stream& stream) {
  std::vector<std::pair<uint64_t, engine::Space>> open;
  for (const Shard& shard : stream.shards) {
    if (shard.state == Shard::State::kOpen) open.emplace_back(shard.last_hash, shard.log);
  }
  if (open.empty()) return nullptr;
  std::sort(open.begin(), open.end());
  std::vector<uint64_t> last_hashes;
  std::vector<engine::Space> logs;
  for (const auto& [last_hash, log] : open) {
    last_hashes.push_back(last_hash);
    logs.push_back(log);
  }
  STATOR_CHECK(last_hashes.back() == ~uint64_t{0});
  return std::make_shared<const OpenShards>(std::move(last_hashes), std::move(logs));
}

Stream Shown(const Stream& stream) {
  Stream shown = stream;
  std::set<std::string> waiting;  // not closed, or not shown: their children have to wait
  std::erase_if(shown.shards, [&waiting](const Shard& shard) {
    const bool hidden = waiting.contains(shard.parent);
    if (hidden || !shard.closed()) waiting.insert(shard.id);
    return hidden;
  });
  return shown;
}

engine::Space OpenShards::LogOf(Bytes key) const {
  if (logs_.size() == 1) return logs_.front();
  uint64_t hash = 0;
  STATOR_CHECK(GetBig64(&key, &hash));
  const auto at = std::lower_bound(last_hashes_.begin(), last_hashes_.end(), hash);
  return logs_[static_cast<size_t>(at - last_hashes_.begin())];
}

}  // namespace stator::streams
