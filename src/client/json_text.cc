#include "client/json_text.h"

#include "json/writer.h"

namespace stator::client {
namespace {

// The parser bounds the nesting, and with it this recursion.
void Write(json::Writer* writer, const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::kNull:
      writer->Null();
      break;
    case json::Kind::kFalse:
      writer->Bool(false);
      break;
    case json::Kind::kTrue:
      writer->Bool(true);
      break;
    case json::Kind::kInteger:
      writer->Int(value.integer());
      break;
    case json::Kind::kDouble:
      writer->Double(value.real());
      break;
    case json::Kind::kString:
      writer->String(value.text());
      break;
    case json::Kind::kArray:
      writer->BeginArray();
      for (const json::Value element : value.elements()) Write(writer, element);
      writer->EndArray();
      break;
    case json::Kind::kObject:
      writer->BeginObject();
      for (const json::Member member : value.members()) {
        writer->Key(member.name);
        Write(writer, member.value);
      }
      writer->EndObject();
      break;
  }
}

}  // namespace

void AppendJson(std::string* out, const json::Value& value) {
  json::Writer writer(out);
  Write(&writer, value);
}

std::string JsonText(const json::Value& value) {
  std::string out;
  AppendJson(&out, value);
  return out;
}

Bytes TextOf(const json::Value& object, Bytes name) {
  const json::Value value = object.Find(name);
  return value.valid() && value.is_string() ? value.text() : Bytes();
}

}  // namespace stator::client
