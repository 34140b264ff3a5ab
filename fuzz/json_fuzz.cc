// Any bytes are JSON or an error; what is JSON can be walked, written and read again to the same text.
#include "base/check.h"
#include "json/value.h"
#include "json/writer.h"

namespace {

using namespace stator;  // NOLINT(google-build-using-namespace)

void Write(json::Value value, json::Writer& out) {
  switch (value.kind()) {
    case json::Kind::kNull:
      out.Null();
      return;
    case json::Kind::kFalse:
    case json::Kind::kTrue:
      out.Bool(value.boolean());
      return;
    case json::Kind::kInteger:
      out.Int(value.integer());
      return;
    case json::Kind::kDouble:
      out.Double(value.real());
      return;
    case json::Kind::kString:
      out.String(value.text());
      return;
    case json::Kind::kArray: {
      out.BeginArray();
      size_t count = 0;
      for (const json::Value element : value.elements()) {
        Write(element, out);
        ++count;
      }
      STATOR_CHECK(count == value.size());
      out.EndArray();
      return;
    }
    case json::Kind::kObject: {
      out.BeginObject();
      size_t count = 0;
      for (const json::Member member : value.members()) {
        STATOR_CHECK(value.Find(member.name).valid());
        out.Key(member.name);
        Write(member.value, out);
        ++count;
      }
      STATOR_CHECK(count == value.size());
      out.EndObject();
      return;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // An object with many members is walked once for each of them.
  if (size > 4096) return 0;
  json::Document document;
  const auto value = document.Parse(Bytes(reinterpret_cast<const char*>(data), size));
  if (!value.ok()) return 0;
  std::string text, again;
  json::Writer writer(&text);
  Write(*value, writer);
  json::Document second;
  const auto reread = second.Parse(text);
  STATOR_CHECK(reread.ok());
  json::Writer rewriter(&again);
  Write(*reread, rewriter);
  STATOR_CHECK(text == again);
  return 0;
}
