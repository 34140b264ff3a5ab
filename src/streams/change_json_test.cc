#include "streams/change_json.h"

#include <gtest/gtest.h>

#include "streams/streams_testing.h"

namespace stator::streams {
namespace {

class ChangeJson : public testing::Test {
 protected:
  ChangeJson() {
    stream_.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/2026-11-20T10:00:00.000";
    stream_.key = {{{"pk", item::Tag::kString}}, {{"sk", item::Tag::kNumber}}};
    change_.position = 42;
    change_.time = Time{1'700'000'000'900'000};
    change_.event = Event::kModify;
    change_.before = item::ItemView(before_);
    change_.after = item::ItemView(after_);
  }

  std::string Write(Flavour flavour) {
    std::string text;
    json::Writer out(&text);
    WriteChange(stream_, change_, flavour, out);
    return text;
  }

  const std::string before_ = Stored(R"({"pk":{"S":"a"},"sk":{"N":"42"},"v":{"BOOL":true}})");
  const std::string after_ = Stored(R"({"pk":{"S":"a"},"sk":{"N":"42"},"v":{"B":"AAE="}})");
  Stream stream_;
  Change change_;
};

TEST_F(ChangeJson, AFunctionsRecordIsAsAwsEmitsIt) {
  stream_.view = ViewType::kNewAndOldImages;
  const std::string id = EventId(stream_, 42);
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(Write(Flavour::kLambda),
            R"({"eventID":")" + id +
                R"(","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"eu-west-1",)"
                R"("dynamodb":{"ApproximateCreationDateTime":1700000000.0,"Keys":{"pk":{"S":"a"},"sk":{"N":"42"}},)"
                R"("NewImage":{"pk":{"S":"a"},"sk":{"N":"42"},"v":{"B":"AAE="}},)"
                R"("OldImage":{"pk":{"S":"a"},"sk":{"N":"42"},"v":{"BOOL":true}},)"
                R"("SequenceNumber":"100000000000000000042","SizeBytes":26,"StreamViewType":"NEW_AND_OLD_IMAGES"},)"
                R"("eventSourceARN":")" +
                stream_.arn + R"("})");
}

TEST_F(ChangeJson, AnApiRecordHasWholeSecondsAndNoSource) {
  stream_.view = ViewType::kKeysOnly;
  EXPECT_EQ(Write(Flavour::kApi),
            R"({"eventID":")" + EventId(stream_, 42) +
                R"(","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"eu-west-1",)"
                R"("dynamodb":{"ApproximateCreationDateTime":1700000000,"Keys":{"pk":{"S":"a"},"sk":{"N":"42"}},)"
                R"("SequenceNumber":"100000000000000000042","SizeBytes":7,"StreamViewType":"KEYS_ONLY"}})");
}

TEST_F(ChangeJson, RemovalByTheServiceNamesIt) {
  change_.event = Event::kRemove;
  change_.after = {};
  change_.by_service = true;
  EXPECT_NE(Write(Flavour::kApi).find(R"("userIdentity":{"Type":"Service","PrincipalId":"dynamodb.amazonaws.com"}})"),
            std::string::npos);
  EXPECT_NE(Write(Flavour::kLambda)
                .find(R"("userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},"eventSourceARN")"),
            std::string::npos);
}

TEST_F(ChangeJson, ViewsShowWhatTheyName) {
  struct Case {
    ViewType view;
    bool old_image, new_image;
  };
  for (const Case& c : {Case{ViewType::kKeysOnly, false, false}, Case{ViewType::kNewImage, false, true},
                        Case{ViewType::kOldImage, true, false}, Case{ViewType::kNewAndOldImages, true, true}}) {
    stream_.view = c.view;
    const std::string text = Write(Flavour::kApi);
    EXPECT_EQ(text.find("OldImage\":{") != std::string::npos, c.old_image) << NameOf(c.view);
    EXPECT_EQ(text.find("NewImage\":{") != std::string::npos, c.new_image) << NameOf(c.view);
    EXPECT_EQ(SizeBytes(stream_, change_), 7U + (c.old_image ? 9 : 0) + (c.new_image ? 10 : 0)) << NameOf(c.view);
  }
}

// Recorded on AWS: notes/lambda.md, section 3.
TEST_F(ChangeJson, SizeCountsKeysAgainInEachImage) {
  stream_.view = ViewType::kNewImage;
  stream_.key = {{{"my_partition_key", item::Tag::kString}}, {}};
  const std::string stored = Stored(R"({"my_partition_key":{"S":"hello world"},"binary_key":{"B":"Zm9vYmFy"}})");
  change_.before = {};
  change_.after = item::ItemView(stored);
  EXPECT_EQ(SizeBytes(stream_, change_), 70U);
}

TEST_F(ChangeJson, EventIdsDifferByStreamAndPosition) {
  Stream other = stream_;
  other.arn += "1";
  EXPECT_NE(EventId(stream_, 1), EventId(stream_, 2));
  EXPECT_NE(EventId(stream_, 1), EventId(other, 1));
  EXPECT_EQ(EventId(stream_, 1), EventId(stream_, 1));
}

}  // namespace
}  // namespace stator::streams
