// What parsing, checking and storing one item costs, and writing it back: the parts of a PutItem and a GetItem that
// are neither HTTP nor storage.
#include <benchmark/benchmark.h>

#include <string>

#include "dispatch/shape.h"
#include "item/wire.h"
#include "json/value.h"
#include "json/writer.h"
#include "services/dynamodb/model.h"

namespace {

using stator::json::Document;
using stator::json::Value;

// The 300-byte item of bench/load.
const std::string& PutItemBody() {
  static const std::string body = [] {
    std::string text = R"({"TableName":"bench","Item":{"pk":{"S":"MSG#0000000012"},"sk":{"S":"2026-0000000034"},)"
                       R"("user_uuid":{"S":"4a1c9b52-7d0e-4c1f-9a3b-0123456789ab"},"user_handle":{"S":"bench_user"},)"
                       R"("hits":{"N":"10"},"message":{"S":")";
    return text.append(188, 'm').append("\"}}}");
  }();
  return body;
}

void ParseJson(benchmark::State& state) {
  Document document;
  for (auto _ : state) benchmark::DoNotOptimize(document.Parse(PutItemBody()));
}
BENCHMARK(ParseJson);

void CheckPutItemShape(benchmark::State& state) {
  Document document;
  const Value body = *document.Parse(PutItemBody());
  for (auto _ : state) {
    benchmark::DoNotOptimize(stator::dispatch::CheckShape(stator::services::dynamodb::model::kPutItemInput, body));
  }
}
BENCHMARK(CheckPutItemShape);

void ReadItem(benchmark::State& state) {
  Document document;
  const Value item = document.Parse(PutItemBody())->Find("Item");
  for (auto _ : state) benchmark::DoNotOptimize(stator::item::ReadItem(item));
}
BENCHMARK(ReadItem);

void WriteItem(benchmark::State& state) {
  Document document;
  const std::string stored = *stator::item::ReadItem(document.Parse(PutItemBody())->Find("Item"));
  std::string out;
  for (auto _ : state) {
    out.clear();
    stator::json::Writer writer(&out);
    stator::item::WriteItem(stator::item::ItemView(stored), writer);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(WriteItem);

}  // namespace
