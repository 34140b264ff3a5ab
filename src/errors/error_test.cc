#include "errors/error.h"

#include <gtest/gtest.h>

#include <set>

#include "errors/common.h"
#include "errors/item.h"
#include "errors/result.h"

namespace stator {
namespace {

constexpr ErrorRow kAllRows[] = {
#define STATOR_ERROR(id, type, text) {#id, ErrorType::type, text},
#include "errors/table/all.def"
#undef STATOR_ERROR
};

TEST(ErrorTest, PlacesAreFilledInOrder) {
  EXPECT_EQ(Fail(errors::kTypeCannotConvert, "NUMBER_VALUE", std::string("String")).text,
            "NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(Fail(errors::kBase64Length, 5).text,
            "Base64 encoded length is expected a multiple of 4 bytes but found: 5");
  EXPECT_EQ(Fail(errors::kInternal).text, TextTemplate(errors::kInternal));
  // What is filled in is not looked at again.
  EXPECT_EQ(Fail(errors::kTypeCannotConvert, "{}", "{}").text, "{} cannot be converted to {}");
}

TEST(ErrorDeathTest, ArgumentsMustMatchTheText) {
  EXPECT_DEATH(static_cast<void>(Fail(errors::kTypeCannotConvert, "one")), "check failed");
  EXPECT_DEATH(static_cast<void>(Fail(errors::kInternal, "one")), "check failed");
}

TEST(ErrorTest, TypesHaveTheirFacts) {
  const Error error = Fail(errors::kNumberOverflow);
  EXPECT_EQ(error.type(), ErrorType::ValidationException);
  EXPECT_EQ(FactsOf(error.type()).name, "ValidationException");
  EXPECT_EQ(FactsOf(error.type()).family, ErrorFamily::kValidate);
  EXPECT_EQ(FactsOf(error.type()).http_status, 400);
  EXPECT_EQ(FactsOf(ErrorType::InternalServerError).http_status, 500);
  EXPECT_EQ(FactsOf(ErrorType::ConditionalCheckFailedException).family, ErrorFamily::kDynamoDb);
}

TEST(ErrorTest, TheTableIsInOrder) {
  std::set<std::string_view> names;
  for (const ErrorRow& row : kAllRows) {
    const ErrorId id = row;
    const std::string_view name = NameOf(id);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.front(), 'k') << name;
    EXPECT_EQ(TextTemplate(id).find('\n'), std::string_view::npos) << name;
    EXPECT_FALSE(FactsOf(Error{id, "", nullptr}.type()).name.empty()) << name;
  }
}

Result<int> Half(int v) {
  if (v % 2 != 0) return Fail(errors::kValidation, "odd");
  return v / 2;
}

Result<int> Quarter(int v) {
  STATOR_TRY(const int half, Half(v));
  STATOR_TRY(const int quarter, Half(half));
  return quarter;
}

Status IsEven(int v) {
  STATOR_TRY(const int half, Half(v));
  static_cast<void>(half);
  return {};
}

Status BothEven(int a, int b) {
  STATOR_OK(IsEven(a));
  STATOR_OK(IsEven(b));
  return {};
}

TEST(ResultTest, ValuesAndErrorsPassThrough) {
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_EQ(Quarter(6).error().text, "odd");
  EXPECT_FALSE(Quarter(5).ok());
  EXPECT_TRUE(BothEven(2, 4).ok());
  EXPECT_EQ(BothEven(2, 3).error().id, errors::kValidation);
}

TEST(ResultDeathTest, TheOtherSideIsNotThere) {
  EXPECT_DEATH(static_cast<void>(Half(1).value()), "check failed");
  EXPECT_DEATH(static_cast<void>(Half(2).error()), "check failed");
}

}  // namespace
}  // namespace stator
