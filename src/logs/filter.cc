// Tests: filter_test.cc; fuzzed by fuzz/log_filter_fuzz.cc.
#include "logs/filter.h"

#include "logs/filter_tests.h"

namespace stator::logs {
namespace {

constexpr size_t kLongest = 1024;
constexpr Bytes kSpace = " \t\r\n";

}  // namespace

Filter::Filter(std::unique_ptr<const Test> test) : test_(std::move(test)) {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

bool Filter::Matches(Bytes message) const { return !test_ || test_->Matches(message); }

Result<Filter> Filter::Parse(Bytes pattern) {
  if (pattern.size() > kLongest) return BadPattern("it is too long");
  const size_t begin = pattern.find_first_not_of(kSpace);
  if (begin == Bytes::npos) return Filter(nullptr);
  pattern = pattern.substr(begin, pattern.find_last_not_of(kSpace) - begin + 1);
  const auto parse = pattern.front() == '{' ? ParseJson : pattern.front() == '[' ? ParseFields : ParseWords;
  STATOR_TRY(TestPtr test, parse(pattern));
  return Filter(std::move(test));
}

}  // namespace stator::logs
