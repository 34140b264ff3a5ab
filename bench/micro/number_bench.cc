// What a number costs: from its text, to its bytes and back to text, in a comparison and in a counter.
#include <benchmark/benchmark.h>

#include <string>

#include "item/number.h"

namespace {

using stator::item::Number;

void ParseNumber(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Number::Parse("12345.678"));
}
BENCHMARK(ParseNumber);

void OrderNumber(benchmark::State& state) {
  const Number number = *Number::Parse("12345.678");
  std::string out;
  for (auto _ : state) {
    out.clear();
    number.AppendOrdered(&out);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(OrderNumber);

void PrintNumber(benchmark::State& state) {
  const Number number = *Number::Parse("12345.678");
  std::string out;
  for (auto _ : state) {
    out.clear();
    number.AppendText(&out);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(PrintNumber);

void CompareNumbers(benchmark::State& state) {
  Number a = *Number::Parse("12345.1");
  Number b = *Number::Parse("12345.2");
  for (auto _ : state) {
    benchmark::DoNotOptimize(a);
    benchmark::DoNotOptimize(b);
    benchmark::DoNotOptimize(a < b);
  }
}
BENCHMARK(CompareNumbers);

void AddNumbers(benchmark::State& state) {
  const Number a = *Number::Parse("12345");
  const Number one = Number::FromInt(1);
  for (auto _ : state) benchmark::DoNotOptimize(Number::Add(a, one));
}
BENCHMARK(AddNumbers);

}  // namespace
