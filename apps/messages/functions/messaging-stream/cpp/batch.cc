#include "batch.h"

#include <cstdio>
#include <map>
#include <optional>

#include "client/json_text.h"
#include "json/value.h"

namespace stator::messaging_stream {
namespace {

constexpr Bytes kMessage = "MSG#";

// The member of that name if it is an object.
json::Value Inside(const json::Value& object, Bytes name) {
  const json::Value member = object.valid() ? object.Find(name) : json::Value();
  return member.valid() && member.is_object() ? member : json::Value();
}

// A string attribute.
std::optional<std::string> StringOf(const json::Value& image, Bytes name) {
  const json::Value typed = Inside(image, name);
  const json::Value text = typed.valid() ? typed.Find("S") : json::Value();
  if (!text.valid() || !text.is_string()) return std::nullopt;
  return std::string(text.text());
}

std::optional<NewMessage> MessageOf(const json::Value& record) {
  if (!record.is_object() || client::TextOf(record, "eventName") != "INSERT") return std::nullopt;
  const json::Value image = Inside(Inside(record, "dynamodb"), "NewImage");
  const auto pk = StringOf(image, "pk");
  if (!pk || !pk->starts_with(kMessage)) return std::nullopt;
  const auto created_at = StringOf(image, "sk");
  const auto text = StringOf(image, "message");
  if (!created_at || !text) {
    std::printf("passed over a message without a time or a text: %s\n", pk->c_str());
    return std::nullopt;
  }
  return NewMessage{pk->substr(kMessage.size()), *created_at, *text};
}

}  // namespace

Result<std::vector<NewMessage>> NewestMessages(Bytes event) {
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(event));
  std::map<std::string, NewMessage> newest;
  const json::Value records = root.is_object() ? root.Find("Records") : json::Value();
  if (records.valid() && records.is_array()) {
    for (const json::Value record : records.elements()) {
      auto message = MessageOf(record);
      if (!message) continue;
      NewMessage& kept = newest[message->group_uuid];
      if (kept.created_at < message->created_at) kept = std::move(*message);
    }
  }
  std::vector<NewMessage> messages;
  messages.reserve(newest.size());
  for (auto& [group, message] : newest) messages.push_back(std::move(message));
  return messages;
}

}  // namespace stator::messaging_stream
