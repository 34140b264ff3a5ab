// What expressions cost: parsing and binding them, and evaluating or applying them to the 300-byte item of bench/load.
#include <benchmark/benchmark.h>

#include <string>

#include "expression/expression.h"
#include "item/wire.h"

namespace {

using stator::Bytes;
using stator::expression::Binder;
using stator::expression::Condition;
using stator::expression::Parameter;
using stator::expression::Projection;
using stator::expression::Update;
using stator::item::ItemView;

const std::string& StoredItem() {
  static const std::string stored = [] {
    std::string text = R"({"pk":{"S":"MSG#0000000012"},"sk":{"S":"2026-0000000034"},)"
                       R"("user_uuid":{"S":"4a1c9b52-7d0e-4c1f-9a3b-0123456789ab"},"user_handle":{"S":"bench_user"},)"
                       R"("hits":{"N":"10"},"message":{"S":")";
    text.append(188, 'm').append("\"}}");
    stator::json::Document document;
    return *stator::item::ReadItem(*document.Parse(text));
  }();
  return stored;
}

struct Request {
  stator::json::Document names, values;
  stator::json::Value name_object = *names.Parse(R"({"#h": "hits", "#u": "user_handle"})");
  stator::json::Value value_object =
      *values.Parse(R"({":one": {"N": "1"}, ":u": {"S": "bench_user"}, ":p": {"S": "MSG#0000000012"}})");
  Binder Bind() const { return *Binder::Make(name_object, value_object, true); }
};

void MakeBinder(benchmark::State& state) {
  const Request request;
  for (auto _ : state) benchmark::DoNotOptimize(request.Bind());
}
BENCHMARK(MakeBinder);

constexpr Bytes kCondition = "attribute_exists(pk) AND #u = :u AND #h >= :one";
constexpr Bytes kUpdate = "SET #h = #h + :one";

void ParseCondition(benchmark::State& state) {
  const Request request;
  Binder binder = request.Bind();
  for (auto _ : state) benchmark::DoNotOptimize(Condition::Parse(Parameter::kCondition, kCondition, binder));
}
BENCHMARK(ParseCondition);

void ParseUpdate(benchmark::State& state) {
  const Request request;
  Binder binder = request.Bind();
  for (auto _ : state) benchmark::DoNotOptimize(Update::Parse(kUpdate, binder));
}
BENCHMARK(ParseUpdate);

void ParseKeyCondition(benchmark::State& state) {
  const Request request;
  Binder binder = request.Bind();
  for (auto _ : state) benchmark::DoNotOptimize(stator::expression::ParseKeyCondition("pk = :p AND sk > :u", binder));
}
BENCHMARK(ParseKeyCondition);

void EvaluateCondition(benchmark::State& state) {
  const Request request;
  Binder binder = request.Bind();
  const Condition condition = *Condition::Parse(Parameter::kCondition, kCondition, binder);
  for (auto _ : state) benchmark::DoNotOptimize(condition.Evaluate(ItemView(StoredItem())));
}
BENCHMARK(EvaluateCondition);

void ApplyCounterUpdate(benchmark::State& state) {
  const Request request;
  Binder binder = request.Bind();
  const Update update = *Update::Parse(kUpdate, binder);
  for (auto _ : state) benchmark::DoNotOptimize(update.Apply(ItemView(StoredItem()), {}, false));
}
BENCHMARK(ApplyCounterUpdate);

void WriteProjection(benchmark::State& state) {
  const Request request;
  Binder binder = request.Bind();
  const Projection projection = *Projection::Parse("pk, sk, #h", binder);
  std::string out;
  for (auto _ : state) {
    out.clear();
    stator::json::Writer writer(&out);
    projection.Write(ItemView(StoredItem()), writer);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(WriteProjection);

}  // namespace
