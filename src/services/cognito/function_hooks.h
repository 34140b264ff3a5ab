// The functions a pool calls, called: pools' Hooks on functions' Invoker. notes/cognito.md, section 7.
//
// A call has five seconds; one that takes longer, or finds no free environment, is tried three times in all, and a
// function that is slow, not dead, may so have run more than once. A function needs no permission to be called by a
// pool.
#pragma once

#include "base/clock.h"
#include "functions/function.h"
#include "pools/hooks.h"
#include "runtime/invoker.h"
#include "services/cognito/trigger_event.h"

namespace stator::services::cognito {

struct HookLimits {
  Duration call{5'000'000};
  int tries = 3;
};

class FunctionHooks final : public pools::Hooks {
 public:
  // Borrows both.
  FunctionHooks(const functions::Resolver& functions, runtime::Invoker& invoker, HookLimits limits = {})
      : functions_(functions), invoker_(invoker), limits_(limits) {}

  Task<Result<pools::PreSignUpAnswer>> PreSignUp(pools::Occasion occasion, Lane& lane) override;
  Task<Status> PostConfirmation(pools::Occasion occasion, Lane& lane) override;
  Task<Status> PreAuthentication(pools::Occasion occasion, bool unknown, Lane& lane) override;
  Task<Status> PostAuthentication(pools::Occasion occasion, Lane& lane) override;
  Task<Result<pools::ClaimChanges>> PreTokenGeneration(pools::Occasion occasion, Lane& lane) override;
  Task<Result<pools::CustomText>> CustomMessage(pools::Occasion occasion, std::string code, Lane& lane) override;
  Task<Result<std::optional<pools::Migrated>>> UserMigration(pools::Occasion occasion, std::string username,
                                                             std::string password, Lane& lane) override;

 private:
  // What the function returned; empty if the pool has none. Fails with kPoolTriggerFailed, kPoolTriggerUnexpected.
  Task<Result<std::string>> Run(Trigger trigger, pools::Occasion occasion, EventExtras extras, Lane& lane);
  // Of triggers that have nothing to say but whether it may go on.
  Task<Status> Ask(Trigger trigger, pools::Occasion occasion, EventExtras extras, Lane& lane);

  const functions::Resolver& functions_;
  runtime::Invoker& invoker_;
  const HookLimits limits_;
};

}  // namespace stator::services::cognito
