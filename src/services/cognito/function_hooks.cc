// Tests: function_hooks_test.cc.
#include "services/cognito/function_hooks.h"

#include <coroutine>
#include <memory>

#include "errors/pools.h"
#include "json/lenient.h"

namespace stator::services::cognito {
namespace {

using pools::Occasion;
using runtime::Invocation;
using runtime::Invoked;

// An invocation and its time limit, whichever comes first. Shared with both; on one lane.
struct Race {
  bool over = false;
  std::optional<Invoked> result;  // nothing: out of time
  std::coroutine_handle<> waiter;

  void End(std::optional<Invoked> how) {
    if (over) return;
    over = true;
    result = std::move(how);
    if (waiter) waiter.resume();
  }
};

class Ended {
 public:
  explicit Ended(Race& race) : race_(race) {}
  bool await_ready() const noexcept { return race_.over; }
  void await_suspend(std::coroutine_handle<> task) noexcept { race_.waiter = task; }
  void await_resume() const noexcept {}

 private:
  Race& race_;
};

Task<std::optional<Invoked>> InvokeWithin(runtime::Invoker& invoker, Invocation invocation, Duration limit,
                                          Lane& lane) {
  auto race = std::make_shared<Race>();
  Start(invoker.Invoke(std::move(invocation), lane), [race](Invoked how) { race->End(std::move(how)); });
  if (!race->over) {
    lane.After(limit, [race] { race->End(std::nullopt); });
    co_await Ended(*race);
  }
  co_return std::move(race->result);
}

// "errorMessage" of a failed invocation, which may be anything a function can raise.
std::string ReasonOf(Bytes payload) {
  json::Document document;
  const auto error = document.Parse(payload);
  if (!error.ok() || !error->is_object()) return std::string(payload);
  const json::Value message = json::Given(*error, "errorMessage");
  if (message.valid() && message.is_string() && !message.text().empty()) return std::string(message.text());
  const json::Value type = json::Given(*error, "errorType");
  return type.valid() && type.is_string() ? std::string(type.text()) : std::string(payload);
}

}  // namespace

Task<Result<std::string>> FunctionHooks::Run(Trigger trigger, Occasion occasion, EventExtras extras, Lane& lane) {
  const std::string arn = FunctionOf(occasion.pool->triggers, trigger);
  if (arn.empty()) co_return Result<std::string>(std::string());
  const std::string event = EventOf(trigger, occasion, extras);
  Error error = Fail(errors::kPoolTriggerUnexpected, NameOf(trigger), "Function not found: " + arn);
  for (int i = 0; i < limits_.tries; ++i) {
    Invocation invocation;
    invocation.function = functions_.Resolve(arn, "");
    if (!invocation.function) break;
    invocation.invoked_arn = arn;
    invocation.payload = event;
    std::optional<Invoked> how = co_await InvokeWithin(invoker_, std::move(invocation), limits_.call, lane);
    if (how && how->kind == Invoked::Kind::kReturned) co_return std::move(how->payload);
    if (how && how->kind == Invoked::Kind::kFailed) {
      co_return Fail(errors::kPoolTriggerFailed, NameOf(trigger), ReasonOf(how->payload));
    }
    error = Fail(errors::kPoolTriggerUnexpected, NameOf(trigger),
                 how ? "TooManyRequestsException: Rate Exceeded" : "Socket timeout while invoking Lambda function");
  }
  co_return std::move(error);
}

Task<Status> FunctionHooks::Ask(Trigger trigger, Occasion occasion, EventExtras extras, Lane& lane) {
  const Result<std::string> payload = co_await Run(trigger, std::move(occasion), std::move(extras), lane);
  if (!payload.ok()) co_return Status(payload.error());
  co_return payload->empty() ? Status() : CheckAnswer(*payload);
}

Task<Result<pools::PreSignUpAnswer>> FunctionHooks::PreSignUp(Occasion occasion, Lane& lane) {
  EventExtras extras;
  const Result<std::string> payload = co_await Run(Trigger::kPreSignUp, std::move(occasion), std::move(extras), lane);
  if (!payload.ok()) co_return payload.error();
  if (payload->empty()) co_return pools::PreSignUpAnswer();
  co_return ReadPreSignUp(*payload);
}

Task<Status> FunctionHooks::PostConfirmation(Occasion occasion, Lane& lane) {
  return Ask(Trigger::kPostConfirmation, std::move(occasion), {}, lane);
}

Task<Status> FunctionHooks::PreAuthentication(Occasion occasion, bool unknown, Lane& lane) {
  EventExtras extras;
  extras.user_not_found = unknown;
  return Ask(Trigger::kPreAuthentication, std::move(occasion), std::move(extras), lane);
}

Task<Status> FunctionHooks::PostAuthentication(Occasion occasion, Lane& lane) {
  return Ask(Trigger::kPostAuthentication, std::move(occasion), {}, lane);
}

Task<Result<pools::ClaimChanges>> FunctionHooks::PreTokenGeneration(Occasion occasion, Lane& lane) {
  EventExtras extras;
  const Result<std::string> payload =
      co_await Run(Trigger::kPreTokenGeneration, std::move(occasion), std::move(extras), lane);
  if (!payload.ok()) co_return payload.error();
  if (payload->empty()) co_return pools::ClaimChanges();
  co_return ReadPreTokenGeneration(*payload);
}

Task<Result<pools::CustomText>> FunctionHooks::CustomMessage(Occasion occasion, std::string code, Lane& lane) {
  EventExtras extras;
  const std::string username = occasion.user.username;
  const Result<std::string> payload =
      co_await Run(Trigger::kCustomMessage, std::move(occasion), std::move(extras), lane);
  if (!payload.ok()) co_return payload.error();
  if (payload->empty()) co_return pools::CustomText();
  co_return ReadCustomMessage(*payload, code, username);
}

Task<Result<std::optional<pools::Migrated>>> FunctionHooks::UserMigration(Occasion occasion, std::string username,
                                                                          std::string password, Lane& lane) {
  EventExtras extras;
  extras.username = std::move(username);
  extras.password = std::move(password);
  const Result<std::string> payload =
      co_await Run(Trigger::kUserMigration, std::move(occasion), std::move(extras), lane);
  if (!payload.ok()) co_return payload.error();
  if (payload->empty()) co_return std::optional<pools::Migrated>();
  co_return ReadUserMigration(*payload);
}

}  // namespace stator::services::cognito
