#include "dispatch/rest.h"

#include <gtest/gtest.h>

#include "dispatch/dispatcher.h"
#include "errors/common.h"
#include "errors/dispatch.h"

namespace stator::dispatch {
namespace {

const Shape kText{Shape::Kind::kString, "Text"};
const Shape kName{Shape::Kind::kString, "Name", 1, 30};
const Shape kNumber{Shape::Kind::kInteger, "MaxItems", 1, 50};
const Shape kTexts{.kind = Shape::Kind::kList, .model_name = "Keys", .element = &kText};
const ShapeMember kMembers[] = {
    {"Name", &kName, true}, {"MaxItems", &kNumber}, {"Other", &kText}, {"TagKeys", &kTexts}, {"ZipFile", &kText}};
const Shape kInput{.kind = Shape::Kind::kStructure, .model_name = "Input", .members = kMembers};

// Answers with what it was given.
Task<Answer> Echo(const Call& call) {
  if (call.request->head.Find("x-fail") == "conflict") co_return Fail(errors::kRestUnknownOperation, "a", "b");
  if (call.request->head.Find("x-fail") == "internal") co_return Fail(errors::kInternal);
  if (call.request->head.Find("x-accepted") == "yes") call.reply->status = 202;
  std::string reply(call.blob);
  for (const json::Member member : call.body.members()) {
    reply.append("|").append(member.name).append("=");
    if (member.value.is_string()) reply.append(member.value.text());
    if (member.value.is_number()) reply.append("#").append(std::to_string(member.value.integer()));
    if (!member.value.is_array()) continue;
    for (const json::Value element : member.value.elements()) reply.append(element.text()).append(",");
  }
  co_return reply;
}

class RestTest : public ::testing::Test {
 protected:
  RestTest() {
    Add("Get", {.method = "GET", .path = "/2015-03-31/things/{Name}"});
    Add("List", {.method = "GET", .path = "/2015-03-31/things/list"});
    Add("Put", {.method = "PUT", .path = "/2015-03-31/things/{Name}/code/", .success = 201, .blob = "ZipFile"});
    Add("Run", {.method = "POST",
                .path = "/2015-03-31/things/{Name}/runs",
                .raw_body = true,
                .body_limit = 100,
                .limit_name = "RunThing"});
    registry_.Add(
        {.target_prefix = "Logs_2014", .name = "Eleven", .input = &kInput, .run = Echo, .protocol = Protocol::kJson11});
  }
  void Add(std::string_view name, RestRoute route) {
    registry_.Add({.target_prefix = "Test",
                   .name = name,
                   .input = &kInput,
                   .run = Echo,
                   .protocol = Protocol::kRest,
                   .route = route});
  }
  http::Reply Send(Bytes method, Bytes target, Bytes body = {}, std::vector<http::Header> headers = {}) {
    http::Request request;
    request.head.method = method;
    request.head.path = target.substr(0, target.find('?'));
    if (target.find('?') != Bytes::npos) request.head.query = target.substr(target.find('?') + 1);
    request.head.headers = std::move(headers);
    request.body = body;
    auto task = dispatcher_.Handle(request, lane_);
    EXPECT_TRUE(task.done());
    return task.Take();
  }
  static std::string HeaderOf(const http::Reply& reply, Bytes name) {
    for (const auto& header : reply.headers) {
      if (header.first == name) return header.second;
    }
    return {};
  }

  Clock clock_;
  Registry registry_;
  Dispatcher dispatcher_{registry_, clock_, {}};
  Lane lane_{0};
};

TEST_F(RestTest, PathQueryAndBodyBecomeOneRequest) {
  const http::Reply reply =
      Send("PUT", "/2015-03-31/things/a%3Ab%2Fc/code?maxItems=5&tagKeys=x&tagKeys=y+%26z&unknown=1",
           R"( {"Other":"o","Name":"overruled"} )");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, "|Other=o|Name=overruled|MaxItems=#5|TagKeys=x,y &z,|Name=a:b/c");
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(HeaderOf(reply, "x-amzn-RequestId").size(), 36U);
  EXPECT_FALSE(reply.crc32);
}

TEST_F(RestTest, SlashesAtTheEndAndEmptyBodies) {
  for (const Bytes path : {"/2015-03-31/things/x", "/2015-03-31/things/x/"})
    EXPECT_EQ(Send("GET", path).body, "|Name=x");
  for (const Bytes body : {"", "{}", " { } ", "\n{\n}\n"}) {
    EXPECT_EQ(Send("PUT", "/2015-03-31/things/x/code", body).body, "|Name=x") << body;
  }
}

TEST_F(RestTest, LiteralSegmentsComeBeforeParameters) {
  // List has no Name: its shape refuses.
  EXPECT_EQ(Send("GET", "/2015-03-31/things/list").status, 400);
}

TEST_F(RestTest, UnknownRoutes) {
  for (const Bytes path : {"/2015-03-31/nothing", "/2015-03-31/things//", "/2015-03-31/things/x/code"}) {
    const http::Reply reply = Send("GET", path);
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(HeaderOf(reply, "x-amzn-ErrorType"), "UnknownOperationException");
  }
  EXPECT_EQ(Send("GET", "/nothing").body, "<UnknownOperationException/>\n");
  const http::Reply by_target =
      Send("POST", "/", "{}", {{"content-type", "application/x-amz-json-1.1"}, {"x-amz-target", "Test.Get"}});
  EXPECT_EQ(by_target.body, R"({"__type":"UnknownOperationException"})");
}

TEST_F(RestTest, ConstraintsAreWordedWithTheirValues) {
  const http::Reply reply = Send("GET", "/2015-03-31/things/x?MaxItems=51");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(HeaderOf(reply, "x-amzn-ErrorType"), "ValidationException");
  EXPECT_EQ(reply.body,
            R"({"message":"1 validation error detected: Value '51' at 'maxItems' failed to satisfy constraint: Member )"
            R"(must have value less than or equal to 50"})");
}

