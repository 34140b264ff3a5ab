// The pieces of the back end that need no server: addresses, bodies, the page's files, routes. What the whole of it
// answers is in tests/blackbox/backend.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "api/address.h"
#include "api/new_message.h"
#include "api/problem.h"
#include "api/service.h"
#include "client/json_text.h"
#include "ids.h"
#include "json/value.h"

namespace stator::messages {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(AddressTest, DecodesPercentSigns) {
  EXPECT_EQ(Decoded("a%20b%C3%A9+"), "a b\xc3\xa9+");
  EXPECT_EQ(Decoded(""), "");
  for (const Bytes bad : {"%", "%2", "%zz", "%ff", "%c3", "%ed%a0%80"}) EXPECT_FALSE(Decoded(bad)) << bad;
}

TEST(AddressTest, FindsParameters) {
  bool bad = false;
  EXPECT_EQ(Parameter("a=1&b=x+y%26&c", "b", &bad), "x y&");
  EXPECT_EQ(Parameter("a=1&a=2", "a", &bad), "1");
  EXPECT_EQ(Parameter("a=1&b=x&c", "c", &bad), "");
  EXPECT_EQ(Parameter("ab=1", "a", &bad), std::nullopt);
  EXPECT_EQ(Parameter("", "a", &bad), std::nullopt);
  EXPECT_FALSE(bad);
  EXPECT_EQ(Parameter("a=%ff", "a", &bad), std::nullopt);
  EXPECT_TRUE(bad);
}

TEST(AddressTest, MatchesPatterns) {
  Bytes argument;
  EXPECT_TRUE(Matches("/api/me", "/api/me", &argument));
  EXPECT_FALSE(Matches("/api/me", "/api/me/", &argument));
  EXPECT_TRUE(Matches("/api/users/@{}/short", "/api/users/@nora/short", &argument));
  EXPECT_EQ(argument, "nora");
  for (const Bytes path :
       {"/api/users/@/short", "/api/users/@a/b/short", "/api/users/nora/short", "/api/users/@nora"}) {
    EXPECT_FALSE(Matches("/api/users/@{}/short", path, &argument)) << path;
  }
}

std::string FaultOf(Bytes body) {
  const auto read = ReadNewMessage(body);
  if (read.ok()) return "";
  json::Document document;
  const http::Reply reply = ProblemReply(read.error());
  return std::string(client::TextOf(*document.Parse(reply.body), "error"));
}

TEST(NewMessageTest, ReadsWhatIsToBeWritten) {
  const auto read = ReadNewMessage(
      R"({"message":" hi ","message_group_uuid":"00000000-0000-0000-0000-000000000001","uuid":"00000000-0000-0000-0000-000000000002","retry":true})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->text, " hi ");
  EXPECT_EQ(read->group_uuid, "00000000-0000-0000-0000-000000000001");
  EXPECT_EQ(read->uuid, "00000000-0000-0000-0000-000000000002");
  EXPECT_TRUE(read->retry);
  const auto start = ReadNewMessage(R"({"message":"x","handle":"@nora","message_group_uuid":null,"retry":true})");
  ASSERT_TRUE(start.ok());
  EXPECT_EQ(start->handle, "nora");
  EXPECT_TRUE(IsUuid(start->uuid));
  EXPECT_FALSE(start->retry);  // of a message that nobody can have sent before
}

TEST(NewMessageTest, SaysWhatIsWrong) {
  EXPECT_EQ(FaultOf("{"), "json_invalid");
  EXPECT_EQ(FaultOf("7"), "json_invalid");
  EXPECT_EQ(FaultOf("{\"message\":\"\xff\"}"), "utf8_invalid");
  EXPECT_EQ(FaultOf(R"({"message":7,"handle":"a"})"), "field_invalid");
  EXPECT_EQ(FaultOf(R"({"message":"x","handle":{}})"), "field_invalid");
  EXPECT_EQ(FaultOf(R"({"message":"x","message_group_uuid":"x"})"), "field_invalid");
  EXPECT_EQ(FaultOf(R"({"message":"x","handle":"a","retry":1})"), "field_invalid");
  EXPECT_EQ(FaultOf(R"({"message":"x"})"), "message_group_uuid_or_handle");
  EXPECT_EQ(FaultOf(R"({"handle":"a"})"), "message_blank");
  EXPECT_EQ(FaultOf(R"({"handle":"a","message":" \n\u00a0\u2003\u3000\u200b\ufeff\u0000"})"), "message_blank");
  EXPECT_EQ(FaultOf(R"({"handle":"a","message":"\u200b\u4e2d"})"), "");
}

TEST(NewMessageTest, CountsCodePoints) {
  for (const std::string& character : {std::string("x"), std::string("é"), std::string("中"), std::string("😀")}) {
    std::string text;
    for (size_t i = 0; i < kMostCharacters; ++i) text += character;
    EXPECT_EQ(FaultOf(R"({"handle":"a","message":")" + text + "\"}"), "") << character;
    text += character;
    EXPECT_EQ(FaultOf(R"({"handle":"a","message":")" + text + "\"}"), "message_exceed_max_chars_1024");
  }
}

