#include "item/number.h"

#include <gtest/gtest.h>

namespace stator::item {
namespace {

std::string Plain(const std::string& text) {
  const auto n = Number::Parse(text);
  return n.ok() ? n->text() : n.error().text;
}

TEST(NumberTest, AcceptsWhatTheServiceAccepts) {
  EXPECT_EQ(Plain("+5"), "5");
  EXPECT_EQ(Plain(".5"), "0.5");
  EXPECT_EQ(Plain("5."), "5");
  EXPECT_EQ(Plain("1.e5"), "100000");
  EXPECT_EQ(Plain("-12.3400"), "-12.34");
  EXPECT_EQ(Plain("007"), "7");
  EXPECT_EQ(Plain("1E+2"), "100");
  EXPECT_EQ(Plain("-0.0"), "0");
  EXPECT_EQ(Plain("0E999999999999"), "0");
  EXPECT_EQ(Plain("12345678901234567890123456789012345678"), "12345678901234567890123456789012345678");
  EXPECT_EQ(Plain("1E125"), "1" + std::string(125, '0'));
  EXPECT_EQ(Plain("1E-130"), "0." + std::string(129, '0') + "1");
  EXPECT_EQ(Plain("0." + std::string(5000, '0') + "1E5000"), "0.1");
  EXPECT_EQ(Plain("1" + std::string(5000, '0') + "E-5000"), "1");
}

TEST(NumberTest, RejectsWhatTheServiceRejects) {
  EXPECT_EQ(Plain(""), "The parameter cannot be converted to a numeric value");
  for (const std::string text : {" 1", "1 ", "1 2", "1+2", "+e2", "e2", "1e", "1e+", "1e5.0", ".", "-", "+", "--1",
                                 "1.2.3", "0x10", "NaN", "Infinity", "1_000", "١"}) {
    EXPECT_EQ(Plain(text), "The parameter cannot be converted to a numeric value: " + text);
  }
  EXPECT_EQ(Plain("123456789012345678901234567890123456789"),
            "Attempting to store more than 38 significant digits in a Number");
  EXPECT_EQ(Plain("1E126"), "Number overflow. Attempting to store a number with magnitude larger than supported range");
  EXPECT_EQ(Plain("-1E-131"),
            "Number underflow. Attempting to store a number with magnitude smaller than supported range");
  EXPECT_EQ(Plain("1E99999999999999999999"),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

}  // namespace
}  // namespace stator::item