TEST_F(RestTest, ErrorsNameTheirTypeInAHeader) {
  const http::Reply internal = Send("GET", "/2015-03-31/things/x", "", {{"x-fail", "internal"}});
  EXPECT_EQ(internal.status, 500);
  EXPECT_EQ(HeaderOf(internal, "x-amzn-ErrorType"), "ServiceException");
  EXPECT_EQ(internal.body, R"({"Type":"Service","Message":"Internal server error"})");
}

TEST_F(RestTest, BodiesThatAreNoObject) {
  for (const Bytes body : {"{", "x", "{\"a\":{}", "{\"a\":1} {}", "{\"a\":1,}", "{\"a\":\"b}", "}"}) {
    const http::Reply reply = Send("PUT", "/2015-03-31/things/x/code", body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_EQ(HeaderOf(reply, "x-amzn-ErrorType"), "InvalidRequestContentException") << body;
  }
  EXPECT_EQ(HeaderOf(Send("PUT", "/2015-03-31/things/x/code", "[1]"), "x-amzn-ErrorType"), "SerializationException");
}

TEST_F(RestTest, ALargeMemberIsLeftWhereItIs) {
  const Bytes body = R"({"Other":"\"ZipFile\":\"no\"", "ZipFile" : "UEsDBA==", "MaxItems":3})";
  EXPECT_EQ(Send("PUT", "/2015-03-31/things/x/code", body).body,
            R"(UEsDBA==|Other="ZipFile":"no"|ZipFile=|MaxItems=#3|Name=x)");
  EXPECT_EQ(Send("PUT", "/2015-03-31/things/x/code", R"({"ZipFile":null})").body, "|ZipFile=|Name=x");
}

TEST_F(RestTest, RawBodiesAreNotParsed) {
  const http::Reply reply = Send("POST", "/2015-03-31/things/x/runs", "not json", {{"x-accepted", "yes"}});
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(reply.body, "|Name=x");
}

TEST_F(RestTest, LargeBodiesAreRefusedBeforeTheyAreRead) {
  http::RequestHead head;
  head.method = "POST";
  head.path = "/2015-03-31/things/x/runs";
  head.headers = {{"Content-Length", "100"}};
  EXPECT_FALSE(dispatcher_.Admit(head));
  EXPECT_EQ(dispatcher_.BodyLimit(head, 7), 100U);
  head.headers = {{"Content-Length", "101"}};
  const auto refusal = dispatcher_.Admit(head);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 413);
  EXPECT_EQ(refusal->body, R"({"message":"Request must be smaller than 100 bytes for the RunThing operation"})");
  head.path = "/";
  EXPECT_FALSE(dispatcher_.Admit(head));
  EXPECT_EQ(dispatcher_.BodyLimit(head, 7), 7U);
}

TEST_F(RestTest, TheJsonProtocolOfVersionOnePointOne) {
  const auto call = [this](Bytes body) {
    return Send("POST", "/", body,
                {{"content-type", "application/x-amz-json-1.1"}, {"x-amz-target", "Logs_2014.Eleven"}});
  };
  const http::Reply reply = call(R"({"Name":"x"})");
  EXPECT_EQ(reply.body, "|Name=x");
  EXPECT_EQ(reply.content_type, "application/x-amz-json-1.1");
  EXPECT_FALSE(reply.crc32);
  const http::Reply refused = call(R"({"Name":""})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.content_type, "application/x-amz-json-1.1");
  EXPECT_EQ(refused.body,
            R"({"__type":"ValidationException","message":"1 validation error detected: Value '' at 'name' failed to )"
            R"(satisfy constraint: Member must have length greater than or equal to 1"})");
}

TEST_F(RestTest, FiguresNameTheService) {
  Send("GET", "/2015-03-31/things/x");
  EXPECT_NE(dispatcher_.Metrics().find("stator_operation_calls_total{operation=\"Test.Get\"} 1"), std::string::npos);
}

TEST(PercentDecoded, LeavesWhatIsNoEscape) {
  EXPECT_EQ(PercentDecoded("a%20b%2fc%"), "a b/c%");
  EXPECT_EQ(PercentDecoded("%zz%4"), "%zz%4");
}

}  // namespace
}  // namespace stator::dispatch
