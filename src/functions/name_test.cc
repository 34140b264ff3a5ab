#include "functions/name.h"

#include <gtest/gtest.h>

#include "errors/functions.h"

namespace stator::functions {
namespace {

TEST(Name, EveryForm) {
  const struct {
    const char* text;
    const char* name;
    const char* qualifier;
    const char* region;
  } cases[] = {
      {"hello", "hello", "", ""},
      {"hello:live", "hello", "live", ""},
      {"hello:$LATEST", "hello", "$LATEST", ""},
      {"function", "function", "", ""},
      {"function:hello", "hello", "", ""},
      {"000000000000:function:hello:7", "hello", "7", ""},
      {"123456789012:hello", "hello", "", ""},
      {"arn:aws:lambda:us-east-1:000000000000:function:hello", "hello", "", "us-east-1"},
      {"arn:aws-us-gov:lambda:us-gov-west-1:000000000000:function:a_B-1:live", "a_B-1", "live", "us-gov-west-1"},
      {"arn::lambda:us-isob-east-1:000000000000:function:a", "a", "", "us-isob-east-1"},
      {"us-east-1", "us-east-1", "", ""},
  };
  for (const auto& c : cases) {
    Name name;
    ASSERT_TRUE(ParseName(c.text, &name)) << c.text;
    EXPECT_EQ(name.name, c.name) << c.text;
    EXPECT_EQ(name.qualifier, c.qualifier) << c.text;
    EXPECT_EQ(name.region, c.region) << c.text;
    EXPECT_TRUE(IsFunctionName(c.text));
  }
}

TEST(Name, WhatIsNone) {
  for (const char* text : {"", ":", "a:", ":a", "a b", "a/b", "../a", "a.b", "a:b:c", "a:$latest", "arn:aws:s3:::x",
                           "arn:aws:lambda:us-east-1:000000000000:function:", "a:live!"}) {
    EXPECT_FALSE(IsFunctionName(text)) << text;
  }
  EXPECT_TRUE(IsNamespacedFunctionName("a.b"));
  EXPECT_FALSE(IsNamespacedFunctionName("a/b"));
}

TEST(Name, QualifiersBesideAndWithin) {
  EXPECT_EQ(ReadName("a:live", "")->qualifier, "live");
  EXPECT_EQ(ReadName("a", "live")->qualifier, "live");
  EXPECT_EQ(ReadName("a:live", "live")->qualifier, "live");
  EXPECT_EQ(ReadName("a:live", "1").error().id, errors::kQualifierMismatch);
}

TEST(Name, RolesAliasesQualifiers) {
  EXPECT_TRUE(IsRoleArn("arn:aws:iam::000000000000:role/lambda-role"));
  EXPECT_TRUE(IsRoleArn("arn:aws:iam::000000000000:role/service-role/x@y"));
  for (const char* text : {"r1", "", "arn:aws:iam::0:role/x", "arn:aws:iam::000000000000:user/x",
                           "arn:aws:iam::000000000000:role/", "arn:aws:iam::000000000000:role/a b"}) {
    EXPECT_FALSE(IsRoleArn(text)) << text;
  }
  EXPECT_TRUE(IsAlias("live"));
  EXPECT_TRUE(IsAlias("1a"));
  EXPECT_FALSE(IsAlias("12"));
  EXPECT_FALSE(IsAlias("$LATEST"));
  EXPECT_TRUE(IsQualifier("$LATEST"));
  EXPECT_FALSE(IsQualifier("a b"));
  EXPECT_TRUE(IsVersion("12"));
  EXPECT_TRUE(IsVersion("$LATEST"));
  EXPECT_FALSE(IsVersion("live"));
  EXPECT_FALSE(IsVersion(""));
}

}  // namespace
}  // namespace stator::functions
