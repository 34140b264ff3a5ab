// The slow, obvious twin of Number: decimal strings, schoolbook sums. For tests only.
#pragma once

#include <optional>
#include <string>

namespace stator::item::twin {

// A decimal as it is written: sign, digits before the point, digits behind it; no zeros at either end that do not
// count.
struct Decimal {
  bool negative = false;
  std::string whole, fraction;

  // By the grammar alone, without limits; nothing if it is not a number. Exponents beyond six digits are not for it.
  static std::optional<Decimal> Parse(const std::string& text);
  std::string text() const;
  bool zero() const { return whole.empty() && fraction.empty(); }
};

Decimal Add(const Decimal& a, const Decimal& b);
Decimal Negate(Decimal a);
// -1, 0, 1
int Compare(const Decimal& a, const Decimal& b);
// "" if DynamoDB stores it, otherwise "digits", "overflow" or "underflow".
std::string Limits(const Decimal& a);
int SizeBytes(const Decimal& a);

}  // namespace stator::item::twin
