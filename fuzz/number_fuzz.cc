// Any text is a number or an error; a number survives its text, its ordered form and arithmetic that undoes itself.
#include "base/check.h"
#include "item/number.h"

namespace {

using stator::Bytes;
using stator::item::Number;

void CheckForms(const Number& n) {
  const auto again = Number::Parse(n.text());
  STATOR_CHECK(again.ok() && *again == n);
  std::string ordered;
  n.AppendOrdered(&ordered);
  STATOR_CHECK(ordered.size() <= static_cast<size_t>(Number::kMaxOrderedBytes));
  Bytes in = ordered;
  Number back;
  STATOR_CHECK(Number::GetOrdered(&in, &back) && in.empty() && back == n);
  STATOR_CHECK(n.size_bytes() >= 1 && n.size_bytes() <= 22);
}

void CheckOrdered(Bytes bytes) {
  Bytes in = bytes;
  Number n;
  if (!Number::GetOrdered(&in, &n)) return;
  std::string again;
  n.AppendOrdered(&again);
  STATOR_CHECK(again == bytes.substr(0, bytes.size() - in.size()));
}

}  // namespace

// The input is two texts with a bar between them.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes input(reinterpret_cast<const char*>(data), size);
  CheckOrdered(input);
  const size_t bar = input.find('|');
  const auto a = Number::Parse(input.substr(0, bar));
  if (!a.ok()) return 0;
  CheckForms(*a);
  const auto b = Number::Parse(bar == Bytes::npos ? Bytes("1") : input.substr(bar + 1));
  if (!b.ok()) return 0;
  std::string x, y;
  a->AppendOrdered(&x);
  b->AppendOrdered(&y);
  STATOR_CHECK((*a <=> *b) == (x.compare(y) <=> 0));
  if (const auto sum = Number::Add(*a, *b); sum.ok()) {
    CheckForms(*sum);
    STATOR_CHECK(*Number::Subtract(*sum, *b) == *a);
  }
  if (const auto difference = Number::Subtract(*a, *b); difference.ok()) {
    CheckForms(*difference);
    STATOR_CHECK(difference->negative() == (*a < *b));
  }
  return 0;
}
