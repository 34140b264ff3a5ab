// The functions that a pool calls (notes/cognito.md, section 7), as the flows see them. This class calls none; what
// runs functions overrides it.
//
// Threads: any lane; a task goes on on the lane it was begun on. A pool without the trigger costs nothing: the
// implementation looks at Pool::triggers first.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/lane.h"
#include "base/task.h"
#include "errors/result.h"
#include "pools/pool.h"
#include "pools/user.h"

namespace stator::pools {

// What an event tells a function. Passed by value: a task outlives its caller's locals.
struct Occasion {
  PoolRef pool;
  std::string client_id;  // empty: from an administrator
  std::string source;     // "PreSignUp_SignUp"
  User user;              // as it is, or, before it is created, as it is going to be
  Pairs validation_data;
  Pairs client_metadata;
};

struct PreSignUpAnswer {
  bool confirm = false, verify_email = false, verify_phone = false;
};

// What PreTokenGeneration changes. Values are JSON texts.
struct ClaimChanges {
  Pairs id_claims, access_claims;  // added or replaced
  std::vector<std::string> id_suppressed, access_suppressed;
  std::optional<std::vector<std::string>> groups;
  std::vector<std::string> scopes_added, scopes_suppressed;
};

struct CustomText {
  std::string subject, email, sms;  // with the code filled in; empty: the usual one
};

// A user that UserMigration brought.
struct Migrated {
  Pairs attributes;
  std::optional<UserStatus> status;  // nothing: kResetRequired
  bool suppress_message = false;
};

class Hooks {
 public:
  virtual ~Hooks() = default;
  // An error of any of these refuses what was asked for: UserLambdaValidationException and its kin. After
  // PostConfirmation and PostAuthentication what was done stays done.
  virtual Task<Result<PreSignUpAnswer>> PreSignUp(Occasion, Lane&) { co_return Result(PreSignUpAnswer()); }
  virtual Task<Status> PostConfirmation(Occasion, Lane&) { co_return Status(); }
  // `unknown`: the user does not exist and the client does not want that to be seen.
  virtual Task<Status> PreAuthentication(Occasion, bool /*unknown*/, Lane&) { co_return Status(); }
  virtual Task<Status> PostAuthentication(Occasion, Lane&) { co_return Status(); }
  virtual Task<Result<ClaimChanges>> PreTokenGeneration(Occasion, Lane&) { co_return Result(ClaimChanges()); }
  virtual Task<Result<CustomText>> CustomMessage(Occasion, std::string /*code*/, Lane&) {
    co_return Result(CustomText());
  }
  // Nothing: there is no such user there either.
  virtual Task<Result<std::optional<Migrated>>> UserMigration(Occasion, std::string /*username*/,
                                                              std::string /*password*/, Lane&) {
    co_return Result(std::optional<Migrated>());
  }
};

}  // namespace stator::pools
