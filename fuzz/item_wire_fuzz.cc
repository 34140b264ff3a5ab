// Any JSON object is an item or an error; an item is valid, and what is written of it reads back as the same bytes.
#include "base/check.h"
#include "errors/item.h"
#include "item/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator;  // NOLINT(google-build-using-namespace)
  json::Document document;
  const auto wire = document.Parse(Bytes(reinterpret_cast<const char*>(data), size));
  if (!wire.ok() || !wire->is_object()) return 0;
  bool types_ok = true;
  for (const json::Member member : wire->members()) {
    types_ok = types_ok && item::CheckValueTypes(member.value).ok();
  }
  const auto stored = item::ReadItem(*wire);
  if (!stored.ok()) {
    STATOR_CHECK(!types_ok || stored.error().type() == ErrorType::ValidationException ||
                 stored.error().id == errors::kTypeCannotConvert);
    return 0;
  }
  STATOR_CHECK(item::ValidItem(*stored));
  std::string text;
  json::Writer writer(&text);
  item::WriteItem(item::ItemView(*stored), writer);
  json::Document second;
  const auto again = item::ReadItem(*second.Parse(text));
  STATOR_CHECK(again.ok() && *again == *stored);
  return 0;
}
