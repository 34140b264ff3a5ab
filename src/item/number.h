// DynamoDB's number: 38 significant decimal digits, magnitude 1E-130 to 9.99..E+125, or zero. Never a double.
// Source: notes/dynamodb.md, section 4, "Numbers" and "Sizes". Its slow twin: item/number_twin.h.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::item {

// The value is 0.d1d2d3... times 10^exponent with d1 != 0 and no trailing zeros; zero has no digits.
class Number {
 public:
  static constexpr int kMaxDigits = 38;
  static constexpr int kMaxOrderedBytes = 22;

  Number() = default;  // zero
  static Number FromInt(int64_t v);
  // Accepts what the service accepts (+5, .5, 5., 1.e5; no spaces). Fails with kNumber* rows; too many digits are found
  // before a magnitude out of range, and zero has no magnitude (0E400 is zero).
  static Result<Number> Parse(Bytes text);

  // The plain decimal the service returns: never an exponent, no leading or trailing zeros.
  void AppendText(std::string* out) const;
  std::string text() const;

  // The stored and key form: bytewise order is number order, equal numbers have equal bytes, no 00 prefix problem: no
  // encoding is a prefix of another's. 1 to 22 bytes.
  void AppendOrdered(std::string* out) const;
  // Consumes one from the front of `in`; false if malformed.
  static bool GetOrdered(Bytes* in, Number* out);

  // What the number weighs in an item (note, "Numbers").
  int size_bytes() const;
  bool is_zero() const { return count_ == 0; }
  bool negative() const { return negative_; }

  // Exact sums. Fail with kNumberTooManyDigits, kNumberOverflow or kNumberUnderflow when the result is no Number: the
  // service does not round.
  static Result<Number> Add(const Number& a, const Number& b);
  static Result<Number> Subtract(const Number& a, const Number& b);

  std::strong_ordering operator<=>(const Number& other) const;
  bool operator==(const Number& other) const;
  // For Limit-like small whole numbers: false if fractional or out of range.
  bool ToInt(int64_t* out) const;

 private:
  int CompareMagnitude(const Number& other) const;
  // The number 0.d1d2d3... times 10^exponent of that many digits, leading and trailing zeros allowed.
  static Result<Number> FromWindow(bool negative, const uint8_t* digits, int width, int exponent);

  bool negative_ = false;
  uint8_t count_ = 0;
  int16_t exponent_ = 0;
  std::array<uint8_t, kMaxDigits> digits_{};  // zero behind count_
};

}  // namespace stator::item
