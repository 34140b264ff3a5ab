#include <gmock/gmock.h>

#include "base/run_on.h"
#include "services/dynamodb/control_test.h"

namespace stator::services::dynamodb {
namespace {

using testing::HasSubstr;

class TimeToLiveOpsTest : public ControlTest {
 protected:
  TimeToLiveOpsTest() { Create("Plain"); }

  void Create(const std::string& name) {
    Do("CreateTable", R"({"TableName": ")" + name + R"(",
      "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"})");
  }
  static std::string Of(bool enable, const std::string& attribute, const std::string& table = "Plain") {
    return R"({"TableName": ")" + table + R"(", "TimeToLiveSpecification": {"Enabled": )" +
           (enable ? "true" : "false") + R"(, "AttributeName": ")" + attribute + R"("}})";
  }
  std::string Describe(const std::string& table = "Plain") {
    return Do("DescribeTimeToLive", R"({"TableName": ")" + table + R"("})");
  }
  void SetFilled() {
    const engine::Space space = Find("Plain")->ttl.space;
    EXPECT_TRUE(RunOn(lanes_.at(0), [&](Lane& lane) { return catalog_->IndexBuilt(space, lane); }).ok());
  }
};

TEST_F(TimeToLiveOpsTest, FromDisabledToEnabledAndBack) {
  EXPECT_EQ(Describe(), R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
  EXPECT_EQ(Do("UpdateTimeToLive", Of(true, "ttl")),
            R"({"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})");
  EXPECT_EQ(Describe(), R"({"TimeToLiveDescription":{"AttributeName":"ttl","TimeToLiveStatus":"ENABLING"}})");
  SetFilled();
  EXPECT_EQ(Describe(), R"({"TimeToLiveDescription":{"AttributeName":"ttl","TimeToLiveStatus":"ENABLED"}})");
  const engine::Space space = Find("Plain")->ttl.space;
  now_ = now_ + std::chrono::hours(1);
  EXPECT_EQ(Do("UpdateTimeToLive", Of(false, "ttl")),
            R"({"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":false}})");
  EXPECT_EQ(Describe(), R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
  EXPECT_EQ(catalog_->DroppedSpaces(), std::vector{space});
  now_ = now_ + std::chrono::hours(1);
  Do("UpdateTimeToLive", Of(true, "other"));
  EXPECT_NE(Find("Plain")->ttl.space, space);
}

TEST_F(TimeToLiveOpsTest, WhatIsRefused) {
  EXPECT_EQ(Text("UpdateTimeToLive", Of(false, "ttl")), "TimeToLive is already disabled");
  Do("UpdateTimeToLive", Of(true, "ttl"));
  const std::string another = "TimeToLive is active on a different AttributeName: current AttributeName is ttl";
  EXPECT_EQ(Text("UpdateTimeToLive", Of(true, "ttl")), "TimeToLive is already enabled");
  EXPECT_EQ(Text("UpdateTimeToLive", Of(true, "other")), another);
  EXPECT_EQ(Text("UpdateTimeToLive", Of(false, "other")), another);
  now_ = now_ + (std::chrono::hours(1) - std::chrono::microseconds(1));
  EXPECT_EQ(Text("UpdateTimeToLive", Of(false, "ttl")),
            "Time to live has been modified multiple times within a fixed interval");
  EXPECT_EQ(Text("UpdateTimeToLive", Of(true, "ttl", "Nothing")),
            "Requested resource not found: Table: Nothing not found");
  EXPECT_EQ(Text("DescribeTimeToLive", R"({"TableName": "Nothing"})"),
            "Requested resource not found: Table: Nothing not found");
  EXPECT_THAT(Text("UpdateTimeToLive", Of(true, "")), HasSubstr("length greater than or equal to 1"));
  EXPECT_THAT(Text("UpdateTimeToLive", Of(true, std::string(256, 'a'))), HasSubstr("length less than or equal to 255"));
  EXPECT_THAT(Text("UpdateTimeToLive", R"({"TableName": "Plain"})"),
              HasSubstr("Value null at 'TimeToLiveSpecification'"));
}

TEST_F(TimeToLiveOpsTest, StatesThatLast) {
  Open(std::chrono::seconds(5));
  Do("UpdateTimeToLive", Of(true, "ttl"));
  SetFilled();
  EXPECT_THAT(Describe(), HasSubstr("ENABLING"));
  now_ = now_ + std::chrono::seconds(5);
  EXPECT_THAT(Describe(), HasSubstr("ENABLED"));
  now_ = now_ + std::chrono::hours(1);
  Do("UpdateTimeToLive", Of(false, "ttl"));
  EXPECT_EQ(Describe(), R"({"TimeToLiveDescription":{"AttributeName":"ttl","TimeToLiveStatus":"DISABLING"}})");
  now_ = now_ + std::chrono::seconds(5);
  EXPECT_THAT(Describe(), HasSubstr("DISABLED"));
}

TEST_F(TimeToLiveOpsTest, SurvivesARestart) {
  Do("UpdateTimeToLive", Of(true, "ttl"));
  const catalog::TimeToLive before = Find("Plain")->ttl;
  Open(Duration(0));
  EXPECT_EQ(Find("Plain")->ttl.space, before.space);
  EXPECT_TRUE(Find("Plain")->ttl.backfilling);
  EXPECT_EQ(Text("UpdateTimeToLive", Of(true, "ttl")), "TimeToLive is already enabled");
}

}  // namespace
}  // namespace stator::services::dynamodb
