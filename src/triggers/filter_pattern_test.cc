#include "triggers/filter_pattern.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "streams/change_json.h"
#include "triggers/change_testing.h"
#include "triggers/filter_pattern_twin.h"
#include "triggers/match_text.h"

namespace stator::triggers {
namespace {

using streams::ViewType;

constexpr const char* kBefore = R"({"pk":{"S":"MSG#1"},"sk":{"S":"a"},"status":{"S":"open"},"n":{"N":"101"}})";
constexpr const char* kAfter = R"({"pk":{"S":"MSG#1"},"sk":{"S":"a"},"status":{"S":"Done"},"n":{"N":"102"},
    "yes":{"BOOL":true},"nil":{"NULL":true},"raw":{"B":"AQID"},"tags":{"SS":["blue","red"]},
    "list":{"L":[{"S":"x"},{"M":{"deep":{"S":"y"}}},{"N":"7"}]},"map":{"M":{"inner":{"N":"1"}}},"empty":{"S":""}})";

bool Matches(const std::string& pattern, const streams::Change& change, ViewType view = ViewType::kNewAndOldImages) {
  const streams::Stream stream = TestStream(view);
  const auto compiled = FilterPattern::Compile(pattern);
  EXPECT_TRUE(compiled.ok()) << pattern;
  if (!compiled.ok()) return false;
  return compiled->Matches(EventNode(stream, change));
}

struct Case {
  const char* pattern;
  bool matches;
};

// notes/lambda.md, section 2.8, rule by rule.
TEST(FilterPattern, MatchesAsTheNoteSays) {
  const Case cases[] = {
      {R"({"eventName":["MODIFY"]})", true},
      {R"({"eventName":["INSERT"]})", false},
      {R"({"eventName":["INSERT","MODIFY"]})", true},
      {R"({"eventName":["MODIFY"],"eventSource":["aws:dynamodb"]})", true},
      {R"({"eventName":["MODIFY"],"eventSource":["aws:sqs"]})", false},
      {R"({"awsRegion":["us-east-1"],"eventVersion":["1.1"]})", true},
      {R"({"eventSourceARN":[{"suffix":"stream/2026-11-20T10:00:00.123"}]})", true},
      {R"({"eventID":[{"exists":true}]})", true},
      {R"({"userIdentity":{"type":["Service"]}})", false},
      {R"({"userIdentity":{"type":[{"exists":false}]}})", true},
      {R"({"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"MSG#"}]}}}})", true},
      {R"({"dynamodb":{"Keys":{"status":{"S":["Done"]}}}})", false},
      {R"({"dynamodb":{"StreamViewType":["NEW_AND_OLD_IMAGES"]}})", true},
      {R"({"dynamodb":{"SequenceNumber":[{"prefix":"1"}]}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":["Done"]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":["done"]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"equals-ignore-case":"dONE"}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"prefix":"Do"}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"prefix":{"equals-ignore-case":"DO"}}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"suffix":"ne"}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"suffix":{"equals-ignore-case":"NE"}}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"wildcard":"D*e"}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"wildcard":"D*x"}]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"empty":{"S":[""]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[""]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[null]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"yes":{"BOOL":[true]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"yes":{"BOOL":[false]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"nil":{"NULL":[true]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"raw":{"B":["AQID"]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"tags":{"SS":["red"]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"tags":{"SS":["green"]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"list":{"L":{"S":["x"]}}}}})", true},
      {R"({"dynamodb":{"NewImage":{"list":{"L":{"M":{"deep":{"S":["y"]}}}}}}})", true},
      {R"({"dynamodb":{"NewImage":{"list":{"L":{"N":["8"]}}}}})", false},
      {R"({"dynamodb":{"NewImage":{"map":{"M":{"inner":{"N":["1"]}}}}}})", true},
      // N is text: numeric never holds, anything-but does.
      {R"({"dynamodb":{"NewImage":{"n":{"N":["102"]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"n":{"N":[102]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"n":{"N":[{"numeric":[">",0]}]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"n":{"N":[{"anything-but":"101"}]}}}})", true},
      {R"({"dynamodb":{"OldImage":{"n":{"N":[{"anything-but":"101"}]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"n":{"N":[{"anything-but":["101","102"]}]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"n":{"N":[{"anything-but":[101,102]}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"anything-but":{"prefix":"D"}}]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"anything-but":{"prefix":["X","Y"]}}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"missing":{"S":[{"anything-but":"x"}]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"exists":true}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":{"S":[{"exists":false}]}}}})", false},
      {R"({"dynamodb":{"NewImage":{"missing":{"S":[{"exists":false}]}}}})", true},
      {R"({"dynamodb":{"NewImage":{"missing":[{"exists":false}]}}})", true},
      {R"({"dynamodb":{"NewImage":{"status":[{"exists":false}]}}})", false},
      {R"({"dynamodb":{"NewImage":{"missing":{"S":[{"exists":true}]}}}})", false},
      {R"({"dynamodb":{"ApproximateCreationDateTime":[1700000000]}})", true},
      {R"({"dynamodb":{"ApproximateCreationDateTime":[{"numeric":[">",1699999999,"<=",1700000000]}]}})", true},
      {R"({"dynamodb":{"ApproximateCreationDateTime":[{"numeric":["<",1700000000]}]}})", false},
      {R"({"dynamodb":{"ApproximateCreationDateTime":[{"numeric":["=",1700000000]}]}})", true},
      {R"({"dynamodb":{"SizeBytes":[{"numeric":[">=",1]}]}})", true},
      {R"({"$or":[{"eventName":["INSERT"]},{"dynamodb":{"NewImage":{"status":{"S":["Done"]}}}}]})", true},
      {R"({"$or":[{"eventName":["INSERT"]},{"eventName":["REMOVE"]}]})", false},
      {R"({"eventName":["MODIFY"],"$or":[{"awsRegion":["x"]},{"awsRegion":["us-east-1"]}]})", true},
      {R"({"dynamodb":{"$or":[{"NewImage":{"status":{"S":["x"]}}},{"OldImage":{"status":{"S":["open"]}}}]}})", true},
      {R"({"body":{"x":["y"]}})", false},
  };
  const OwnedChange change(42, kBefore, kAfter);
  for (const Case& c : cases) EXPECT_EQ(Matches(c.pattern, change.change), c.matches) << c.pattern;
}

