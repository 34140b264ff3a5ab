// Where messages to users go, since nothing is mailed: codes and temporary passwords, readable by who runs the server.
#pragma once

#include <string>

#include "base/clock.h"

namespace stator::pools {

struct Letter {
  enum class Kind : uint8_t { kSignUp, kResendCode, kForgotPassword, kVerifyAttribute, kInvitation };
  Kind kind = Kind::kSignUp;
  Time time;
  std::string pool_id;
  std::string client_id;    // empty: from an administrator
  std::string username;     // the stored one
  std::string attribute;    // "email" or "phone_number"; empty: the user has neither
  std::string destination;  // the address or number, whole
  std::string code;         // six digits, or the temporary password of an invitation
  std::string subject;      // what a CustomMessage trigger made of it; empty: the usual one
  std::string message;      // the same; the code is filled in
};

// Threads: any; must not block for long (a short append to a file is fine).
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void Send(const Letter& letter) = 0;
};

// "a***@e***", "+*******1234": how answers name a destination.
std::string Masked(const std::string& attribute, const std::string& destination);

}  // namespace stator::pools
