// Any text is a filter pattern or is refused as one; what it says of a record, itself among alternatives says as well.
#include <string>

#include "base/check.h"
#include "errors/triggers.h"
#include "item/wire.h"
#include "triggers/filter_pattern.h"

namespace stator {
namespace {

std::string Stored(const char* wire) {
  json::Document document;
  const auto value = document.Parse(wire);
  STATOR_CHECK(value.ok());
  auto item = item::ReadItem(*value);
  STATOR_CHECK(item.ok());
  return *item;
}

// A stream, and a change with every type of value.
struct World {
  World() {
    stream.arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-11-20T10:00:00.123";
    stream.key = {{{"pk", item::Tag::kString}}, {}};
    stream.view = streams::ViewType::kNewAndOldImages;
    change.position = 42;
    change.time = Time{1'700'000'000'000'000};
    change.event = streams::Event::kModify;
    change.by_service = true;
    change.before = item::ItemView(before);
    change.after = item::ItemView(after);
  }
  const std::string before = Stored(R"({"pk":{"S":"k"},"a":{"N":"1"}})");
  const std::string after =
      Stored(R"({"pk":{"S":"k"},"a":{"N":"2"},"b":{"B":"AQID"},"l":{"L":[{"S":"x"},{"M":{"m":{"BOOL":true}}}]},)"
             R"("m":{"M":{"x":{"NULL":true}}},"s":{"SS":["a","b"]},"n":{"NS":["1","2"]},"e":{"S":""}})");
  streams::Stream stream;
  streams::Change change;
};

}  // namespace
}  // namespace stator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator;  // NOLINT(google-build-using-namespace)
  static const World world;
  const Bytes text(reinterpret_cast<const char*>(data), size);
  const auto pattern = triggers::FilterPattern::Compile(text);
  if (!pattern.ok()) {
    STATOR_CHECK(pattern.error().id == errors::kFilterPatternInvalid);
    return 0;
  }
  const triggers::EventNode record(world.stream, world.change);
  const bool matches = pattern->Matches(record);
  const std::string alternatives = R"({"$or":[)" + std::string(text) + R"(,{"eventName":["none"]}]})";
  const auto wrapped = triggers::FilterPattern::Compile(alternatives);
  // It may be too long now, or too deep.
  if (wrapped.ok()) STATOR_CHECK(wrapped->Matches(record) == matches);
  return 0;
}
