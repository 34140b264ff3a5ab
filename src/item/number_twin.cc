#include "item/number_twin.h"

#include <algorithm>
#include <regex>

namespace stator::item::twin {
namespace {

Decimal Trim(Decimal d) {
  d.whole.erase(0, std::min(d.whole.find_first_not_of('0'), d.whole.size()));
  const size_t last = d.fraction.find_last_not_of('0');
  d.fraction.erase(last == std::string::npos ? 0 : last + 1);
  if (d.zero()) d.negative = false;
  return d;
}

// Both with as many digits before and behind the point.
void Align(Decimal* a, Decimal* b) {
  const size_t whole = std::max(a->whole.size(), b->whole.size());
  const size_t fraction = std::max(a->fraction.size(), b->fraction.size());
  for (Decimal* d : {a, b}) {
    d->whole.insert(0, whole - d->whole.size(), '0');
    d->fraction.append(fraction - d->fraction.size(), '0');
  }
}

int CompareMagnitudes(Decimal a, Decimal b) {
  Align(&a, &b);
  const int order = (a.whole + a.fraction).compare(b.whole + b.fraction);
  return (order > 0) - (order < 0);
}

Decimal FromDigits(const std::string& digits, size_t fraction, bool negative) {
  Decimal d;
  d.negative = negative;
  d.whole = digits.substr(0, digits.size() - fraction);
  d.fraction = digits.substr(digits.size() - fraction);
  return Trim(d);
}

std::string AddDigits(const std::string& a, const std::string& b) {
  std::string out;
  int carry = 0;
  for (size_t i = a.size(); i-- > 0;) {
    const int sum = (a[i] - '0') + (b[i] - '0') + carry;
    out.push_back(static_cast<char>('0' + sum % 10));
    carry = sum / 10;
  }
  out.push_back(static_cast<char>('0' + carry));
  std::reverse(out.begin(), out.end());
  return out;
}

std::string SubtractDigits(const std::string& a, const std::string& b) {
  std::string out;
  int borrow = 0;
  for (size_t i = a.size(); i-- > 0;) {
    int difference = a[i] - b[i] - borrow;
    borrow = difference < 0;
    if (borrow) difference += 10;
    out.push_back(static_cast<char>('0' + difference));
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::string Significant(const Decimal& a) {
  std::string digits = a.whole + a.fraction;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  const size_t last = digits.find_last_not_of('0');
  digits.erase(last == std::string::npos ? 0 : last + 1);
  return digits;
}

}  // namespace

std::optional<Decimal> Decimal::Parse(const std::string& text) {
  static const std::regex grammar(R"(([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,6}))?)");
  std::smatch part;
  if (!std::regex_match(text, part, grammar)) return std::nullopt;
  if (part[2].length() == 0 && part[3].length() == 0) return std::nullopt;
  Decimal d;
  d.negative = part[1] == "-";
  d.whole = part[2];
  d.fraction = part[3];
  // Move the point a digit at a time.
  for (int shift = part[4].matched ? std::stoi(part[4]) : 0; shift != 0;) {
    if (shift > 0) {
      d.whole.push_back(d.fraction.empty() ? '0' : d.fraction[0]);
      if (!d.fraction.empty()) d.fraction.erase(0, 1);
      --shift;
    } else {
      d.fraction.insert(0, 1, d.whole.empty() ? '0' : d.whole.back());
      if (!d.whole.empty()) d.whole.pop_back();
      ++shift;
    }
  }
  return Trim(d);
}

std::string Decimal::text() const {
  std::string out = negative ? "-" : "";
  out += whole.empty() ? "0" : whole;
  if (!fraction.empty()) out += "." + fraction;
  return out;
}

Decimal Negate(Decimal a) {
  a.negative = !a.negative && !a.zero();
  return a;
}

Decimal Add(const Decimal& a, const Decimal& b) {
  Decimal x = a, y = b;
  if (CompareMagnitudes(x, y) < 0) std::swap(x, y);
  Align(&x, &y);
  const std::string large = x.whole + x.fraction, small = y.whole + y.fraction;
  const bool same = x.negative == y.negative;
  return FromDigits(same ? AddDigits(large, small) : SubtractDigits(large, small), x.fraction.size(), x.negative);
}

int Compare(const Decimal& a, const Decimal& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  return a.negative ? CompareMagnitudes(b, a) : CompareMagnitudes(a, b);
}

std::string Limits(const Decimal& a) {
  if (a.zero()) return "";
  if (Significant(a).size() > 38) return "digits";
  if (a.whole.size() > 126) return "overflow";
  if (a.whole.empty() && a.fraction.find_first_not_of('0') >= 130) return "underflow";
  return "";
}

int SizeBytes(const Decimal& a) {
  const std::string digits = Significant(a);
  if (digits.empty()) return 1;
  // Trimming zeros: those behind a whole number, those before a pure fraction.
  size_t whole = a.whole.size();
  size_t fraction = a.fraction.size();
  if (a.fraction.empty()) whole = digits.size();
  if (a.whole.empty()) fraction = digits.size();
  return static_cast<int>(1 + (whole + 1) / 2 + (fraction + 1) / 2 + (a.negative ? 1 : 0));
}

}  // namespace stator::item::twin
