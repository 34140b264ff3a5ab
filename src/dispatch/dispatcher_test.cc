#include "dispatch/dispatcher.h"

#include <gtest/gtest.h>

#include "errors/common.h"
#include "json/writer.h"

namespace stator::dispatch {
namespace {

struct Extra : ErrorDetail {};

const Shape kName{Shape::Kind::kString, "Name", 1, 10};
const ShapeMember kMembers[] = {{"Name", &kName, true}};
const Shape kInput{.kind = Shape::Kind::kStructure, .model_name = "EchoInput", .members = kMembers};

class DispatcherTest : public ::testing::Test {
 protected:
  DispatcherTest() {
    registry_.Add({"Test_1", "Echo", &kInput, false,
                   [](const dispatch::Call& call) -> Task<Answer> {
                     std::string reply;
                     json::Writer(&reply)
                         .BeginObject()
                         .Key("Name")
                         .String(call.body.Find("Name").text())
                         .Key("Region")
                         .String(call.principal.region)
                         .EndObject();
                     co_return reply;
                   },
                   nullptr});
    registry_.Add({"Test_1", "Fail", &kInput, false,
                   [](const dispatch::Call&) -> Task<Answer> {
                     Error error = stator::Fail(errors::kInternal);
                     error.detail = std::make_shared<Extra>();
                     co_return error;
                   },
                   [](const ErrorDetail&, json::Writer& out) { out.Key("Extra").Bool(true); }});
    dispatcher_.AddPage("GET", "/_stator/page", [](const http::Request&, Lane&) -> Task<http::Reply> {
      http::Reply reply;
      reply.body = "page";
      co_return reply;
    });
  }

  http::Reply Send(std::vector<http::Header> headers, Bytes body, Bytes method = "POST", Bytes path = "/") {
    http::Request request;
    request.head.method = method;
    request.head.path = path;
    request.head.headers = std::move(headers);
    request.body = body;
    auto task = dispatcher_.Handle(request, lane_);
    EXPECT_TRUE(task.done());
    return task.Take();
  }
  http::Reply Call(Bytes target, Bytes body) {
    return Send({{"Content-Type", "application/x-amz-json-1.0"}, {"X-Amz-Target", target}}, body);
  }

  Clock clock_;
  Registry registry_;
  Dispatcher dispatcher_{registry_, clock_, {}};
  Lane lane_{0};
};

TEST_F(DispatcherTest, RunsAnOperation) {
  const http::Reply reply = Call("Test_1.Echo", R"({"Name":"x"})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"Name":"x","Region":"us-east-1"})");
  EXPECT_EQ(reply.content_type, "application/x-amz-json-1.0");
  EXPECT_TRUE(reply.crc32);
}

TEST_F(DispatcherTest, TakesTheRegionFromTheCredentialScope) {
  const http::Reply reply = Send(
      {{"content-type", "application/x-amz-json-1.0"},
       {"x-amz-target", "Test_1.Echo"},
       {"authorization",
        "AWS4-HMAC-SHA256 Credential=AKID/20261120/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"}},
      R"({"Name":"x"})");
  EXPECT_EQ(reply.body, R"({"Name":"x","Region":"eu-west-1"})");
}

TEST_F(DispatcherTest, EveryReplyHasARequestId) {
  for (const auto& reply : {Call("Test_1.Echo", R"({"Name":"x"})"), Call("nonsense", "{}"), Send({}, "", "GET")}) {
    ASSERT_FALSE(reply.headers.empty());
    EXPECT_EQ(reply.headers[0].first, "x-amzn-RequestId");
    EXPECT_EQ(reply.headers[0].second.size(), 52U);
  }
}

TEST_F(DispatcherTest, UnknownOperations) {
  for (const Bytes target : {"", "Test_1.Nothing", "Test_1", "Echo"}) {
    const http::Reply reply = Call(target, "{}");
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.body, R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
  }
}

TEST_F(DispatcherTest, WhatIsNotTheJsonProtocolIsNotFound) {
  EXPECT_EQ(Send({{"content-type", "text/plain"}, {"x-amz-target", "Test_1.Echo"}}, R"({"Name":"x"})").status, 404);
  EXPECT_EQ(Send({}, "", "PUT").status, 404);
  EXPECT_EQ(Send({}, "", "GET", "/nothing").status, 404);
  EXPECT_TRUE(Send({}, "", "PUT").crc32);
}

TEST_F(DispatcherTest, BodiesNameTheirType) {
  const auto status = [this](Bytes type, Bytes body) {
    return Send({{"content-type", type}, {"x-amz-target", "Test_1.Echo"}}, body).status;
  };
  for (const Bytes type :
       {"application/x-amz-json-1.0", "application/json", "application/x-amz-json-1.0; charset=utf-8"}) {
    EXPECT_EQ(status(type, R"({"Name":"x"})"), 200) << type;
  }
  EXPECT_EQ(status("application/x-amz-json-1.1", R"({"Name":"x"})"), 404);
  EXPECT_EQ(Send({{"x-amz-target", "Test_1.Echo"}}, R"({"Name":"x"})").status, 404);
  EXPECT_EQ(Send({{"x-amz-target", "Test_1.Echo"}}, "").status, 400);
}

TEST_F(DispatcherTest, BodiesThatAreNotObjectsAreSerializationExceptions) {
  for (const Bytes body : {"", "{", "null", "[]", "\"x\"", "5", "{\"Name\":\"\xff\"}"}) {
    const http::Reply reply = Call("Test_1.Echo", body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_NE(reply.body.find("SerializationException"), std::string::npos) << body;
  }
  EXPECT_EQ(Call("Test_1.Echo", "{").body, R"({"__type":"com.amazon.coral.service#SerializationException"})");
}

TEST_F(DispatcherTest, ShapesAreCheckedBeforeTheOperationRuns) {
  EXPECT_NE(Call("Test_1.Echo", "{}").body.find("com.amazon.coral.validate#ValidationException"), std::string::npos);
}

TEST_F(DispatcherTest, ErrorsCarryTheirDetail) {
  const http::Reply reply = Call("Test_1.Fail", R"({"Name":"x"})");
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body,
            R"({"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"Internal server error",)"
            R"("Extra":true})");
}

TEST_F(DispatcherTest, HealthAndPages) {
  EXPECT_EQ(Send({}, "", "GET").body, "healthy: dynamodb.us-east-1.amazonaws.com ");
  EXPECT_TRUE(Send({}, "", "GET").crc32);
  EXPECT_EQ(Send({}, "", "HEAD").status, 200);
  EXPECT_EQ(Send({}, "", "GET", "/_stator/page").body, "page");
  EXPECT_EQ(Send({}, "", "POST", "/_stator/page").status, 404);
}

TEST_F(DispatcherTest, CountsCalls) {
  Call("Test_1.Echo", R"({"Name":"x"})");
  Call("Test_1.Echo", "{}");
  const std::string metrics = dispatcher_.Metrics();
  EXPECT_NE(metrics.find("stator_operation_calls_total{operation=\"Echo\"} 2"), std::string::npos);
  EXPECT_NE(metrics.find("stator_operation_client_errors_total{operation=\"Echo\"} 1"), std::string::npos);
}

}  // namespace
}  // namespace stator::dispatch
