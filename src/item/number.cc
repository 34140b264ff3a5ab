// Numbers as an array of significant digits and a decimal exponent. Sums are made digit by digit in a window that
// covers both operands (at most some three hundred positions), so they are exact; what does not fit afterwards is an
// error. Tests: number_test.cc against number_twin.h. The ordered form: docs/formats/item.md, "Numbers".
#include "item/number.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "errors/item.h"

namespace stator::item {
namespace {

// 0.1E-129 is 1E-130; 0.99..E126 is 9.99..E125.
constexpr int kMinExponent = -129;
constexpr int kMaxExponent = 126;

// First byte of the ordered form.
constexpr uint8_t kNegativeMark = 1;
constexpr uint8_t kZeroMark = 2;
constexpr uint8_t kPositiveMark = 3;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// [sign] digits; false if there is anything else. Values far out of range saturate.
bool ParseExponent(Bytes text, int64_t* out) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return false;
  int64_t value = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
    if (value < INT32_MAX) value = value * 10 + (c - '0');
  }
  *out = negative ? -value : value;
  return true;
}

}  // namespace

Number Number::FromInt(int64_t v) {
  Number n;
  if (v == 0) return n;
  n.negative_ = v < 0;
  uint64_t magnitude = v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
  std::array<uint8_t, 20> reversed{};
  int length = 0;
  for (; magnitude != 0; magnitude /= 10)
    reversed[static_cast<size_t>(length++)] = static_cast<uint8_t>(magnitude % 10);
  n.exponent_ = static_cast<int16_t>(length);
  for (int i = 0; i < length; ++i) {
    const uint8_t digit = reversed[static_cast<size_t>(length - 1 - i)];
    n.digits_[static_cast<size_t>(i)] = digit;
    if (digit != 0) n.count_ = static_cast<uint8_t>(i + 1);
  }
  return n;
}

Result<Number> Number::Parse(Bytes text) {
  if (text.empty()) return Fail(errors::kNumberEmpty);
  Number n;
  size_t i = 0;
  if (text[0] == '+' || text[0] == '-') {
    n.negative_ = text[0] == '-';
    i = 1;
  }
  bool any = false;        // a digit was seen
  bool fraction = false;   // behind the point
  size_t places = 0;       // digits from the first that is not zero
  size_t significant = 0;  // of those, up to the last that is not zero
  int64_t exponent = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (IsDigit(c)) {
      any = true;
      if (places == 0 && c == '0') {
        exponent -= fraction;
        continue;
      }
      if (places < kMaxDigits) n.digits_[places] = static_cast<uint8_t>(c - '0');
      ++places;
      if (c != '0') significant = places;
      exponent += !fraction;
    } else if (c == '.' && !fraction) {
      fraction = true;
    } else {
      break;
    }
  }
  int64_t scale = 0;
  const bool scaled = i < text.size() && (text[i] == 'e' || text[i] == 'E');
  if (!any || (scaled ? !ParseExponent(text.substr(i + 1), &scale) : i < text.size())) {
    return Fail(errors::kNumberUnparsable, text);
  }
  if (significant == 0) return Number();
  if (significant > kMaxDigits) return Fail(errors::kNumberTooManyDigits);
  exponent += scale;
  if (exponent > kMaxExponent) return Fail(errors::kNumberOverflow);
  if (exponent < kMinExponent) return Fail(errors::kNumberUnderflow);
  n.count_ = static_cast<uint8_t>(significant);
  n.exponent_ = static_cast<int16_t>(exponent);
  return n;
}

void Number::AppendText(std::string* out) const {
  if (count_ == 0) {
    out->push_back('0');
    return;
  }
  // Sign, point, leading zero, and at most 130 zeros before or behind 38 digits.
  char text[176];
  char* to = text;
  const auto digits = [&](int from, int until) {
    for (int i = from; i < until; ++i) *to++ = static_cast<char>('0' + digits_[static_cast<size_t>(i)]);
  };
  const auto zeros = [&](int n) {
    std::memset(to, '0', static_cast<size_t>(n));
    to += n;
  };
  if (negative_) *to++ = '-';
  if (exponent_ <= 0) {
    *to++ = '0';
    *to++ = '.';
    zeros(-exponent_);
    digits(0, count_);
  } else if (count_ <= exponent_) {
    digits(0, count_);
    zeros(exponent_ - count_);
  } else {
    digits(0, exponent_);
    *to++ = '.';
    digits(exponent_, count_);
  }
  out->append(text, static_cast<size_t>(to - text));
}

std::string Number::text() const {
  std::string out;
  AppendText(&out);
  return out;
}

void Number::AppendOrdered(std::string* out) const {
  if (count_ == 0) {
    out->push_back(static_cast<char>(kZeroMark));
    return;
  }
  std::array<char, kMaxOrderedBytes> bytes;
  size_t size = 0;
  // A negative number is the complement of its magnitude, so that greater magnitudes come first.
  const uint8_t flip = negative_ ? 0xff : 0;
  const auto put = [&](int v) { bytes[size++] = static_cast<char>(static_cast<uint8_t>(v) ^ flip); };
  bytes[size++] = static_cast<char>(negative_ ? kNegativeMark : kPositiveMark);
  put(exponent_ - kMinExponent);
  // Digits behind count_ are zero, and 38 is even: the pair of the last digit is whole.
  for (size_t i = 0; i < count_; i += 2) put(digits_[i] * 10 + digits_[i + 1] + 1);
  put(0);
  out->append(bytes.data(), size);
}

