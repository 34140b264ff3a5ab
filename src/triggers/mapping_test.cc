#include "triggers/mapping.h"

#include <gtest/gtest.h>

namespace stator::triggers {
namespace {

TEST(Mapping, IsReadAsItWasWritten) {
  Mapping mapping;
  mapping.uuid = "u";
  mapping.arn = "arn:u";
  mapping.stream_arn = "stream";
  mapping.function_arn = "function";
  mapping.latest = true;
  mapping.start = 1ULL << 40;
  mapping.enabled = false;
  mapping.deleting = true;
  mapping.last_modified = Time{1'700'000'000'123'456};
  mapping.settings = {10'000, 300, 10, 900, true, true, -1, 604'800, {"{}", ""}, "arn:aws:sqs:::q"};
  const std::string bytes = EncodeMapping(mapping);
  Mapping read;
  ASSERT_TRUE(DecodeMapping(bytes, &read));
  EXPECT_EQ(read.uuid, mapping.uuid);
  EXPECT_EQ(read.arn, mapping.arn);
  EXPECT_EQ(read.stream_arn, mapping.stream_arn);
  EXPECT_EQ(read.function_arn, mapping.function_arn);
  EXPECT_TRUE(read.latest);
  EXPECT_EQ(read.start, mapping.start);
  EXPECT_FALSE(read.enabled);
  EXPECT_TRUE(read.deleting);
  EXPECT_EQ(read.last_modified, mapping.last_modified);
  EXPECT_EQ(read.settings, mapping.settings);
  for (size_t size = 0; size < bytes.size(); ++size) {
    Mapping cut;
    EXPECT_FALSE(DecodeMapping(Bytes(bytes).substr(0, size), &cut));
  }
}

}  // namespace
}  // namespace stator::triggers
