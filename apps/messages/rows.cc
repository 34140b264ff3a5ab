#include "rows.h"

#include <algorithm>
#include <utility>

#include "json/writer.h"

namespace stator::messages {
namespace {

using Attribute = std::pair<Bytes, Bytes>;

std::string Item(std::initializer_list<Attribute> attributes) {
  std::string item;
  json::Writer writer(&item);
  writer.BeginObject();
  for (const auto& [name, value] : attributes) {
    writer.Key(name).BeginObject().Key("S").String(value).EndObject();
  }
  writer.EndObject();
  return item;
}

void WriteKeySchema(json::Writer* writer, Bytes hash, Bytes range) {
  writer->Key("KeySchema").BeginArray();
  writer->BeginObject().Key("AttributeName").String(hash).Key("KeyType").String("HASH").EndObject();
  writer->BeginObject().Key("AttributeName").String(range).Key("KeyType").String("RANGE").EndObject();
  writer->EndArray();
}

void WriteThroughput(json::Writer* writer) {
  writer->Key("ProvisionedThroughput").BeginObject();
  writer->Key("ReadCapacityUnits").Int(5).Key("WriteCapacityUnits").Int(5).EndObject();
}

void WriteIndex(json::Writer* writer) {
  writer->Key("GlobalSecondaryIndexes").BeginArray().BeginObject();
  writer->Key("IndexName").String(kGroupIndex);
  WriteKeySchema(writer, "message_group_uuid", "sk");
  writer->Key("Projection").BeginObject().Key("ProjectionType").String("ALL").EndObject();
  WriteThroughput(writer);
  writer->EndObject().EndArray();
}

}  // namespace

std::string StampOf(Time time) {
  const int64_t micros = time.micros % 1'000'000;
  std::string stamp = FormatIso(time).substr(0, 19);
  if (micros != 0) {
    const std::string digits = std::to_string(1'000'000 + micros);
    stamp += "." + digits.substr(1);
  }
  return stamp + "+00:00";
}

std::string MessageKey(Bytes group_uuid) { return "MSG#" + std::string(group_uuid); }
std::string GroupKey(Bytes user_uuid) { return "GRP#" + std::string(user_uuid); }

std::string MessageItem(const Message& message) {
  return Item({{"pk", MessageKey(message.group_uuid)},
               {"sk", message.created_at},
               {"message_uuid", message.uuid},
               {"message", message.text},
               {"user_uuid", message.author.uuid},
               {"user_display_name", message.author.display_name},
               {"user_handle", message.author.handle}});
}

std::string GroupItem(const Person& owner, const Person& other, const Message& last) {
  return Item({{"pk", GroupKey(owner.uuid)},
               {"sk", last.created_at},
               {"message_group_uuid", last.group_uuid},
               {"message", last.text},
               {"user_uuid", other.uuid},
               {"user_display_name", other.display_name},
               {"user_handle", other.handle}});
}

std::string PairKey(Bytes user_uuid, Bytes other_uuid) {
  const auto [first, second] = std::minmax(user_uuid, other_uuid);
  return "PAIR#" + std::string(first) + "#" + std::string(second);
}

// The conversation's uuid has another name here than in group rows: so the row stays out of the index.
std::string PairItem(Bytes user_uuid, Bytes other_uuid, Bytes group_uuid) {
  return Item({{"pk", PairKey(user_uuid, other_uuid)}, {"sk", kPairSort}, {"conversation_uuid", group_uuid}});
}

std::string TableRequest(Bytes table) {
  std::string request;
  json::Writer writer(&request);
  writer.BeginObject().Key("TableName").String(table);
  writer.Key("AttributeDefinitions").BeginArray();
  for (const Bytes name : {Bytes("message_group_uuid"), Bytes("pk"), Bytes("sk")}) {
    writer.BeginObject().Key("AttributeName").String(name).Key("AttributeType").String("S").EndObject();
  }
  writer.EndArray();
  WriteKeySchema(&writer, "pk", "sk");
  WriteIndex(&writer);
  writer.Key("BillingMode").String("PROVISIONED");
  WriteThroughput(&writer);
  writer.Key("StreamSpecification").BeginObject();
  writer.Key("StreamEnabled").Bool(true).Key("StreamViewType").String("NEW_IMAGE").EndObject();
  writer.EndObject();
  return request;
}

}  // namespace stator::messages
