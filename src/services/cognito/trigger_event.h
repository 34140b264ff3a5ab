// What a pool's functions are told and what they answer: the events of notes/cognito.md, section 7, as texts.
#pragma once

#include <optional>
#include <string>

#include "errors/result.h"
#include "pools/hooks.h"

namespace stator::services::cognito {

// Their names as errors say them.
enum class Trigger : uint8_t {
  kPreSignUp,
  kPostConfirmation,
  kPreAuthentication,
  kPostAuthentication,
  kPreTokenGeneration,
  kCustomMessage,
  kUserMigration,
};
const char* NameOf(Trigger trigger);
// The ARN of the pool's function; empty if it has none.
const std::string& FunctionOf(const pools::Triggers& triggers, Trigger trigger);

// What some events have beyond the occasion.
struct EventExtras {
  bool user_not_found = false;  // kPreAuthentication
  std::string username;         // kUserMigration: the name that was given
  std::string password;         // kUserMigration; empty: forgotten
};
std::string EventOf(Trigger trigger, const pools::Occasion& occasion, const EventExtras& extras);

// What a function returned. kPoolTriggerAnswer for what is no event, or has members of other types.
Status CheckAnswer(Bytes payload);
Result<pools::PreSignUpAnswer> ReadPreSignUp(Bytes payload);
// Of events of version 1 and 2.
Result<pools::ClaimChanges> ReadPreTokenGeneration(Bytes payload);
// With {####} and {username} filled in.
Result<pools::CustomText> ReadCustomMessage(Bytes payload, const std::string& code, const std::string& username);
// Nothing: it brought no user.
Result<std::optional<pools::Migrated>> ReadUserMigration(Bytes payload);

}  // namespace stator::services::cognito
