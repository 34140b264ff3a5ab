#include "live/stream_reader.h"

#include <algorithm>

#include "api/question.h"
#include "base/log.h"
#include "client/json_text.h"
#include "client/retry.h"
#include "errors/client.h"
#include "json/writer.h"

namespace stator::messages {
namespace {

constexpr char kStreams[] = "DynamoDBStreams_20120810.";
constexpr Bytes kMessagePrefix = "MSG#";
constexpr Duration kLeastPause = std::chrono::milliseconds(5);  // so that a busy table is read in pages
constexpr Duration kNobody = std::chrono::minutes(1);           // how long nobody listens before reading stops

Error NotAnAnswer() { return Fail(errors::kNotDynamoDb, "the table's stream", 200); }

std::string Named(Bytes member, Bytes value, Bytes start_member, Bytes start) {
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key(member).String(value);
  if (!start.empty()) out.Key(start_member).String(start);
  out.EndObject();
  return body;
}

// What no longer leads on: begin anew.
bool Lost(const Error& error) {
  return client::IsRemote(error, "TrimmedDataAccessException") ||
         client::IsRemote(error, "ResourceNotFoundException") || client::IsRemote(error, "ValidationException") ||
         client::IsRemote(error, "ExpiredIteratorException");
}

// A record of a message that is new.
std::optional<Message> MessageIn(const json::Value& record) {
  if (!record.is_object() || client::TextOf(record, "eventName") != "INSERT") return std::nullopt;
  const json::Value change = record.Find("dynamodb");
  const json::Value item = change.valid() && change.is_object() ? change.Find("NewImage") : json::Value();
  if (!item.valid() || !item.is_object()) return std::nullopt;
  const Bytes pk = TextIn(item, "pk");
  if (!pk.starts_with(kMessagePrefix)) return std::nullopt;
  return Message{std::string(TextIn(item, "message_uuid")), std::string(pk.substr(kMessagePrefix.size())),
                 Person{std::string(TextIn(item, "user_uuid")), std::string(TextIn(item, "user_handle")),
                        std::string(TextIn(item, "user_display_name"))},
                 std::string(TextIn(item, "sk")), std::string(TextIn(item, "message"))};
}

}  // namespace

StreamReader::StreamReader(Parts parts, Lane& lane) : parts_(std::move(parts)), alarm_(lane) {}

void StreamReader::Stop() {
  stopping_ = true;
  alarm_.Ring();
}

Task<bool> StreamReader::Run() {
  int failures = 0;
  while (!stopping_) {
    if (!parts_.wanted()) {
      auto waiting = alarm_.Wait(kNobody);
      co_await waiting;
      continue;
    }
    const auto begun = co_await Begin();
    if (begun.ok()) {
      failures = 0;
      parts_.begun();
      co_await Watch();
      parts_.ended();
      continue;
    }
    if (failures == 0) LogWarn("live updates wait: " + begun.error().text);
    auto waiting = alarm_.Wait(client::Backoff(std::min(failures++, 6), ThreadRandom()) + parts_.pace);
    co_await waiting;
  }
  co_return true;
}

// Reads on until there is nobody to tell, or the way on is lost.
Task<bool> StreamReader::Watch() {
  int failures = 0;
  MonotonicTime wanted = MonotonicNow();
  while (!stopping_) {
    if (parts_.wanted()) wanted = MonotonicNow();
    if (MonotonicNow() - wanted > kNobody) co_return true;
    const auto found = co_await Look();
    if (!found.ok() && Lost(found.error())) co_return false;
    failures = found.ok() ? 0 : failures + 1;
    if (failures == 1) LogWarn("live updates wait: " + found.error().text);
    Duration pause = failures > 0 ? client::Backoff(std::min(failures, 6), ThreadRandom()) + parts_.pace
                     : *found > 0 ? Duration(kLeastPause)
                                  : parts_.pace;
    auto waiting = alarm_.Wait(pause);
    co_await waiting;
  }
  co_return true;
}

Task<Result<std::string>> StreamReader::FindStream() {
  auto answer =
      co_await parts_.table_caller.Call("DynamoDB_20120810.DescribeTable", Named("TableName", parts_.table, "", ""));
  if (!answer.ok()) co_return answer;
  STATOR_CO_TRY(const json::Value root, document_.Parse(*answer));
  const json::Value table = root.is_object() ? root.Find("Table") : json::Value();
  if (!table.valid() || !table.is_object()) co_return NotAnAnswer();
  std::string arn(client::TextOf(table, "LatestStreamArn"));
  if (arn.empty()) co_return Fail(errors::kTransport, parts_.table, "the table has no stream");
  co_return arn;
}

Task<Result<std::vector<StreamReader::Described>>> StreamReader::Describe() {
  std::vector<Described> shards;
  std::string start;
  do {
    auto answer = co_await parts_.stream_caller.Call(std::string(kStreams) + "DescribeStream",
                                                     Named("StreamArn", stream_, "ExclusiveStartShardId", start));
    if (!answer.ok()) co_return std::move(answer).error();
    STATOR_CO_TRY(const json::Value root, document_.Parse(*answer));
    const json::Value description = root.is_object() ? root.Find("StreamDescription") : json::Value();
    if (!description.valid() || !description.is_object()) co_return NotAnAnswer();
    const json::Value list = description.Find("Shards");
    if (!list.valid() || !list.is_array()) co_return NotAnAnswer();
    for (const json::Value shard : list.elements()) {
      if (!shard.is_object()) co_return NotAnAnswer();
      const json::Value range = shard.Find("SequenceNumberRange");
      const bool closed = range.valid() && range.is_object() && range.Find("EndingSequenceNumber").valid();
      shards.push_back(
          {std::string(client::TextOf(shard, "ShardId")), std::string(client::TextOf(shard, "ParentShardId")), closed});
    }
    start = client::TextOf(description, "LastEvaluatedShardId");
  } while (!start.empty());
  co_return shards;
}

// The end of every open shard.
Task<Result<bool>> StreamReader::Begin() {
  shards_.clear();
  auto arn = co_await FindStream();
  if (!arn.ok()) co_return std::move(arn).error();
  stream_ = std::move(*arn);
  const auto described = co_await Describe();
  if (!described.ok()) co_return described.error();
  for (const Described& shard : *described) {
    if (!shard.closed) shards_.push_back({shard.id, "", "", false});
  }
  for (size_t i = 0; i < shards_.size(); ++i) {
    const auto aimed = co_await Aim(i);
    if (!aimed.ok()) co_return aimed.error();
  }
  co_return true;
}

Task<Result<bool>> StreamReader::Aim(size_t at) {
  Shard& shard = shards_[at];
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("StreamArn").String(stream_).Key("ShardId").String(shard.id).Key("ShardIteratorType");
  if (!shard.last.empty()) {
    out.String("AFTER_SEQUENCE_NUMBER").Key("SequenceNumber").String(shard.last);
  } else {
    out.String(shard.from_start ? "TRIM_HORIZON" : "LATEST");
  }
  out.EndObject();
  auto answer = co_await parts_.stream_caller.Call(std::string(kStreams) + "GetShardIterator", std::move(body));
  if (!answer.ok()) co_return std::move(answer).error();
  STATOR_CO_TRY(const json::Value root, document_.Parse(*answer));
  if (!root.is_object()) co_return NotAnAnswer();
  shards_[at].iterator = client::TextOf(root, "ShardIterator");
  if (shards_[at].iterator.empty()) co_return NotAnAnswer();
  co_return true;
}

// Every shard once; how many records there were.
Task<Result<size_t>> StreamReader::Look() {
  std::erase_if(shards_, [](const Shard& shard) { return shard.id.empty(); });
  size_t records = 0;
  for (size_t i = 0; i < shards_.size() && !stopping_; ++i) {
    auto page = co_await Read(i);
    if (!page.ok()) co_return std::move(page).error();
    records += page->records;
    for (Message& message : page->messages) {
      co_await parts_.told(std::move(message));
    }
    if (!page->closed) continue;
    const auto followed = co_await Follow(i);
    if (!followed.ok()) co_return followed.error();
    ++records;  // look at the children soon
  }
  co_return records;
}

Task<Result<StreamReader::Page>> StreamReader::Read(size_t at) {
  if (shards_[at].iterator.empty()) {
    const auto aimed = co_await Aim(at);
    if (!aimed.ok()) co_return aimed.error();
  }
  auto answer = co_await parts_.stream_caller.Call(std::string(kStreams) + "GetRecords",
                                                   Named("ShardIterator", shards_[at].iterator, "", ""));
  if (!answer.ok()) {
    if (!client::IsRemote(answer.error(), "ExpiredIteratorException") || shards_[at].last.empty()) {
      co_return std::move(answer).error();
    }
    shards_[at].iterator.clear();  // to be had again, after the last record
    co_return Page();
  }
  co_return TakePage(&shards_[at], *answer);
}

Result<StreamReader::Page> StreamReader::TakePage(Shard* shard, Bytes answer) {
  STATOR_TRY(const json::Value root, document_.Parse(answer));
  const json::Value records = root.is_object() ? root.Find("Records") : json::Value();
  if (!records.valid() || !records.is_array()) return NotAnAnswer();
  Page page;
  for (const json::Value record : records.elements()) {
    ++page.records;
    if (auto message = MessageIn(record)) page.messages.push_back(std::move(*message));
    const json::Value change = record.is_object() ? record.Find("dynamodb") : json::Value();
    if (change.valid() && change.is_object()) shard->last = client::TextOf(change, "SequenceNumber");
  }
  shard->iterator = client::TextOf(root, "NextShardIterator");
  page.closed = shard->iterator.empty();
  return page;
}

// The shard is read to its end: its children take its place.
Task<Result<bool>> StreamReader::Follow(size_t at) {
  const std::string parent = shards_[at].id;
  const auto described = co_await Describe();
  if (!described.ok()) co_return described.error();
  shards_[at].id.clear();
  for (const Described& shard : *described) {
    const bool known = std::any_of(shards_.begin(), shards_.end(), [&](const Shard& s) { return s.id == shard.id; });
    if (shard.parent == parent && !known) shards_.push_back({shard.id, "", "", true});
  }
  co_return true;
}

}  // namespace stator::messages
