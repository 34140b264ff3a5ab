#include "pools/password.h"

#include <algorithm>

#include "base/utf8.h"
#include "errors/pools.h"
#include "pools/names.h"
#include "sigv4/digest.h"

namespace stator::pools {
namespace {

constexpr Bytes kSymbols = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-";
constexpr char kUpper[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr char kLower[] = "abcdefghijkmnopqrstuvwxyz";
constexpr char kDigits[] = "0123456789";
constexpr char kPlainSymbols[] = "!@#%&*";
constexpr size_t kUsualLength = 14;
constexpr size_t kCodeLength = 6;

bool HasSymbol(Bytes password) {
  for (size_t i = 0; i < password.size(); ++i) {
    const bool inner_space = password[i] == ' ' && i > 0 && i + 1 < password.size();
    if (inner_space || kSymbols.find(password[i]) != Bytes::npos) return true;
  }
  return false;
}

}  // namespace

Status CheckPolicy(const PasswordPolicy& policy, Bytes password) {
  const auto has = [password](char first, char last) {
    return std::any_of(password.begin(), password.end(), [=](char c) { return first <= c && c <= last; });
  };
  const auto wrong = [](Bytes text) { return Fail(errors::kPoolPassword, text); };
  if (Characters(password) < static_cast<size_t>(policy.min_length)) return wrong("Password not long enough");
  if (policy.uppercase && !has('A', 'Z')) return wrong("Password must have uppercase characters");
  if (policy.lowercase && !has('a', 'z')) return wrong("Password must have lowercase characters");
  if (policy.numbers && !has('0', '9')) return wrong("Password must have numeric characters");
  if (policy.symbols && !HasSymbol(password)) return wrong("Password must have symbol characters");
  return {};
}

// A character of each kind, in a place of its own, among others.
std::string MakePassword(const PasswordPolicy& policy) {
  const std::string all = std::string(kUpper) + kLower + kDigits;
  const size_t length = std::max(kUsualLength, static_cast<size_t>(policy.min_length));
  for (;;) {
    std::string password = RandomText(all, length - 1) + RandomText(kPlainSymbols, 1);
    const size_t place = static_cast<unsigned char>(RandomText(kDigits, 1)[0] - '0') + 1;
    std::swap(password[place], password.back());
    const PasswordPolicy strict{.min_length = policy.min_length};
    if (CheckPolicy(strict, password).ok()) return password;
  }
}

std::string MakeCode() { return RandomText(kDigits, kCodeLength); }

std::string HashCode(const Pool& pool, Bytes sub, Bytes code) {
  return sigv4::HmacSha256(pool.keys->secret, std::string("code ").append(sub).append(" ").append(code));
}

}  // namespace stator::pools