TEST(FilterPattern, SeesWhatTheViewShows) {
  const OwnedChange change(42, kBefore, kAfter);
  const std::string done = R"({"dynamodb":{"NewImage":{"status":{"S":["Done"]}}}})";
  const std::string open = R"({"dynamodb":{"OldImage":{"status":{"S":["open"]}}}})";
  EXPECT_TRUE(Matches(done, change.change, ViewType::kNewImage));
  EXPECT_FALSE(Matches(open, change.change, ViewType::kNewImage));
  EXPECT_FALSE(Matches(done, change.change, ViewType::kOldImage));
  EXPECT_TRUE(Matches(open, change.change, ViewType::kOldImage));
  EXPECT_FALSE(Matches(done, change.change, ViewType::kKeysOnly));
}

TEST(FilterPattern, SeesWhoExpiredAnItem) {
  OwnedChange change(42, kBefore, "");
  const std::string pattern = R"({"userIdentity":{"type":["Service"],"principalId":["dynamodb.amazonaws.com"]}})";
  EXPECT_FALSE(Matches(pattern, change.change));
  change.change.by_service = true;
  EXPECT_TRUE(Matches(pattern, change.change));
}

TEST(FilterPattern, RefusesWhatIsNone) {
  const std::string nested = [] {
    std::string text;
    for (int i = 0; i < 200; ++i) text += R"({"a":)";
    text += "[1]";
    return text + std::string(200, '}');
  }();
  const std::string cases[] = {"",
                               "single-string",
                               R"("x")",
                               "[]",
                               "{}",
                               "null",
                               R"([{"eventName": ["INSERT"=123}])",
                               R"({"eventName":"INSERT"})",
                               R"({"eventName":[]})",
                               R"({"eventName":[["INSERT"]]})",
                               R"({"eventName":[{}]})",
                               R"({"dynamodb":{}})",
                               R"({"eventName":[{"prefix":"a","suffix":"b"}]})",
                               R"({"eventName":[{"unknown":"a"}]})",
                               R"({"eventName":[{"prefix":1}]})",
                               R"({"eventName":[{"exists":"yes"}]})",
                               R"({"eventName":[{"numeric":[]}]})",
                               R"({"eventName":[{"numeric":[">"]}]})",
                               R"({"eventName":[{"numeric":[">","1"]}]})",
                               R"({"eventName":[{"numeric":["~",1]}]})",
                               R"({"eventName":[{"anything-but":[]}]})",
                               R"({"eventName":[{"anything-but":{"exists":true}}]})",
                               R"({"eventName":[{"wildcard":"a**b"}]})",
                               R"({"eventName":[{"wildcard":"a\\b"}]})",
                               R"({"$or":[]})",
                               R"({"$or":{"eventName":["x"]}})",
                               R"({"$or":["x"]})",
                               R"({"eventName":1})",
                               R"({"eventName":null})",
                               nested,
                               R"({"eventName":[")" + std::string(4096, 'x') + R"("]})"};
  for (const std::string& text : cases) {
    const auto compiled = FilterPattern::Compile(text);
    ASSERT_FALSE(compiled.ok()) << text;
    EXPECT_EQ(compiled.error().text, "Invalid filter pattern definition.");
  }
}

