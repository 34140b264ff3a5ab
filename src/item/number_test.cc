#include "item/number.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "item/number_twin.h"

namespace stator::item {
namespace {

std::string Plain(const std::string& text) {
  const auto n = Number::Parse(text);
  return n.ok() ? n->text() : n.error().text;
}

TEST(NumberTest, AcceptsWhatTheServiceAccepts) {
  EXPECT_EQ(Plain("+5"), "5");
  EXPECT_EQ(Plain(".5"), "0.5");
  EXPECT_EQ(Plain("5."), "5");
  EXPECT_EQ(Plain("1.e5"), "100000");
  EXPECT_EQ(Plain("-12.3400"), "-12.34");
  EXPECT_EQ(Plain("007"), "7");
  EXPECT_EQ(Plain("1E+2"), "100");
  EXPECT_EQ(Plain("-0.0"), "0");
  EXPECT_EQ(Plain("0E999999999999"), "0");
  EXPECT_EQ(Plain("12345678901234567890123456789012345678"), "12345678901234567890123456789012345678");
  EXPECT_EQ(Plain("1E125"), "1" + std::string(125, '0'));
  EXPECT_EQ(Plain("1E-130"), "0." + std::string(129, '0') + "1");
  EXPECT_EQ(Plain("0." + std::string(5000, '0') + "1E5000"), "0.1");
  EXPECT_EQ(Plain("1" + std::string(5000, '0') + "E-5000"), "1");
}

TEST(NumberTest, RejectsWhatTheServiceRejects) {
  EXPECT_EQ(Plain(""), "The parameter cannot be converted to a numeric value");
  for (const std::string text : {" 1", "1 ", "1 2", "1+2", "+e2", "e2", "1e", "1e+", "1e5.0", ".", "-", "+", "--1",
                                 "1.2.3", "0x10", "NaN", "Infinity", "1_000", "١"}) {
    EXPECT_EQ(Plain(text), "The parameter cannot be converted to a numeric value: " + text);
  }
  const std::string overflow =
      "Number overflow. Attempting to store a number with magnitude larger than supported range";
  const std::string digits = "Attempting to store more than 38 significant digits in a Number";
  EXPECT_EQ(Plain("123456789012345678901234567890123456789"), digits);
  EXPECT_EQ(Plain("123456789012345678901234567890123456789E200"), digits);
  EXPECT_EQ(Plain("1E126"), overflow);
  EXPECT_EQ(Plain("1E99999999999999999999"), overflow);
  EXPECT_EQ(Plain("-1E-131"),
            "Number underflow. Attempting to store a number with magnitude smaller than supported range");
}

TEST(NumberTest, SizesAsMeasuredAgainstTheService) {
  const std::pair<const char*, int> sizes[] = {
      {"0", 1},     {"1", 2},      {"12", 2},      {"120", 2},      {"1200", 2},
      {"1.5", 3},   {"12.5", 3},   {"12.34", 3},   {"0.012", 2},    {"0.12", 2},
      {"123", 3},   {"1234", 3},   {"12345", 4},   {"-1", 3},       {"-12.5", 4},
      {"1E125", 2}, {"1E-130", 2}, {"123.456", 5}, {"1000.001", 5}, {"99999999999999999999999999999999999999", 20}};
  for (const auto& [text, size] : sizes) EXPECT_EQ(Number::Parse(text)->size_bytes(), size) << text;
}

TEST(NumberTest, WholeNumbersToAndFrom) {
  for (const int64_t v : {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{100}, int64_t{-90}, INT64_MAX, INT64_MIN}) {
    const Number n = Number::FromInt(v);
    EXPECT_EQ(n.text(), std::to_string(v));
    EXPECT_EQ(n, *Number::Parse(std::to_string(v)));
    int64_t back = 7;
    EXPECT_TRUE(n.ToInt(&back));
    EXPECT_EQ(back, v);
  }
  int64_t out = 7;
  for (const char* text : {"0.5", "9223372036854775808", "-9223372036854775809", "1E30", "1E-130", "12.5"}) {
    EXPECT_FALSE(Number::Parse(text)->ToInt(&out)) << text;
  }
  EXPECT_EQ(out, 7);
}

std::string Ordered(const Number& n) {
  std::string out;
  n.AppendOrdered(&out);
  return out;
}

// Holds one text against the twin; true if it is a number.
bool AgreesWithTwin(const std::string& text) {
  const auto number = Number::Parse(text);
  const auto twin = twin::Decimal::Parse(text);
  EXPECT_EQ(number.ok(), twin && twin::Limits(*twin).empty()) << text;
  if (!number.ok() || !twin) {
    const std::string wanted = twin ? twin::Limits(*twin) : "cannot be converted";
    EXPECT_NE(number.ok() ? 0 : number.error().text.find(wanted), std::string::npos) << text;
    return false;
  }
  EXPECT_EQ(number->text(), twin->text());
  EXPECT_EQ(number->size_bytes(), twin::SizeBytes(*twin)) << text;
  const std::string ordered = Ordered(*number);
  EXPECT_LE(ordered.size(), static_cast<size_t>(Number::kMaxOrderedBytes));
  const std::string followed = ordered + "next";
  Bytes in = followed;
  Number back;
  EXPECT_TRUE(Number::GetOrdered(&in, &back));
  EXPECT_EQ(in, "next");
  EXPECT_EQ(back.text(), number->text());
  EXPECT_EQ(*Number::Parse(number->text()), *number);
  return true;
}

void PairAgreesWithTwin(const std::string& a, const std::string& b) {
  const Number x = *Number::Parse(a), y = *Number::Parse(b);
  const auto tx = *twin::Decimal::Parse(a), ty = *twin::Decimal::Parse(b);
  const int order = twin::Compare(tx, ty);
  EXPECT_EQ(x <=> y, order <=> 0) << a << " " << b;
  EXPECT_EQ(Ordered(x).compare(Ordered(y)) <=> 0, order <=> 0) << a << " " << b;
  const auto check = [&](const Result<Number>& got, const twin::Decimal& wanted) {
    const std::string limits = twin::Limits(wanted);
    ASSERT_EQ(got.ok(), limits.empty()) << a << " " << b;
    EXPECT_EQ(got.ok() ? got->text() : "", got.ok() ? wanted.text() : "") << a << " " << b;
    EXPECT_NE(got.ok() ? 0 : got.error().text.find(limits), std::string::npos) << a << " " << b;
  };
  check(Number::Add(x, y), twin::Add(tx, ty));
  check(Number::Subtract(x, y), twin::Add(tx, twin::Negate(ty)));
}

// Every text of up to five characters over an alphabet with one of each kind.
TEST(NumberTest, EveryShortTextAgreesWithTheTwin) {
  const std::string alphabet = "019+-.eE ";
  std::vector<std::string> numbers;
  std::string text;
  for (int length = 1; length <= 5; ++length) {
    size_t texts = 1;
    for (int i = 0; i < length; ++i) texts *= alphabet.size();
    for (size_t n = 0; n < texts; ++n) {
      text.clear();
      for (size_t rest = n; text.size() < static_cast<size_t>(length); rest /= alphabet.size()) {
        text.push_back(alphabet[rest % alphabet.size()]);
      }
      if (AgreesWithTwin(text) && length <= 4) numbers.push_back(text);
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(numbers.size(), 300u);
  for (size_t i = 0; i < numbers.size(); i += 3) {
    for (size_t k = 0; k < numbers.size(); k += 7) {
      PairAgreesWithTwin(numbers[i], numbers[k]);
      if (HasFailure()) return;
    }
  }
}

// Digits, point and exponent at random, leaning towards the limits.
std::string RandomText(Random& random) {
  std::string text;
  const size_t digits = 1 + random.Below(random.Below(2) ? 45 : 6);
  const size_t point = random.Below(3) ? digits + 1 : random.Below(digits + 1);
  if (random.Below(3) == 0) text.push_back("+-"[random.Below(2)]);
  const uint64_t favourite = random.Below(3);
  for (size_t i = 0; i < digits; ++i) {
    if (i == point) text.push_back('.');
    text.push_back(favourite == 0 ? "09"[random.Below(2)] : static_cast<char>('0' + random.Below(10)));
  }
  if (random.Below(2)) {
    text += random.Below(2) ? "e" : "E-";
    text += std::to_string(random.Below(random.Below(2) ? 170 : 12));
  }
  if (random.Below(40) == 0) text.insert(random.Below(text.size() + 1), 1, "+-. x"[random.Below(5)]);
  return text;
}

TEST(NumberTest, RandomTextsAgreeWithTheTwin) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  std::vector<std::string> numbers;
  for (int i = 0; i < 20'000 && !HasFailure(); ++i) {
    std::string text = RandomText(random);
    if (AgreesWithTwin(text)) numbers.push_back(std::move(text));
  }
  for (int i = 0; i < 20'000 && !HasFailure(); ++i) {
    PairAgreesWithTwin(numbers[random.Below(numbers.size())], numbers[random.Below(numbers.size())]);
  }
}

TEST(NumberTest, NoOrderedFormBeginsAnother) {
  std::vector<std::string> forms;
  for (const char* text : {"0",
                           "1",
                           "10",
                           "11",
                           "110",
                           "1.1",
                           "12",
                           "123",
                           "0.1",
                           "-1",
                           "-10",
                           "-11",
                           "-1.1",
                           "-12",
                           "-123",
                           "1E125",
                           "-1E125",
                           "1E-130",
                           "-1E-130",
                           "99999999999999999999999999999999999999",
                           "-99999999999999999999999999999999999999"}) {
    forms.push_back(Ordered(*Number::Parse(text)));
  }
  std::sort(forms.begin(), forms.end());
  for (size_t i = 0; i + 1 < forms.size(); ++i) EXPECT_FALSE(Bytes(forms[i + 1]).starts_with(forms[i]));
}

// Whatever GetOrdered takes is the one form of its number.
TEST(NumberTest, MalformedOrderedBytesAreRefused) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 200'000; ++i) {
    std::string bytes;
    const size_t size = random.Below(26);
    bytes.push_back(static_cast<char>(random.Below(5)));
    const bool negative = bytes[0] == 1;
    while (bytes.size() < size) {
      const uint64_t byte = random.Below(8) == 0 ? random.Below(256) : random.Below(8) == 0 ? 0 : random.Below(101);
      bytes.push_back(static_cast<char>(negative ? 255 - byte : byte));
    }
    Bytes in = bytes;
    Number n;
    if (Number::GetOrdered(&in, &n)) {
      ASSERT_EQ(Ordered(n), Bytes(bytes).substr(0, bytes.size() - in.size()));
      ASSERT_EQ(*Number::Parse(n.text()), n);
    }
  }
}

}  // namespace
}  // namespace stator::item
