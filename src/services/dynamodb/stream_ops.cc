// The streams API: another service by its target, on the same port. A page of records is written as it is read.
#include <algorithm>

#include "errors/streams.h"
#include "json/lenient.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/parameters.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/shard_iterator.h"
#include "streams/change_json.h"

namespace stator::services::dynamodb {
namespace {

using catalog::kSharedNamespace;
using dispatch::Answer;
using dispatch::Call;
using engine::Position;
using streams::Shard;
using streams::StreamRef;
using streams::Streams;

constexpr std::string_view kStreamsPrefix = "DynamoDBStreams_20120810";
constexpr size_t kPage = 100;
constexpr size_t kRecordPage = 1000;
constexpr size_t kRecordBytes = size_t{1} << 20;

// --- Act. ---

void WriteKeySchema(const catalog::KeySchema& key, json::Writer& out) {
  const auto write = [&out](const auto& attributes, Bytes type) {
    for (const catalog::KeyAttribute& attribute : attributes) {
      out.BeginObject().Key("AttributeName").String(attribute.name).Key("KeyType").String(type).EndObject();
    }
  };
  out.Key("KeySchema").BeginArray();
  write(key.hash, "HASH");
  write(key.range, "RANGE");
  out.EndArray();
}

// The numbers of a shard: that of its first record or less, and that of its last once it is closed.
Position LastNumber(const Shard& shard) { return std::max(shard.first, shard.last); }

void WriteShard(const Shard& shard, json::Writer& out) {
  out.BeginObject().Key("ShardId").String(shard.id);
  out.Key("SequenceNumberRange").BeginObject();
  out.Key("StartingSequenceNumber").String(streams::SequenceNumber(shard.first));
  if (shard.closed()) out.Key("EndingSequenceNumber").String(streams::SequenceNumber(LastNumber(shard)));
  out.EndObject();
  if (!shard.parent.empty()) out.Key("ParentShardId").String(shard.parent);
  out.EndObject();
}

std::string DescribeReply(const Streams& streams, const streams::Stream& stream,
                          const std::vector<const Shard*>& shards, bool more) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("StreamDescription").BeginObject();
  out.Key("StreamArn").String(stream.arn);
  out.Key("StreamLabel").String(stream.label);
  out.Key("StreamStatus").String(NameOf(streams.StatusOf(stream)));
  out.Key("StreamViewType").String(NameOf(stream.view));
  out.Key("CreationRequestDateTime").Millis(stream.created.millis());
  out.Key("TableName").String(stream.table);
  WriteKeySchema(stream.key, out);
  out.Key("Shards").BeginArray();
  for (const Shard* shard : shards) WriteShard(*shard, out);
  out.EndArray();
  if (more) out.Key("LastEvaluatedShardId").String(shards.back()->id);
  out.EndObject().EndObject();
  return reply;
}

std::string ListReply(const std::vector<StreamRef>& found, bool more) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Streams").BeginArray();
  for (const StreamRef& stream : found) {
    out.BeginObject().Key("StreamArn").String(stream->arn);
    out.Key("TableName").String(stream->table);
    out.Key("StreamLabel").String(stream->label).EndObject();
  }
  out.EndArray();
  if (more) out.Key("LastEvaluatedStreamArn").String(found.back()->arn);
  out.EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

size_t PageOf(json::Value body, size_t otherwise) {
  return static_cast<size_t>(NumberField(body, "Limit").value_or(static_cast<int64_t>(otherwise)));
}

Status CheckArn(Bytes arn) {
  streams::StreamArnParts parts;
  if (!streams::SplitStreamArn(arn, &parts)) return Fail(errors::kStreamArnInvalid, arn);
  return {};
}

Result<StreamRef> FindStream(const Streams& streams, Bytes arn) {
  StreamRef stream = streams.Find(kSharedNamespace, arn);
  if (!stream) return Fail(errors::kStreamNotFound, arn);
  return stream;
}

Answer ListStreams(const Streams& streams, const Call& call) {
  const Bytes after = TextField(call.body, "ExclusiveStartStreamArn");
  if (!after.empty()) STATOR_OK(CheckArn(after));
  const size_t limit = PageOf(call.body, kPage);
  std::vector<StreamRef> found = streams.List(kSharedNamespace, TextField(call.body, "TableName"), after, limit + 1);
  const bool more = found.size() > limit;
  if (more) found.pop_back();
  return ListReply(found, more);
}

// The shard whose children are asked for; empty: all shards are.
Result<Bytes> ReadParent(json::Value body) {
  const json::Value filter = json::Given(body, "ShardFilter");
  if (!filter.valid()) return Bytes();
  const Bytes parent = TextField(filter, "ShardId");
  if (TextField(filter, "Type").empty()) return Fail(errors::kShardFilterTypeMissing);
  if (parent.empty()) return Fail(errors::kShardFilterShardMissing);
  return parent;
}

Answer DescribeStream(const Streams& streams, const Call& call) {
  const Bytes arn = TextField(call.body, "StreamArn");
  STATOR_OK(CheckArn(arn));
  STATOR_TRY(const Bytes parent, ReadParent(call.body));
  STATOR_TRY(const StreamRef stream, FindStream(streams, arn));
  const Bytes after = TextField(call.body, "ExclusiveStartShardId");
  const size_t limit = PageOf(call.body, kPage);
  std::vector<const Shard*> found;
  for (const Shard& shard : stream->shards) {
    if (shard.id > after && (parent.empty() || shard.parent == parent)) found.push_back(&shard);
  }
  const bool more = found.size() > limit;
  if (more) found.resize(limit);
  return DescribeReply(streams, *stream, found, more);
}

// Where AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER begin.
Result<Position> PositionOf(const Streams& streams, const Shard& shard, Bytes number, bool after) {
  const std::optional<Position> at = streams::ParseSequenceNumber(number);
  const Position last = shard.closed() ? LastNumber(shard) : std::max(shard.first, streams.Latest() - 1);
  if (!at || *at < shard.first || *at > last) return Fail(errors::kSequenceNumberInvalid);
  const Position from = after ? *at + 1 : *at;
  STATOR_TRY(const Position horizon, streams.TrimHorizon(shard));
  if (from < horizon) return Fail(errors::kDataTrimmed);
  return from;
}

Answer GetShardIterator(const Streams& streams, const Call& call) {
  const Bytes arn = TextField(call.body, "StreamArn");
  const Bytes type = TextField(call.body, "ShardIteratorType");
  const json::Value number = json::Given(call.body, "SequenceNumber");
  STATOR_OK(CheckArn(arn));
  const bool by_number = type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER";
  if (by_number && !number.valid()) return Fail(errors::kSequenceNumberMissing, type);
  if (!by_number && number.valid()) return Fail(errors::kSequenceNumberUnwanted, type);
  STATOR_TRY(const StreamRef stream, FindStream(streams, arn));
  const Shard* shard = stream->FindShard(TextField(call.body, "ShardId"));
  if (!shard) return Fail(errors::kShardNotFound);
  ShardIterator iterator;
  iterator.stream = stream->arn;
  iterator.shard = shard->id;
  iterator.made = call.now;
  iterator.trim_horizon = type == "TRIM_HORIZON";
  if (iterator.trim_horizon) {
    iterator.from = shard->first;
  } else if (type == "LATEST") {
    iterator.from = streams.Latest();
  } else {
    STATOR_TRY(iterator.from, PositionOf(streams, *shard, number.text(), type == "AFTER_SEQUENCE_NUMBER"));
  }
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("ShardIterator").String(WriteShardIterator(iterator)).EndObject();
  return reply;
}

// Where an iterator stands now.
Status Locate(const Streams& streams, const Shard& shard, ShardIterator* iterator) {
  STATOR_TRY(const Position horizon, streams.TrimHorizon(shard));
  if (iterator->from >= horizon) return {};
  if (!iterator->trim_horizon) return Fail(errors::kDataTrimmed);
  iterator->from = horizon;
  return {};
}

Answer GetRecords(const Streams& streams, const Call& call) {
  std::optional<ShardIterator> iterator = ReadShardIterator(TextField(call.body, "ShardIterator"));
  if (!iterator) return Fail(errors::kShardIteratorInvalid);
  if (call.now - iterator->made > kIteratorLife) return Fail(errors::kIteratorExpired);
  STATOR_TRY(const StreamRef stream, FindStream(streams, iterator->stream));
  const Shard* shard = stream->FindShard(iterator->shard);
  if (!shard) return Fail(errors::kDataTrimmed);  // it went with its last record
  STATOR_OK(Locate(streams, *shard, &*iterator));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Records").BeginArray();
  Position next = iterator->from;
  STATOR_OK(
      streams.Read(*shard, next, PageOf(call.body, kRecordPage), kRecordBytes, [&](const streams::Change& change) {
        streams::WriteChange(*stream, change, streams::Flavour::kApi, out);
        next = change.position + 1;
        return true;
      }));
  out.EndArray();
  if (!shard->EndsBefore(next)) {
    iterator->from = next;
    iterator->trim_horizon = false;
    iterator->made = call.now;
    out.Key("NextShardIterator").String(WriteShardIterator(*iterator));
  }
  out.EndObject();
  return reply;
}

}  // namespace

// --- Register. ---

void RegisterStreamOps(dispatch::Registry& registry, const Streams& streams) {
  using Run = Answer (*)(const Streams&, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, Run run) {
    const auto task = [&streams, run](const Call& call) -> Task<Answer> { co_return run(streams, call); };
    registry.Add({.target_prefix = kStreamsPrefix, .name = name, .input = &input, .writes = false, .run = task});
  };
  add("DescribeStream", model::kDescribeStreamInput, DescribeStream);
  add("GetRecords", model::kGetRecordsInput, GetRecords);
  add("GetShardIterator", model::kGetShardIteratorInput, GetShardIterator);
  add("ListStreams", model::kListStreamsInput, ListStreams);
}

}  // namespace stator::services::dynamodb