TEST(Filters, OneIsEnough) {
  const streams::Stream stream = TestStream();
  const OwnedChange change(42, "", kAfter);
  EXPECT_TRUE(Filters().Pass(stream, change.change));
  const auto one = Filters::Compile({R"({"eventName":["REMOVE"]})", R"({"eventName":["INSERT"]})"});
  ASSERT_TRUE(one.ok());
  EXPECT_TRUE(one->Pass(stream, change.change));
  const auto none = Filters::Compile({R"({"eventName":["REMOVE"]})"});
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->Pass(stream, change.change));
  EXPECT_FALSE(Filters::Compile(std::vector<std::string>(6, R"({"eventName":["REMOVE"]})")).ok());
}

TEST(MatchText, Wildcards) {
  EXPECT_TRUE(MatchesWildcard("a*b*c", "aXbYbc"));
  EXPECT_FALSE(MatchesWildcard("a*b*c", "aXbYb"));
  EXPECT_TRUE(MatchesWildcard("*", ""));
  EXPECT_TRUE(MatchesWildcard("", ""));
  EXPECT_FALSE(MatchesWildcard("", "x"));
  EXPECT_TRUE(MatchesWildcard(R"(a\*b)", "a*b"));
  EXPECT_FALSE(MatchesWildcard(R"(a\*b)", "axb"));
  EXPECT_FALSE(ValidWildcard("a**"));
  EXPECT_FALSE(ValidWildcard("\\"));
}

// --- Against the slow twin: random patterns over random records. ---

class RandomPattern {
 public:
  explicit RandomPattern(Random& random) : random_(random) {}

  std::string Text() { return Record(); }