bool Number::GetOrdered(Bytes* in, Number* out) {
  Number n;
  if (in->empty()) return false;
  const auto mark = static_cast<uint8_t>(in->front());
  if (mark == kZeroMark) {
    in->remove_prefix(1);
    *out = n;
    return true;
  }
  if ((mark != kNegativeMark && mark != kPositiveMark) || in->size() < 2) return false;
  n.negative_ = mark == kNegativeMark;
  const uint8_t flip = n.negative_ ? 0xff : 0;
  const auto at = [&](size_t i) { return static_cast<uint8_t>(static_cast<uint8_t>((*in)[i]) ^ flip); };
  n.exponent_ = static_cast<int16_t>(at(1) + kMinExponent);
  size_t digits = 0;
  for (size_t i = 2; i < in->size(); ++i) {
    const int pair = at(i) - 1;
    if (pair == -1) {
      if (digits == 0 || n.digits_[0] == 0) return false;
      if (n.digits_[digits - 1] == 0) --digits;
      if (n.digits_[digits - 1] == 0) return false;
      n.count_ = static_cast<uint8_t>(digits);
      *out = n;
      in->remove_prefix(i + 1);
      return true;
    }
    if (pair > 99 || digits == kMaxDigits) return false;
    n.digits_[digits++] = static_cast<uint8_t>(pair / 10);
    n.digits_[digits++] = static_cast<uint8_t>(pair % 10);
  }
  return false;
}

int Number::size_bytes() const {
  if (count_ == 0) return 1;
  const int whole = std::clamp<int>(exponent_, 0, count_);
  const int fraction = count_ - whole;
  return 1 + (whole + 1) / 2 + (fraction + 1) / 2 + (negative_ ? 1 : 0);
}

int Number::CompareMagnitude(const Number& other) const {
  if (count_ == 0 || other.count_ == 0) return (count_ != 0) - (other.count_ != 0);
  if (exponent_ != other.exponent_) return exponent_ < other.exponent_ ? -1 : 1;
  return std::memcmp(digits_.data(), other.digits_.data(), kMaxDigits);
}

std::strong_ordering Number::operator<=>(const Number& other) const {
  if (negative_ != other.negative_) return negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  const int magnitude = CompareMagnitude(other);
  return (negative_ ? -magnitude : magnitude) <=> 0;
}

bool Number::operator==(const Number& other) const { return std::is_eq(*this <=> other); }

Result<Number> Number::FromWindow(bool negative, const uint8_t* digits, int width, int exponent) {
  while (width > 0 && *digits == 0) {
    ++digits;
    --width;
    --exponent;
  }
  while (width > 0 && digits[width - 1] == 0) --width;
  if (width == 0) return Number();
  if (width > kMaxDigits) return Fail(errors::kNumberTooManyDigits);
  if (exponent > kMaxExponent) return Fail(errors::kNumberOverflow);
  if (exponent < kMinExponent) return Fail(errors::kNumberUnderflow);
  Number n;
  std::copy_n(digits, width, n.digits_.begin());
  n.negative_ = negative;
  n.count_ = static_cast<uint8_t>(width);
  n.exponent_ = static_cast<int16_t>(exponent);
  return n;
}

Result<Number> Number::Add(const Number& a, const Number& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  const bool a_larger = a.CompareMagnitude(b) >= 0;
  const Number& large = a_larger ? a : b;
  const Number& small = a_larger ? b : a;
  const bool subtract = a.negative_ != b.negative_;
  // One position for the carry, then from the highest digit of `large` to the lowest of either.
  const int lowest = std::min(large.exponent_ - large.count_, small.exponent_ - small.count_);
  const int width = 1 + large.exponent_ - lowest;
  std::array<uint8_t, 1 + kMaxExponent - kMinExponent + 1 + kMaxDigits> window{};
  STATOR_CHECK(width <= static_cast<int>(window.size()));
  std::copy_n(large.digits_.begin(), large.count_, window.begin() + 1);
  const int offset = 1 + large.exponent_ - small.exponent_;
  int carry = 0;
  for (int i = offset + small.count_ - 1; i >= 0; --i) {
    auto& place = window[static_cast<size_t>(i)];
    const int digit = i >= offset ? small.digits_[static_cast<size_t>(i - offset)] : 0;
    if (i < offset && carry == 0) break;
    int sum = subtract ? place - digit - carry : place + digit + carry;
    carry = sum < 0 || sum > 9;
    if (carry) sum += subtract ? 10 : -10;
    place = static_cast<uint8_t>(sum);
  }
  return FromWindow(large.negative_, window.data(), width, large.exponent_ + 1);
}

Result<Number> Number::Subtract(const Number& a, const Number& b) {
  Number negated = b;
  negated.negative_ = !b.negative_ && !b.is_zero();
  return Add(a, negated);
}

bool Number::ToInt(int64_t* out) const {
  if (count_ > exponent_ && count_ != 0) return false;
  if (exponent_ > 19) return false;
  // Built downwards, since the range is one wider there.
  int64_t value = 0;
  for (int i = 0; i < exponent_; ++i) {
    const int digit = digits_[static_cast<size_t>(i)];
    if (__builtin_mul_overflow(value, int64_t{10}, &value) || __builtin_sub_overflow(value, digit, &value))
      return false;
  }
  if (!negative_ && value == INT64_MIN) return false;
  *out = negative_ ? value : -value;
  return true;
}

}  // namespace stator::item