TEST(ProblemTest, OtherErrorsTellNothing) {
  const http::Reply reply = ProblemReply(MakeError(Refusal(problems::kNotFound).id, {"secret host"}));
  EXPECT_EQ(reply.status, 503);
  EXPECT_THAT(reply.body, HasSubstr(R"("error":"unavailable")"));
  EXPECT_EQ(reply.body.find("secret"), std::string::npos);
}

// "/api/messages/{message_group_uuid}" as routes write it.
std::string Unnamed(Bytes path) {
  const size_t open = path.find('{');
  if (open == Bytes::npos) return std::string(path);
  return std::string(path.substr(0, open)) + "{}" + std::string(path.substr(path.find('}') + 1));
}

TEST(RoutesTest, AreThoseOfTheDocument) {
  json::Document document;
  const auto root = document.Parse(OpenApiText());
  ASSERT_TRUE(root.ok());
  std::set<std::string> described;
  std::set<std::string> open;
  for (const json::Member path : root->Find("paths").members()) {
    for (const json::Member call : path.value.members()) {
      ASSERT_EQ(call.name, call.name == "get" ? "get" : "post");
      const std::string route = (call.name == "get" ? "GET " : "POST ") + Unnamed(path.name);
      described.insert(route);
      if (call.value.Find("security").valid()) open.insert(route);
    }
  }
  std::set<std::string> routes;
  std::set<std::string> anybody;
  for (const Service::Route& route : Service::Routes()) {
    const std::string text = std::string(route.method) + " " + std::string(route.pattern);
    routes.insert(text);
    if (route.anybody) anybody.insert(text);
  }
  EXPECT_EQ(routes, described);
  EXPECT_EQ(anybody, open);
}

class WebFilesTest : public ::testing::Test {
 protected:
  WebFilesTest() {
    std::filesystem::create_directories(folder_ + "/assets");
    Write("/index.html", "<html>");
    Write("/assets/app-1234.js", "code");
    Write("/icon.png", "png");
  }
  ~WebFilesTest() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& path, Bytes text) const { std::ofstream(folder_ + path) << text; }
  http::Reply Get(const WebFiles& web, Bytes path, Bytes accept = "text/html", Bytes match = "") const {
    http::RequestHead head;
    head.method = "GET";
    head.path = path;
    head.headers = {{"accept", accept}, {"if-none-match", match}};
    return web.Answer(head);
  }
  static std::string HeaderOf(const http::Reply& reply, Bytes name) {
    for (const auto& [key, value] : reply.headers) {
      if (key == name) return value;
    }
    return "";
  }

  const std::string folder_ = ::testing::TempDir() + "web_files_" + std::to_string(getpid());
};

TEST_F(WebFilesTest, ServesFilesAndThePageForEverythingElse) {
  const auto web = WebFiles::Load(folder_, "http://pool:1");
  ASSERT_TRUE(web.ok());
  EXPECT_EQ(Get(*web, "/").body, "<html>");
  EXPECT_EQ(Get(*web, "/").content_type, "text/html; charset=utf-8");
  EXPECT_THAT(HeaderOf(Get(*web, "/"), "Content-Security-Policy"), HasSubstr("connect-src 'self' http://pool:1;"));
  EXPECT_THAT(HeaderOf(Get(*web, "/"), "Content-Security-Policy"), Not(HasSubstr("unsafe")));
  EXPECT_EQ(Get(*web, "/messages/new/a.b").body, "<html>");
  EXPECT_EQ(Get(*web, "/assets/app-1234.js").body, "code");
  EXPECT_THAT(HeaderOf(Get(*web, "/assets/app-1234.js"), "Cache-Control"), HasSubstr("immutable"));
  EXPECT_EQ(HeaderOf(Get(*web, "/"), "Cache-Control"), "no-cache");
  EXPECT_EQ(Get(*web, "/icon.png").content_type, "image/png");
}

TEST_F(WebFilesTest, SendsNothingAgainThatHasNotChanged) {
  const auto web = WebFiles::Load(folder_, "");
  ASSERT_TRUE(web.ok());
  const std::string etag = HeaderOf(Get(*web, "/"), "ETag");
  EXPECT_EQ(Get(*web, "/", "text/html", etag).status, 304);
  EXPECT_EQ(Get(*web, "/", "text/html", "\"other\"").status, 200);
}

TEST_F(WebFilesTest, WhatIsNotThereIsNotFound) {
  const auto web = WebFiles::Load(folder_, "");
  ASSERT_TRUE(web.ok());
  EXPECT_EQ(Get(*web, "/assets/gone.js").status, 404);
  EXPECT_EQ(Get(*web, "/gone.png", "image/avif,image/webp").status, 404);
  EXPECT_EQ(Get(*web, "/../secret", "image/png").status, 404);
  const auto none = WebFiles::Load(folder_ + "/nothing", "");
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(Get(*none, "/").status, 503);
}

}  // namespace
}  // namespace stator::messages