 private:
  bool Often() { return random_.Below(3) != 0; }
  std::string Pick(std::initializer_list<const char*> texts) { return *(texts.begin() + random_.Below(texts.size())); }
  std::string Scalar() {
    return Pick({R"("a")", R"("ab")", R"("b")", R"("")", R"("1")", "1", "true", "null", "1700000000"});
  }
  std::string Test() {
    switch (random_.Below(8)) {
      case 0:
        return R"({"prefix":)" + Pick({R"("a")", R"("")", R"({"equals-ignore-case":"A"})"}) + "}";
      case 1:
        return R"({"suffix":)" + Pick({R"("b")", R"({"equals-ignore-case":"B"})"}) + "}";
      case 2:
        return R"({"exists":)" + Pick({"true", "false"}) + "}";
      case 3:
        return R"({"anything-but":)" +
               Pick({R"("a")", R"(["a","b",1])", "true", R"({"prefix":"a"})", R"({"suffix":["a","b"]})"}) + "}";
      case 4:
        return R"({"numeric":)" + Pick({R"([">",0])", R"(["<=",1700000000,">",5])", R"(["=",1])"}) + "}";
      case 5:
        return R"({"wildcard":)" + Pick({R"("a*")", R"("*b")", R"("*")", R"("a*b*")"}) + "}";
      case 6:
        return R"({"equals-ignore-case":"AB"})";
      default:
        return Scalar();
    }
  }
  std::string Leaf() {
    std::string text = "[" + Test();
    while (random_.Below(3) == 0) text += "," + Test();
    return text + "]";
  }
  std::string Value(int depth) {
    const std::string type = Pick({"S", "N", "BOOL", "NULL", "SS", "L", "M", "B"});
    if (type == "M" && depth < 3) return R"({"M":)" + Image(depth + 1) + "}";
    if (type == "L" && depth < 3) return R"({"L":)" + Value(depth + 1) + "}";
    return "{\"" + type + "\":" + Leaf() + "}";
  }
  std::string Image(int depth) {
    std::string text = "{\"" + Pick({"pk", "x", "y"}) + "\":" + (Often() ? Value(depth) : Leaf());
    if (!Often()) text += R"(,"z":)" + Value(depth);
    return text + "}";
  }
  std::string Inner() {
    switch (random_.Below(4)) {
      case 0:
        return R"({"Keys":)" + Image(0) + "}";
      case 1:
        return R"({"OldImage":)" + Image(0) + "}";
      case 2:
        return R"({"ApproximateCreationDateTime":)" + Leaf() + "}";
      default:
        return R"({"NewImage":)" + Image(0) + "}";
    }
  }
  std::string Record() {
    switch (random_.Below(4)) {
      case 0:
        return R"({"$or":[)" + Record() + "," + Record() + "]}";
      case 1:
        return R"({"eventName":["MODIFY",)" + Test() + R"(],"dynamodb":)" + Inner() + "}";
      default:
        return R"({"dynamodb":)" + Inner() + "}";
    }
  }

  Random& random_;
};

std::string RandomValue(Random& random, int depth) {
  const char* const scalars[] = {R"({"S":"a"})",     R"({"S":"ab"})",    R"({"S":""})",         R"({"N":"1"})",
                                 R"({"BOOL":true})", R"({"NULL":true})", R"({"SS":["a","b"]})", R"({"B":"YQ=="})"};
  const uint64_t kind = random.Below(depth < 3 ? 10 : 8);
  if (kind < 8) return scalars[kind];
  const std::string inner = RandomValue(random, depth + 1);
  if (kind == 8) return R"({"L":[)" + inner + "," + RandomValue(random, depth + 1) + "]}";
  return R"({"M":{"x":)" + inner + R"(,"z":)" + RandomValue(random, depth + 1) + "}}";
}

std::string RandomItem(Random& random) {
  return R"({"pk":{"S":"ab"},"sk":{"S":"a"},"x":)" + RandomValue(random, 0) + R"(,"z":)" + RandomValue(random, 0) + "}";
}

TEST(FilterPattern, AgreesWithItsTwin) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  int matched = 0;
  for (int round = 0; round < 20'000; ++round) {
    const streams::Stream stream = TestStream(static_cast<ViewType>(random.Below(4)));
    const bool removed = random.Below(4) == 0;
    const OwnedChange change(7, removed || random.Below(2) == 0 ? RandomItem(random) : "",
                             removed ? "" : RandomItem(random));
    std::string record;
    json::Writer writer(&record);
    streams::WriteChange(stream, change.change, streams::Flavour::kLambda, writer);
    const std::string text = RandomPattern(random).Text();
    const auto compiled = FilterPattern::Compile(text);
    ASSERT_TRUE(compiled.ok()) << text;
    json::Document pattern_document;
    json::Document record_document;
    const bool wanted = twin::Matches(*pattern_document.Parse(text), *record_document.Parse(record));
    ASSERT_EQ(compiled->Matches(EventNode(stream, change.change)), wanted) << text << "\n" << record;
    matched += wanted ? 1 : 0;
  }
  EXPECT_GT(matched, 100);
}

}  // namespace
}  // namespace stator::triggers
