#include "api/new_message.h"

#include "api/problem.h"
#include "base/random.h"
#include "directory/text.h"
#include "ids.h"
#include "json/value.h"

namespace stator::messages {
namespace {

// What Unicode calls white space (property White_Space), with what is as invisible: zero-width characters, the byte
// order mark, NUL and other controls below the space.
bool IsBlank(char32_t c) {
  return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200f) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x2060 || c == 0x3000 || c == 0xfeff;
}

// REQUIRES: UTF-8.
char32_t Next(Bytes* text) {
  const auto byte = [text](size_t i) { return static_cast<char32_t>(static_cast<uint8_t>((*text)[i])); };
  const char32_t first = byte(0);
  const size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  char32_t c = size == 1 ? first : first & (0x7fU >> size);
  for (size_t i = 1; i < size; ++i) c = c << 6 | (byte(i) & 0x3f);
  text->remove_prefix(size);
  return c;
}

bool AllBlank(Bytes text) {
  while (!text.empty()) {
    if (!IsBlank(Next(&text))) return false;
  }
  return true;
}

bool Absent(const json::Value& value) { return !value.valid() || value.is_null(); }

// An absent text is empty.
Result<std::string> TextOf(const json::Value& root, Bytes name) {
  const json::Value value = root.Find(name);
  if (Absent(value)) return std::string();
  if (!value.is_string()) return Refusal(problems::kFieldInvalid);
  return std::string(value.text());
}

Result<std::string> UuidOf(const json::Value& root, Bytes name) {
  STATOR_TRY(std::string uuid, TextOf(root, name));
  if (!uuid.empty() && !IsUuid(uuid)) return Refusal(problems::kFieldInvalid);
  return uuid;
}

}  // namespace

Result<NewMessage> ReadNewMessage(Bytes body) {
  if (!CodePoints(body)) return Refusal(problems::kUtf8Invalid);
  json::Document document;
  const auto root = document.Parse(body);
  if (!root.ok() || !root->is_object()) return Refusal(problems::kJsonInvalid);
  NewMessage message;
  STATOR_TRY(message.text, TextOf(*root, "message"));
  STATOR_TRY(message.group_uuid, UuidOf(*root, "message_group_uuid"));
  STATOR_TRY(message.handle, TextOf(*root, "handle"));
  STATOR_TRY(message.uuid, UuidOf(*root, "uuid"));
  const json::Value retry = root->Find("retry");
  if (!Absent(retry) && !retry.is_bool()) return Refusal(problems::kFieldInvalid);
  message.retry = !Absent(retry) && retry.boolean() && !message.uuid.empty();
  if (message.handle.starts_with('@')) message.handle.erase(0, 1);
  if (message.group_uuid.empty() == message.handle.empty()) return Refusal(problems::kGroupOrHandle);
  if (AllBlank(message.text)) return Refusal(problems::kMessageBlank);
  if (CodePoints(message.text).value_or(0) > kMostCharacters) return Refusal(problems::kMessageTooLong);
  if (message.uuid.empty()) message.uuid = NewUuid();
  return message;
}

}  // namespace stator::messages
