#include "services/dynamodb/next_token.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "errors/statements.h"
#include "expression/expression_testing.h"

namespace stator::services::dynamodb {
namespace {

const std::string kKey = expression::testing::StoredItem(R"({"pk":{"S":"a"},"sk":{"N":"1"}})");

TEST(NextTokenTest, IsReadAsItWasWritten) {
  const StatementPrint print = PrintOf("SELECT * FROM t", {});
  const auto read = ReadNextToken(print, WriteNextToken(print, {7, kKey}));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->partition, 7U);
  EXPECT_EQ(read->key, kKey);
}

TEST(NextTokenTest, BelongsToStatementAndParameters) {
  const std::vector<std::string> one = {"a", "bc"};
  const std::vector<std::string> other = {"ab", "c"};
  const std::string token = WriteNextToken(PrintOf("SELECT", one), {0, kKey});
  EXPECT_TRUE(ReadNextToken(PrintOf("SELECT", one), token).ok());
  for (const StatementPrint& print : {PrintOf("SELECT", other), PrintOf("SELECT", {}), PrintOf("SELECT ", one)}) {
    EXPECT_EQ(ReadNextToken(print, token).error().id, errors::kNextTokenMismatch);
  }
}

TEST(NextTokenTest, ChangedTextIsNoToken) {
  const StatementPrint print = PrintOf("SELECT", {});
  const std::string token = WriteNextToken(print, {0, kKey});
  std::string bytes;
  ASSERT_TRUE(AppendFromBase64(&bytes, token));
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_EQ(ReadNextToken(print, Base64(changed)).error().id, errors::kNextTokenInvalid);
    EXPECT_EQ(ReadNextToken(print, Base64(bytes.substr(0, i))).error().id, errors::kNextTokenInvalid);
  }
  // Well made, but with a key that is no item.
  EXPECT_EQ(ReadNextToken(print, WriteNextToken(print, {0, "xyz"})).error().id, errors::kNextTokenInvalid);
}

}  // namespace
}  // namespace stator::services::dynamodb
