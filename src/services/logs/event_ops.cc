// Putting events, and reading them: of one stream in pages both ways, of a whole group in order of time.
#include <algorithm>

#include "base/pause.h"
#include "errors/logs.h"
#include "json/lenient.h"
#include "logs/filter.h"
#include "services/logs/model.h"
#include "services/logs/service.h"

namespace stator::services::logs {
namespace {

using dispatch::Answer;
using dispatch::Call;
using engine::Order;
using stator::logs::EventId;
using stator::logs::Filter;
using stator::logs::LogEvent;
using stator::logs::Page;
using stator::logs::Place;
using stator::logs::ReadEvent;
using stator::logs::ReadRequest;

constexpr int64_t kHour = 3600 * 1000;
constexpr int64_t kOldest = 14 * 24 * kHour;
constexpr int64_t kNewest = 2 * kHour;
constexpr int64_t kLongestSpan = 24 * kHour;
constexpr uint64_t kLargestBatch = 1'048'576;

std::optional<int64_t> Number(json::Value body, Bytes name) {
  const json::Value value = json::Given(body, name);
  if (!value.valid()) return std::nullopt;
  return json::WholeNumber(value);
}

// --- Put. ---

// The indexes of what is refused for its time; the rest is taken.
struct Rejected {
  int64_t too_old_end = -1, expired_end = -1, too_new_start = -1;
  bool any() const { return too_old_end >= 0 || expired_end >= 0 || too_new_start >= 0; }
};

struct Put {
  std::vector<LogEvent> events;
  Rejected rejected;
};

Result<Put> ReadPut(json::Value list, int64_t now, int64_t expired) {
  Put put;
  int64_t index = 0;
  int64_t first = 0;
  int64_t previous = 0;
  uint64_t bytes = 0;
  for (const json::Value event : list.elements()) {
    const int64_t time = json::WholeNumber(event.Find("timestamp"));
    const Bytes message = event.Find("message").text();
    if (index == 0) first = time;
    if (index > 0 && time < previous) return Fail(errors::kLogsOutOfOrder);
    if (time - first > kLongestSpan) return Fail(errors::kLogsSpan);
    bytes += stator::logs::SizeOf(message);
    if (bytes > kLargestBatch) return Fail(errors::kLogsBatchTooLarge, kLargestBatch);
    previous = time;
    if (time > now + kNewest) {
      if (put.rejected.too_new_start < 0) put.rejected.too_new_start = index;
    } else if (time < now - kOldest) {
      put.rejected.too_old_end = index + 1;
    } else if (time < expired) {
      put.rejected.expired_end = index + 1;
    } else {
      put.events.push_back({Time{time * 1000}, std::string(message)});
    }
    ++index;
  }
  return put;
}

std::string PutReply(const Rejected& rejected, int64_t now) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("nextSequenceToken").String(EventId({now, 0}));
  if (rejected.any()) {
    out.Key("rejectedLogEventsInfo").BeginObject();
    if (rejected.too_new_start >= 0) out.Key("tooNewLogEventStartIndex").Int(rejected.too_new_start);
    if (rejected.too_old_end >= 0) out.Key("tooOldLogEventEndIndex").Int(rejected.too_old_end);
    if (rejected.expired_end >= 0) out.Key("expiredLogEventEndIndex").Int(rejected.expired_end);
    out.EndObject();
  }
  out.EndObject();
  return reply;
}

Task<Answer> PutEvents(Needs needs, const Call& call) {
  std::string group = Text(call.body, "logGroupName");
  std::string stream = Text(call.body, "logStreamName");
  const Result<int64_t> expired = needs.store.OldestMillis(group);
  if (!expired.ok()) co_return Answer(expired.error());
  Result<Put> put = ReadPut(json::Given(call.body, "logEvents"), call.now.millis(), *expired);
  if (!put.ok()) co_return Answer(put.error());
  const Status done = co_await needs.store.Put(std::move(group), std::move(stream), std::move(put->events), call.lane);
  if (!done.ok()) co_return Answer(done.error());
  co_return Answer(PutReply(put->rejected, call.now.millis()));
}

// --- Get: one stream. ---

// "f/<56 digits>/s": the page behind that place; "b/<56 digits>/s": the page before it.
std::string StreamToken(char direction, Place place) { return std::string(1, direction) + "/" + EventId(place) + "/s"; }

struct StreamPage {
  ReadRequest request;
  std::string token;  // as given
  bool forward = false;
};

Result<StreamPage> ReadGet(json::Value body) {
  StreamPage page;
  STATOR_TRY(page.request.group, GroupOf(body));
  page.request.streams = {Text(body, "logStreamName")};
  page.request.limit = static_cast<size_t>(Number(body, "limit").value_or(10'000));
  page.request.from = Place{Number(body, "startTime").value_or(0), 0};
  if (const auto end = Number(body, "endTime")) page.request.to = Place{*end, 0};
  const json::Value head = json::Given(body, "startFromHead");
  page.forward = head.valid() && json::Truth(head);
  page.token = Text(body, "nextToken");
  if (!page.token.empty()) {
    Place place;
    const Bytes token = page.token;
    if (token.size() != 60 || (token[0] != 'f' && token[0] != 'b') || token[1] != '/' || !token.ends_with("/s") ||
        !stator::logs::PlaceOf(token.substr(2, 56), &place)) {
      return Fail(errors::kLogsBadToken);
    }
    page.forward = token[0] == 'f';
    if (page.forward) page.request.from = std::max(page.request.from, place);
    if (!page.forward) page.request.to = std::min(page.request.to, place);
  }
  page.request.order = page.forward ? Order::kForward : Order::kReverse;
  return page;
}

void WriteEvent(const ReadEvent& event, json::Writer& out) {
  out.Key("timestamp").Int(event.place.millis);
  out.Key("message").String(event.message);
  out.Key("ingestionTime").Int(event.ingested);
}

// Both tokens are always there; at the end one gets back the token that was sent.
std::string GetReply(const StreamPage& asked, Page page) {
  if (!asked.forward) std::reverse(page.events.begin(), page.events.end());
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("events").BeginArray();
  for (const ReadEvent& event : page.events) {
    out.BeginObject();
    WriteEvent(event, out);
    out.EndObject();
  }
  out.EndArray();
  // Of an empty page: where it was looked for; of the end of an empty stream: its beginning.
  Place behind = asked.forward || !asked.token.empty() ? page.rest : asked.request.from;
  Place before = page.rest;
  if (!page.events.empty()) {
    behind = page.events.back().place.Next();
    before = page.events.front().place;
  }
  std::string forward = StreamToken('f', behind);
  std::string backward = StreamToken('b', before);
  if (page.events.empty() && !asked.token.empty() && !page.more) (asked.forward ? forward : backward) = asked.token;
  out.Key("nextForwardToken").String(forward).Key("nextBackwardToken").String(backward).EndObject();
  return reply;
}

Task<Answer> GetEvents(Needs needs, const Call& call) {
  const Result<StreamPage> asked = ReadGet(call.body);
  if (!asked.ok()) co_return Answer(asked.error());
  co_await ToWorker(needs.workers);
  Result<Page> page = needs.store.Read(asked->request);
  std::string reply;
  if (page.ok()) reply = GetReply(*asked, std::move(*page));
  co_await ToLane(call.lane);
  if (!page.ok()) co_return Answer(page.error());
  co_return Answer(std::move(reply));
}

// --- Filter: a group. ---

struct GroupPage {
  ReadRequest request;
  std::shared_ptr<const Filter> filter;  // shared with the request's function
};

Result<GroupPage> ReadFilter(json::Value body) {
  GroupPage page;
  STATOR_TRY(page.request.group, GroupOf(body));
  page.request.stream_prefix = Text(body, "logStreamNamePrefix");
  if (const json::Value names = json::Given(body, "logStreamNames"); names.valid()) {
    if (!page.request.stream_prefix.empty()) return Fail(errors::kLogsNamesAndPrefix);
    for (const json::Value name : names.elements()) page.request.streams.emplace_back(name.text());
  }
  page.request.limit = static_cast<size_t>(Number(body, "limit").value_or(10'000));
  const int64_t start = Number(body, "startTime").value_or(0);
  page.request.from = Place{start, 0};
  if (const auto end = Number(body, "endTime"); end && *end < stator::logs::kBehindAll.millis) {
    if (*end < start) return Fail(errors::kLogsTimes);
    page.request.to = Place{*end + 1, 0};
  }
  if (const std::string token = Text(body, "nextToken"); !token.empty()) {
    Place place;
    if (!stator::logs::PlaceOf(token, &place)) return Fail(errors::kLogsBadToken);
    page.request.from = std::max(page.request.from, place);
  }
  STATOR_TRY(Filter filter, Filter::Parse(Text(body, "filterPattern")));
  page.filter = std::make_shared<const Filter>(std::move(filter));
  if (!page.filter->everything()) {
    page.request.matches = [kept = page.filter](Bytes message) { return kept->Matches(message); };
  }
  return page;
}

std::string FilterReply(const Page& page) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("events").BeginArray();
  for (const ReadEvent& event : page.events) {
    out.BeginObject().Key("logStreamName").String(event.stream);
    WriteEvent(event, out);
    out.Key("eventId").String(EventId(event.place)).EndObject();
  }
  out.EndArray().Key("searchedLogStreams").BeginArray().EndArray();
  if (page.more) out.Key("nextToken").String(EventId(page.rest));
  out.EndObject();
  return reply;
}

Task<Answer> FilterEvents(Needs needs, const Call& call) {
  const Result<GroupPage> asked = ReadFilter(call.body);
  if (!asked.ok()) co_return Answer(asked.error());
  co_await ToWorker(needs.workers);
  const Result<Page> page = needs.store.Read(asked->request);
  std::string reply;
  if (page.ok()) reply = FilterReply(*page);
  co_await ToLane(call.lane);
  if (!page.ok()) co_return Answer(page.error());
  co_return Answer(std::move(reply));
}

}  // namespace

// --- Register. ---

void RegisterEventOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, Op run) {
    AddOperation(registry, name, input, writes, [needs, run](const Call& call) { return run(needs, call); });
  };
  add("PutLogEvents", model::kPutLogEvents, true, PutEvents);
  add("GetLogEvents", model::kGetLogEvents, false, GetEvents);
  add("FilterLogEvents", model::kFilterLogEvents, false, FilterEvents);
}

}  // namespace stator::services::logs
