#include "logs/filter.h"

#include <gtest/gtest.h>

#include <vector>

#include "errors/logs.h"

namespace stator::logs {
namespace {

struct Case {
  const char* pattern;
  std::vector<std::string> yes, no;
};

TEST(Filter, Matches) {
  const std::vector<Case> cases = {
      {"", {"", "anything"}, {}},
      {"  ", {"anything"}, {}},
      {"ERROR", {"ERROR", "an ERROR here"}, {"error", "ERRO"}},
      {"ERROR 400", {"400 is an ERROR"}, {"ERROR 500", "400"}},
      {"?ERROR ?WARN", {"ERROR", "WARN"}, {"INFO"}},
      {"ERROR -timeout", {"ERROR"}, {"ERROR timeout"}},
      {"-\"not this\"", {"this"}, {"not this"}},
      {"\"INTERNAL SERVER ERROR\"", {"an INTERNAL SERVER ERROR."}, {"INTERNAL ERROR SERVER"}},
      {R"("say \"hi\"")", {R"(say "hi")"}, {"say hi"}},
      {"RequestId: 12-34", {"RequestId: 12-34"}, {"RequestId:"}},
      {R"({ $.a = "x" })", {R"({"a":"x"})"}, {R"({"a":"y"})", R"({"b":"x"})", "x", "", R"(["x"])"}},
      {R"({ $.a.b[1] = 7 })", {R"({"a":{"b":[1,7]}})", R"({"a":{"b":[1,7.0]}})"}, {R"({"a":{"b":[7]}})", R"({"a":7})"}},
      {R"({ $.a != "x" })", {R"({"a":"y"})"}, {R"({"a":"x"})", R"({})"}},
      {R"({ $.a = "x*z" })", {R"({"a":"xz"})", R"({"a":"xyz"})"}, {R"({"a":"xzy"})"}},
      {R"({ $.n >= 1e2 && $.n < 200 })", {R"({"n":100})", R"({"n":199.5})"}, {R"({"n":200})", R"({"n":"big"})"}},
      {R"({ ($.a = 1 || $.b = 1) && $.c IS TRUE })",
       {R"({"a":1,"c":true})", R"({"b":1,"c":true})"},
       {R"({"a":1,"c":false})", R"({"c":true})"}},
      {R"({ $.a = 1 || $.b = 1 && $.c = 1 })", {R"({"a":1})", R"({"b":1,"c":1})"}, {R"({"b":1})", R"({"c":1})"}},
      {R"({ $.a IS NULL })", {R"({"a":null})"}, {R"({"a":0})", R"({})"}},
      {R"({ $.a NOT EXISTS })", {R"({})"}, {R"({"a":null})"}},
      {R"({ $.a EXISTS })", {R"({"a":null})"}, {R"({})"}},
      {R"({ $.a[*] = "q" })", {R"({"a":["p","q"]})"}, {R"({"a":["p"]})", R"({"a":"q"})"}},
      {R"({ $.a[*].b = 2 })", {R"({"a":[{"b":1},{"b":2}]})"}, {R"({"a":[{"b":1}]})"}},
      {R"({$.level=ERROR})", {R"({"level":"ERROR"})"}, {R"({"level":"INFO"})"}},
      {"[a, b, c]", {"1 2 3", "1 \"2 2\" [3 3]"}, {"1 2", "1 2 3 4"}},
      {"[a, ..., z = end]", {"1 2 3 end", "1 end"}, {"end", "1 2 3"}},
      {"[ip, status = 4*, bytes > 1000]", {"h 404 2000"}, {"h 504 2000", "h 404 10", "h 404 x"}},
      {"[w1 = ERROR || w1 = WARN, w2]", {"ERROR x", "WARN y"}, {"INFO z"}},
      {"[, , n = 3]", {"1 2 3"}, {"1 2 4"}},
  };
  for (const Case& each : cases) {
    const auto filter = Filter::Parse(each.pattern);
    ASSERT_TRUE(filter.ok()) << each.pattern << ": " << filter.error().text;
    for (const std::string& message : each.yes)
      EXPECT_TRUE(filter->Matches(message)) << each.pattern << " / " << message;
    for (const std::string& message : each.no)
      EXPECT_FALSE(filter->Matches(message)) << each.pattern << " / " << message;
  }
}

TEST(Filter, RefusesWhatItDoesNotServe) {
  for (const char* pattern : {"\"open",
                              "?",
                              "-",
                              "a -",
                              "%regex%",
                              "a{b",
                              "{",
                              "{}",
                              "{ $.a }",
                              "{ a = 1 }",
                              "{ $.a = }",
                              "{ $.a > x }",
                              "{ $.a = 1",
                              "{ $.a = 1 } x",
                              "{ ($.a = 1 }",
                              "{ $.a = 1) }",
                              "{ $.a = 1 && }",
                              "{ $.a[x] = 1 }",
                              "{ $.a[*].b[*] = 1 }",
                              "{ $.a IS MAYBE }",
                              "{ $.a NOT THERE }",
                              "{ $.a = %x% }",
                              "[",
                              "[a",
                              "[a] x",
                              "[a = ]",
                              "[..., a, ...]",
                              "[a = 1 || b = 2]",
                              "[a && a = 1]"}) {
    const auto filter = Filter::Parse(pattern);
    ASSERT_FALSE(filter.ok()) << pattern;
    EXPECT_EQ(filter.error().id, errors::kLogsBadPattern) << pattern;
  }
  EXPECT_FALSE(Filter::Parse(std::string(1025, 'x')).ok());
  EXPECT_FALSE(Filter::Parse("{ " + std::string(900, '(') + "$.a = 1").ok());
}

}  // namespace
}  // namespace stator::logs
