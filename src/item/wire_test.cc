#include "item/wire.h"

#include <gtest/gtest.h>

namespace stator::item {
namespace {

// The item read from `text` and written again, or "ErrorType: text".
std::string RoundTrip(const std::string& text) {
  json::Document document;
  const auto wire = document.Parse(text);
  if (!wire.ok()) return "not JSON";
  const auto item = ReadItem(*wire);
  if (!item.ok()) return std::string(FactsOf(item.error().type()).name) + ": " + item.error().text;
  EXPECT_TRUE(ValidItem(*item)) << text;
  std::string out;
  json::Writer writer(&out);
  WriteItem(ItemView(*item), writer);
  return out;
}

std::string Value(const std::string& value) {
  const std::string out = RoundTrip(R"({"x":)" + value + "}");
  const std::string prefix = R"({"x":)";
  return out.starts_with(prefix) ? out.substr(prefix.size(), out.size() - prefix.size() - 1) : out;
}

// The first error of the type check alone.
std::string Types(const std::string& value) {
  json::Document document;
  const Status status = CheckValueTypes(*document.Parse(value));
  return status.ok() ? "" : std::string(FactsOf(status.error().type()).name) + ": " + status.error().text;
}

TEST(WireTest, EveryTypeComesBack) {
  for (const std::string value :
       {R"({"S":"text"})", R"({"S":""})", R"({"N":"12.5"})", R"({"B":"AAEC"})", R"({"B":""})", R"({"BOOL":true})",
        R"({"BOOL":false})", R"({"NULL":true})", R"({"L":[]})", R"({"L":[{"S":"a"},{"N":"1"}]})", R"({"M":{}})",
        R"({"M":{"a":{"L":[{"M":{"b":{"NULL":true}}}]}}})", R"({"SS":["","a"]})", R"({"NS":["-3","0","2"]})",
        R"({"BS":["","AQ=="]})", R"({"S":"\"\\\n\u0001ü漢😀"})"}) {
    EXPECT_EQ(Value(value), value);
    EXPECT_EQ(Types(value), "");
  }
}

TEST(WireTest, AttributesAndSetsComeBackInOrder) {
  EXPECT_EQ(RoundTrip(R"({"b":{"SS":["z","y"]},"a":{"NS":["10","9","-1"]},"B":{"S":"x"}})"),
            R"({"B":{"S":"x"},"a":{"NS":["-1","9","10"]},"b":{"SS":["y","z"]}})");
}

TEST(WireTest, LaterMembersWin) {
  EXPECT_EQ(RoundTrip(R"({"b":{"S":"1"},"a":{"S":"2"},"b":{"S":"3"}})"), R"({"a":{"S":"2"},"b":{"S":"3"}})");
  EXPECT_EQ(Value(R"({"S":"1","S":"2"})"), R"({"S":"2"})");
}

TEST(WireTest, NumbersComeBackPlain) {
  EXPECT_EQ(Value(R"({"N":"+1.50e2"})"), R"({"N":"150"})");
  EXPECT_EQ(Value(R"({"N":"-0"})"), R"({"N":"0"})");
  EXPECT_EQ(Value(R"({"N":"1e-5"})"), R"({"N":"0.00001"})");
}

TEST(WireTest, UnknownAndNullMembersDoNotCount) {
  EXPECT_EQ(Value(R"({"S":"a","X":5})"), R"({"S":"a"})");
  EXPECT_EQ(Value(R"({"S":"a","N":null})"), R"({"S":"a"})");
  const std::string empty =
      "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
  EXPECT_EQ(Value("{}"), empty);
  EXPECT_EQ(Value(R"({"X":"a"})"), empty);
  EXPECT_EQ(Value(R"({"S":null})"), empty);
  EXPECT_EQ(Value("null"), empty);
  EXPECT_EQ(Value(R"({"L":[null]})"), empty);
  EXPECT_EQ(Value(R"({"M":{"a":null}})"), empty);
  EXPECT_EQ(Types("null"), "");
}

TEST(WireTest, SeveralTypes) {
  EXPECT_EQ(Value(R"({"S":"a","N":"1"})"),
            "ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
            "the supported datatypes");
  EXPECT_EQ(Value(R"({"S":"a","N":"x"})"),
            "ValidationException: The parameter cannot be converted to a numeric value: x");
}

struct Bad {
  std::string value, text;
};

TEST(WireTest, ContentErrors) {
  const std::string bad_parameter = "One or more parameter values were invalid: ";
  const Bad cases[] = {
      {R"({"N":""})", "The parameter cannot be converted to a numeric value"},
      {R"({"N":"abc"})", "The parameter cannot be converted to a numeric value: abc"},
      {R"({"N":" 1"})", "The parameter cannot be converted to a numeric value:  1"},
      {R"({"N":"1E126"})", "Number overflow. Attempting to store a number with magnitude larger than supported range"},
      {R"({"N":"1E-131"})",
       "Number underflow. Attempting to store a number with magnitude smaller than supported range"},
      {R"({"N":"123456789012345678901234567890123456789"})",
       "Attempting to store more than 38 significant digits in a Number"},
      {R"({"NULL":false})", bad_parameter + "Null attribute value types must have the value of true"},
      {R"({"SS":[]})", bad_parameter + "An string set  may not be empty"},
      {R"({"NS":[]})", bad_parameter + "An number set  may not be empty"},
      {R"({"BS":[]})", bad_parameter + "Binary sets should not be empty"},
      {R"({"SS":["a","b","a"]})", bad_parameter + "Input collection [a, b, a] contains duplicates."},
      {R"({"SS":["",""]})", bad_parameter + "Input collection [, ] contains duplicates."},
      {R"({"NS":["1","1.0"]})", "Input collection contains duplicates"},
      {R"({"BS":["Yg==","Yg=="]})", bad_parameter + "Input collection [Yg==, Yg==]of type BS contains duplicates."},
      {R"({"NS":["1",""]})", "The parameter cannot be converted to a numeric value"},
  };
  for (const Bad& bad : cases) {
    EXPECT_EQ(Value(bad.value), "ValidationException: " + bad.text);
    EXPECT_EQ(Value(R"({"M":{"a":{"L":[)" + bad.value + "]}}}"), "ValidationException: " + bad.text);
    EXPECT_EQ(Types(bad.value), "");
  }
}

TEST(WireTest, TypeErrors) {
  const std::string value_class = "class com.amazonaws.dynamodb.v20120810.AttributeValue";
  const Bad cases[] = {
      {"5", "Unexpected value type in payload"},
      {R"("s")", "Unexpected value type in payload"},
      {"true", "Unexpected value type in payload"},
      {"[]", "Unrecognized collection type " + value_class},
      {R"({"S":5})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"S":5.5})", "DECIMAL_VALUE cannot be converted to String"},
      {R"({"S":true})", "TRUE_VALUE cannot be converted to String"},
      {R"({"S":false})", "FALSE_VALUE cannot be converted to String"},
      {R"({"S":[]})", "Unrecognized collection type class java.lang.String"},
      {R"({"S":{}})", "Start of structure or map found where not expected"},
      {R"({"N":5})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"BOOL":1})", "NUMBER_VALUE cannot be converted to Boolean"},
      {R"({"BOOL":"hello"})", "Unexpected token received from parser"},
      {R"({"NULL":[]})", "Unrecognized collection type class java.lang.Boolean"},
      {R"({"B":5})", "only base-64-encoded strings are convertible to bytes"},
      {R"({"B":[]})", "Unrecognized collection type class java.nio.ByteBuffer"},
      {R"({"B":"a"})", "Base64 encoded length is expected a multiple of 4 bytes but found: 1"},
      {R"({"B":"YQ=a"})", "Invalid base 64 character: '='"},
      {R"({"B":"Yü=="})", "Base64 encoded length is expected a multiple of 4 bytes but found: 5"},
      {R"({"B":"ü="})", "Base64 encoded length is expected a multiple of 4 bytes but found: 3"},
      {R"({"B":"ü=="})", "Invalid base 64 character: 'ü'"},
      {R"({"B":"YR=="})", "Invalid last non-pad Base64 character dectected"},
      {R"({"SS":"a"})", "Unexpected field type"},
      {R"({"SS":{}})", "Start of structure or map found where not expected"},
      {R"({"SS":[5]})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"SS":[null]})", "NULL_VALUE cannot be converted to String"},
      {R"({"NS":[["1"]]})", "Unrecognized collection type class java.lang.String"},
      {R"({"BS":[5]})", "only base-64-encoded strings are convertible to bytes"},
      {R"({"BS":["YQ==","Y"]})", "Base64 encoded length is expected a multiple of 4 bytes but found: 1"},
      {R"({"L":"x"})", "Unexpected field type"},
      {R"({"L":{}})", "Start of structure or map found where not expected"},
      {R"({"L":[5]})", "Unexpected value type in payload"},
      {R"({"L":[[]]})", "Unrecognized collection type " + value_class},
      {R"({"M":"x"})", "Unexpected field type"},
      {R"({"M":[]})",
       "Unrecognized collection type java.util.Map<java.lang.String, "
       "com.amazonaws.dynamodb.v20120810.AttributeValue>"},
      {R"({"M":{"a":5}})", "Unexpected value type in payload"},
  };
  for (const Bad& bad : cases) {
    EXPECT_EQ(Value(bad.value), "SerializationException: " + bad.text) << bad.value;
    EXPECT_EQ(Types(bad.value), "SerializationException: " + bad.text) << bad.value;
    EXPECT_EQ(Types(R"({"M":{"a":{"L":[)" + bad.value + "]}}}"), "SerializationException: " + bad.text) << bad.value;
  }
}

TEST(WireTest, TypeErrorsComeBeforeContentErrors) {
  EXPECT_EQ(Types(R"({"L":[{"N":"x"},{"S":5}]})"),
            "SerializationException: NUMBER_VALUE cannot be converted to String");
}

TEST(WireTest, BooleansAsTheServiceParsesThem) {
  EXPECT_EQ(Value(R"({"BOOL":"True"})"), R"({"BOOL":true})");
  EXPECT_EQ(Value(R"({"BOOL":"0"})"), R"({"BOOL":false})");
  EXPECT_EQ(Value(R"({"NULL":"yes"})"), R"({"NULL":true})");
}

std::string Nested(int containers, bool lists) {
  std::string value = R"({"S":"x"})";
  for (int i = 0; i < containers; ++i) {
    value.insert(0, lists ? R"({"L":[)" : R"({"M":{"a":)").append(lists ? "]}" : "}}");
  }
  return value;
}

TEST(WireTest, NestingStopsAtThirtyTwoLevels) {
  for (const bool lists : {false, true}) {
    EXPECT_EQ(Value(Nested(31, lists)), Nested(31, lists));
    for (const int containers : {32, 33, 60, 90}) {
      EXPECT_EQ(
          Value(Nested(containers, lists)),
          "ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item have nested "
          "levels beyond supported limit");
    }
  }
}

TEST(WireTest, AttributeNames) {
  const std::string longest(65535, 'n');
  EXPECT_EQ(RoundTrip("{\"" + longest + "\":{\"S\":\"\"}}"), "{\"" + longest + "\":{\"S\":\"\"}}");
  EXPECT_EQ(RoundTrip("{\"" + longest + "n\":{\"S\":\"\"}}").substr(0, 20), "ValidationException:");
  EXPECT_EQ(RoundTrip(R"({"":{"S":"a"}})").substr(0, 20), "ValidationException:");
  EXPECT_EQ(RoundTrip(R"({"a":{"M":{"":{"S":"a"}}}})"), R"({"a":{"M":{"":{"S":"a"}}}})");
}

TEST(WireTest, AFailedAppendLeavesTheStringAsItWas) {
  json::Document document;
  std::string out = "before";
  EXPECT_FALSE(AppendValue(&out, *document.Parse(R"({"L":[{"S":"a"},{"N":"x"}]})")).ok());
  EXPECT_EQ(out, "before");
}

size_t SizeOf(const std::string& text) {
  json::Document document;
  return ItemView(*ReadItem(*document.Parse(text))).size_bytes();
}

TEST(WireTest, SizesAreDynamoDbs) {
  EXPECT_EQ(SizeOf("{}"), 0u);
  EXPECT_EQ(SizeOf(R"({"ab":{"S":"ü"}})"), 4u);
  EXPECT_EQ(SizeOf(R"({"a":{"BOOL":true},"b":{"NULL":true}})"), 4u);
  EXPECT_EQ(SizeOf(R"({"a":{"B":"AAEC"}})"), 4u);
  EXPECT_EQ(SizeOf(R"({"a":{"N":"12"}})"), 3u);
  EXPECT_EQ(SizeOf(R"({"a":{"SS":["a","bc"]}})"), 4u);
  EXPECT_EQ(SizeOf(R"({"a":{"NS":["1","-2"]}})"), 6u);
  EXPECT_EQ(SizeOf(R"({"a":{"L":[]}})"), 4u);
  EXPECT_EQ(SizeOf(R"({"a":{"L":[{"S":"xy"}]}})"), 7u);
  EXPECT_EQ(SizeOf(R"({"a":{"M":{"bc":{"S":"xy"}}}})"), 9u);
}

}  // namespace
}  // namespace stator::item
