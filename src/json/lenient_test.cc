#include "json/lenient.h"

#include <gtest/gtest.h>

namespace stator::json {
namespace {

TEST(Lenient, Values) {
  Document document;
  const Value value = *document.Parse(R"({"a": 1.9, "b": -1.9, "c": 1e300, "d": "Yes", "e": "0", "f": true})");
  EXPECT_EQ(WholeNumber(value.Find("a")), 1);
  EXPECT_EQ(WholeNumber(value.Find("b")), -1);
  EXPECT_GT(WholeNumber(value.Find("c")), int64_t{1} << 62);
  EXPECT_TRUE(Truth(value.Find("d")));
  EXPECT_FALSE(Truth(value.Find("e")));
  EXPECT_TRUE(Truth(value.Find("f")));
  EXPECT_FALSE(TruthOf("maybe").has_value());
}

}  // namespace
}  // namespace stator::json
