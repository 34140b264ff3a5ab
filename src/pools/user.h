// A user of a pool, as the store keeps it. Nothing in here gives a password or a code back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pools/pool.h"
#include "pools/srp.h"

namespace stator::pools {

enum class UserStatus : uint8_t {
  kUnconfirmed = 0,
  kConfirmed = 1,
  kForceChangePassword = 2,
  kResetRequired = 3,
  kExternalProvider = 4,
};
// "UNCONFIRMED", ...
const char* NameOf(UserStatus status);

// A code that was sent, waiting to come back.
struct Code {
  enum class Purpose : uint8_t { kSignUp = 0, kPassword = 1, kAttribute = 2 };
  Purpose purpose = Purpose::kSignUp;
  std::string attribute;  // "email": where it went, and what it verifies
  std::string hash;       // codes.h
  Time expires;
  int failed = 0;  // wrong answers so far
};

struct User {
  std::string username;  // as given; the sub where the pool signs in by email or phone number
  std::string sub;       // UUID; never changes
  UserStatus status = UserStatus::kUnconfirmed;
  bool enabled = true;
  Time created, modified;
  // Without "sub"; values as texts ("true" of email_verified). Sorted by name.
  Pairs attributes;
  Verifier password;  // of username and password (srp.h); empty: none yet
  // Of kForceChangePassword: after this the temporary password is refused.
  Time password_expires;
  std::vector<Code> codes;  // one for each purpose and attribute
  // Sign-ins that began before this are revoked: global sign-out, a new password by code or administrator.
  Time signed_out;
  // Names of groups, sorted by name (`groups` keeps them, services/cognito shows them by precedence).
  std::vector<std::string> groups;

  // Null: no such attribute. "sub" is not among them.
  const std::string* Find(const std::string& attribute) const;
  void Set(const std::string& attribute, std::string value);
  void Remove(const std::string& attribute);
  bool Verified(const std::string& attribute) const;  // "email" or "phone_number"
};

std::string EncodeUser(const User& user);
std::optional<User> DecodeUser(uint8_t format, Bytes bytes);
inline constexpr uint8_t kUserFormat = 1;

}  // namespace stator::pools
