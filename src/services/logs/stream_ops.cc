// Log streams.
#include <algorithm>
#include <charconv>

#include "errors/logs.h"
#include "json/lenient.h"
#include "services/logs/model.h"
#include "services/logs/service.h"

namespace stator::services::logs {
namespace {

using dispatch::Answer;
using dispatch::Call;
using stator::logs::StreamInfo;

constexpr size_t kPage = 50;

// --- Act. ---

void WriteStream(const StreamInfo& stream, const std::string& group_arn, int64_t oldest, json::Writer& out) {
  out.BeginObject().Key("logStreamName").String(stream.name);
  out.Key("creationTime").Int(stream.record.created);
  if (stream.record.used) {
    out.Key("firstEventTimestamp").Int(std::max(stream.record.first, oldest));
    out.Key("lastEventTimestamp").Int(stream.record.last);
    out.Key("lastIngestionTime").Int(stream.record.ingested);
    out.Key("uploadSequenceToken").String(stator::logs::EventId({stream.record.ingested, stream.record.id}));
  }
  out.Key("arn").String(group_arn + ":log-stream:" + stream.name);
  out.Key("storedBytes").Int(0).EndObject();
}

// The place of a stream in the listing: by name, or by last event and then by name. Streams without events come first.
struct ListPlace {
  int64_t time = 0;
  std::string name;
  auto operator<=>(const ListPlace&) const = default;
};

ListPlace PlaceOfStream(const StreamInfo& stream, bool by_time) {
  return {by_time && stream.record.used ? stream.record.last : 0, stream.name};
}

struct Wanted {
  std::string prefix;
  bool by_time = false, descending = false;
  bool continued = false;
  ListPlace after;
  size_t limit = kPage;
};

// The token: the time and the name of the last stream.
std::string TokenOf(const ListPlace& place) { return NameToken(std::to_string(place.time) + " " + place.name); }

Status ReadToken(json::Value body, Wanted* wanted) {
  STATOR_TRY(const std::string text, ReadNameToken(body));
  if (text.empty()) return {};
  const size_t space = text.find(' ');
  if (space == std::string::npos) return Fail(errors::kLogsBadToken);
  const auto read = std::from_chars(text.data(), text.data() + space, wanted->after.time);
  if (read.ec != std::errc() || read.ptr != text.data() + space) return Fail(errors::kLogsBadToken);
  wanted->after.name = text.substr(space + 1);
  wanted->continued = true;
  return {};
}

std::string ListStreams(std::vector<StreamInfo> streams, const Wanted& wanted, const std::string& group_arn,
                        int64_t oldest) {
  std::erase_if(streams, [&](const StreamInfo& stream) { return !stream.name.starts_with(wanted.prefix); });
  std::sort(streams.begin(), streams.end(), [&](const StreamInfo& a, const StreamInfo& b) {
    return PlaceOfStream(a, wanted.by_time) < PlaceOfStream(b, wanted.by_time);
  });
  if (wanted.descending) std::reverse(streams.begin(), streams.end());
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("logStreams").BeginArray();
  size_t listed = 0;
  ListPlace last;
  bool more = false;
  for (const StreamInfo& stream : streams) {
    const ListPlace place = PlaceOfStream(stream, wanted.by_time);
    if (wanted.continued && (wanted.descending ? place >= wanted.after : place <= wanted.after)) continue;
    more = listed == wanted.limit;
    if (more) break;
    WriteStream(stream, group_arn, oldest, out);
    last = place;
    ++listed;
  }
  out.EndArray();
  if (more) out.Key("nextToken").String(TokenOf(last));
  out.EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

Task<Answer> CreateStream(Needs needs, const Call& call) {
  std::string group = Text(call.body, "logGroupName");
  std::string stream = Text(call.body, "logStreamName");
  const Status done = co_await needs.store.CreateStream(std::move(group), std::move(stream), call.lane);
  co_return Nothing(done);
}

Task<Answer> DeleteStream(Needs needs, const Call& call) {
  std::string group = Text(call.body, "logGroupName");
  std::string stream = Text(call.body, "logStreamName");
  const Status done = co_await needs.store.DeleteStream(std::move(group), std::move(stream), call.lane);
  co_return Nothing(done);
}

bool Flag(json::Value body, Bytes name) {
  const json::Value value = json::Given(body, name);
  return value.valid() && json::Truth(value);
}

Answer RunDescribe(Needs needs, const Call& call) {
  STATOR_TRY(const std::string name, GroupOf(call.body));
  Wanted wanted;
  wanted.prefix = Text(call.body, "logStreamNamePrefix");
  wanted.by_time = Text(call.body, "orderBy") == "LastEventTime";
  wanted.descending = Flag(call.body, "descending");
  if (wanted.by_time && !wanted.prefix.empty()) return Fail(errors::kLogsOrderAndPrefix);
  STATOR_OK(ReadToken(call.body, &wanted));
  if (const json::Value limit = json::Given(call.body, "limit"); limit.valid()) {
    wanted.limit = static_cast<size_t>(json::WholeNumber(limit));
  }
  const auto group = needs.store.Group(name);
  if (!group) return Fail(errors::kLogGroupNotFound);
  STATOR_TRY(std::vector<StreamInfo> streams, needs.store.Streams(name));
  STATOR_TRY(const int64_t oldest, needs.store.OldestMillis(name));
  return ListStreams(std::move(streams), wanted, GroupArn(*group, call.principal.account), oldest);
}
Task<Answer> DescribeStreams(Needs needs, const Call& call) { co_return RunDescribe(needs, call); }

}  // namespace

// --- Register. ---

void RegisterStreamOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, Op run) {
    AddOperation(registry, name, input, writes, [needs, run](const Call& call) { return run(needs, call); });
  };
  add("CreateLogStream", model::kCreateLogStream, true, CreateStream);
  add("DeleteLogStream", model::kDeleteLogStream, true, DeleteStream);
  add("DescribeLogStreams", model::kDescribeLogStreams, false, DescribeStreams);
}

}  // namespace stator::services::logs
