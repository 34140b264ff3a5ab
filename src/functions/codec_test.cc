#include "functions/codec.h"

#include <gtest/gtest.h>

namespace stator::functions {
namespace {

Function Made() {
  Function function;
  function.name = "hello";
  function.arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";
  function.version = "$LATEST";
  function.region = "us-east-1";
  function.runtime = "python3.12";
  function.handler = "app.handler";
  function.environment = {{"A", "1"}, {"B", "ü"}};
  function.code_folder = "/data/functions/hello/0123456789abcdef";
  function.code_sha256 = "c2hh";
  function.code_size = 300;
  function.generation = 1'700'000'000'000'000;
  function.revision_id = "r2";
  function.changing_revision_id = "r1";
  function.last_modified = Time{1};
  function.settled = Time{2};
  function.shown.dead_letter = "arn:aws:sqs:us-east-1:000000000000:dead";
  function.shown.vpc = true;
  function.shown.subnets = {"subnet-1"};
  return function;
}

TEST(FunctionCodec, AVersionComesBackWithTheNameOfItsFolder) {
  const Function made = Made();
  const std::string bytes = EncodeFunction(made);
  const auto read = DecodeFunction(kFormat, bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->code_folder, "0123456789abcdef");
  EXPECT_EQ(read->environment, made.environment);
  EXPECT_EQ(read->shown, made.shown);
  EXPECT_EQ(read->generation, made.generation);
  EXPECT_EQ(read->settled, made.settled);
  EXPECT_TRUE(SameContent(*read, made));
  EXPECT_FALSE(DecodeFunction(kFormat + 1, bytes));
}

TEST(FunctionCodec, AFolderOfTheUsersIsKeptAsItIs) {
  Function made = Made();
  made.hot = true;
  made.code_folder = "/projects/mine";
  EXPECT_EQ(DecodeFunction(kFormat, EncodeFunction(made))->code_folder, "/projects/mine");
}

TEST(FunctionCodec, AnEntryComesBack) {
  Entry entry;
  entry.latest = std::make_shared<const Function>(Made());
  entry.next_version = 7;
  entry.aliases["live"] = {"live", "6", "d", "5", 0.25, "rev"};
  entry.event_invokes["$LATEST"] = {.max_retries = 1, .max_age_seconds = {}, .on_success = "a", .on_failure = "b"};
  entry.policies[""] = {{{"sid", R"({"Sid":"sid"})"}}, "rev"};
  entry.tags = {{"k", "v"}};
  entry.reserved_concurrency = 0;
  const auto read = DecodeEntry(kFormat, EncodeEntry(entry));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->latest.name, "hello");
  EXPECT_EQ(read->entry.next_version, 7U);
  EXPECT_EQ(read->entry.aliases.at("live").second_weight, 0.25);
  EXPECT_EQ(read->entry.event_invokes.at("$LATEST").max_retries, 1);
  EXPECT_FALSE(read->entry.event_invokes.at("$LATEST").max_age_seconds);
  EXPECT_EQ(read->entry.policies.at("").statements, entry.policies.at("").statements);
  EXPECT_EQ(read->entry.tags, entry.tags);
  EXPECT_EQ(read->entry.reserved_concurrency, 0);
}

TEST(FunctionCodec, DamageIsFound) {
  const std::string bytes = EncodeFunction(Made());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeFunction(kFormat, Bytes(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(DecodeFunction(kFormat, bytes + "x"));
}

TEST(FunctionCodec, WhatPublishingWouldRepeat) {
  const Function made = Made();
  Function other = made;
  other.generation = 5;
  other.version = "3";
  other.description = "d";
  EXPECT_TRUE(SameContent(made, other));
  other.timeout_seconds = 4;
  EXPECT_FALSE(SameContent(made, other));
}

}  // namespace
}  // namespace stator::functions
