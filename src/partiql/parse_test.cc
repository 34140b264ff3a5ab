#include "partiql/parse.h"

#include <gtest/gtest.h>

#include "errors/partiql.h"

namespace stator::partiql {
namespace {

TEST(ParseTest, LengthIsCountedInCharactersAndKnownBeforeAnythingElse) {
  const std::string megabyte(1 << 20, '(');
  EXPECT_EQ(Parse(megabyte, {}).error().id, errors::kStatementTooLong);
  std::string longest = "SELECT * FROM tab WHERE a = '";
  while (longest.size() < 8191) longest += 'x';
  EXPECT_NE(Parse(longest + "\xc3\xa4", {}).error().id, errors::kStatementTooLong);
  EXPECT_EQ(Parse(longest + "xy", {}).error().id, errors::kStatementTooLong);
}

}  // namespace
}  // namespace stator::partiql
