#include "dispatch/query.h"

#include <gtest/gtest.h>

#include "dispatch/shape_make.h"

namespace stator::dispatch {
namespace {

using namespace make;  // NOLINT(google-build-using-namespace): a table of shapes

constexpr Shape kText = String("Text");
constexpr Shape kNumber = Integer("Number");
constexpr Shape kTruth = Boolean("Truth");
constexpr Shape kWhen = {.kind = Shape::Kind::kTimestamp, .model_name = "When"};
constexpr Shape kTexts = List("Texts", &kText);
constexpr Shape kTags = Map("Tags", &kText);
constexpr ShapeMember kPairMembers[] = {{"Name", &kText}, {"Value", &kText}};
constexpr Shape kPair = Structure("Pair", kPairMembers);
constexpr Shape kPairs = List("Pairs", &kPair);
constexpr ShapeMember kMembers[] = {{"Text", &kText},   {"Number", &kNumber}, {"Truth", &kTruth}, {"When", &kWhen},
                                    {"Texts", &kTexts}, {"Tags", &kTags},     {"Pairs", &kPairs}};
constexpr Shape kInput = Structure("Input", kMembers);

std::string JsonOf(Bytes form) { return QueryJson(kInput, *ReadForm(form)); }

TEST(Query, FormsBecomeJson) {
  EXPECT_EQ(JsonOf("Action=A&Version=1"), "{}");
  EXPECT_EQ(JsonOf("Text=a+b%2Fc%C3%A4&Number=12&Truth=true"), R"({"Text":"a b/cä","Number":12,"Truth":"true"})");
  EXPECT_EQ(JsonOf("Texts.member.2=b&Texts.member.1=a&Texts.member.10=c"), R"({"Texts":["a","b","c"]})");
  EXPECT_EQ(JsonOf("Texts.1=a&Texts.2=b"), R"({"Texts":["a","b"]})");
  EXPECT_EQ(JsonOf("Texts="), R"({"Texts":[]})");
  EXPECT_EQ(JsonOf("Pairs.member.1.Name=n&Pairs.member.1.Value=v&Pairs.member.2.Name=m"),
            R"({"Pairs":[{"Name":"n","Value":"v"},{"Name":"m"}]})");
  EXPECT_EQ(JsonOf("Tags.entry.1.key=k&Tags.entry.1.value=v"), R"({"Tags":{"k":"v"}})");
  EXPECT_EQ(JsonOf("Number=x"), R"({"Number":"x"})") << "refused by the shape";
}

TEST(Query, TimesComeInManyForms) {
  for (const char* time : {"2026-11-20T10:00:00Z", "2026-11-20T10:00:00", "2026-11-20T10:00:00.000Z",
                           "2026-11-20T12:00:00%2B02:00", "1795168800"}) {
    EXPECT_EQ(JsonOf(std::string("When=") + time), JsonOf("When=1795168800.0")) << time;
  }
  EXPECT_EQ(JsonOf("When=tomorrow"), R"({"When":"tomorrow"})");
}

TEST(Query, RefusesWhatIsNoForm) {
  EXPECT_FALSE(ReadForm("a=%zz").ok());
  EXPECT_FALSE(ReadForm("a=%f").ok());
  EXPECT_FALSE(ReadForm("a=%ff").ok()) << "no UTF-8";
  std::string many;
  for (int i = 0; i < 30'000; ++i) many += "&a=b";
  EXPECT_FALSE(ReadForm(many).ok());
  EXPECT_TRUE(ReadForm("").ok());
  EXPECT_EQ(JsonOf(std::string("Texts") + std::string(5000, '.')), R"({"Texts":[]})");
}

TEST(Query, AnswersBecomeXml) {
  Operation operation;
  operation.name = "Do";
  operation.protocol = Protocol::kQuery;
  operation.query = {"1", "http://space/", &kInput};
  http::Reply reply;
  reply.body = R"({"Text":"<&>","Number":1,"Truth":true,"When":1795168800.0,"Texts":["a","b"],"Pairs":[{"Name":"n"}]})";
  MakeXml(operation, "id", &reply);
  EXPECT_EQ(reply.body,
            "<DoResponse xmlns=\"http://space/\"><DoResult><Text>&lt;&amp;&gt;</Text><Number>1</Number>"
            "<Truth>true</Truth><When>2026-11-20T10:00:00Z</When><Texts><member>a</member><member>b</member></Texts>"
            "<Pairs><member><Name>n</Name></member></Pairs></DoResult><ResponseMetadata><RequestId>id</RequestId>"
            "</ResponseMetadata></DoResponse>\n");
  EXPECT_EQ(reply.content_type, "text/xml");
}

TEST(Query, ErrorsBecomeXml) {
  Operation operation;
  operation.query.xml_space = "s";
  http::Reply reply;
  reply.status = 400;
  reply.body = R"({"__type":"a.b#InvalidParameterValueException","message":"no"})";
  MakeXml(operation, "id", &reply);
  EXPECT_EQ(
      reply.body,
      "<ErrorResponse xmlns=\"s\"><Error><Type>Sender</Type><Code>InvalidParameterValue</Code><Message>no</Message>"
      "</Error><RequestId>id</RequestId></ErrorResponse>\n");
  EXPECT_EQ(QueryCode("ValidationException"), "ValidationError");
}

}  // namespace
}  // namespace stator::dispatch
