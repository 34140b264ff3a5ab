// Tests: parse_test.cc, random_test.cc; fuzzed by fuzz/partiql.
#include "partiql/parse.h"

#include <algorithm>

#include "errors/partiql.h"
#include "partiql/syntax.h"

namespace stator::partiql {
namespace {

// Whether the text has more characters than that; looks at no more bytes than it must.
bool LongerThan(Bytes text, size_t characters) {
  if (text.size() <= characters) return false;
  if (text.size() > characters * 4) return true;
  const auto count = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
  return static_cast<size_t>(count) > characters;
}

}  // namespace

Result<Statement> Parse(Bytes text, std::span<const std::string> parameters) {
  if (LongerThan(text, kMaxStatementCharacters)) return Fail(errors::kStatementTooLong);
  STATOR_TRY(auto syntax, internal::ParseSyntax(text, parameters));
  return internal::Bind(std::move(syntax));
}

}  // namespace stator::partiql
