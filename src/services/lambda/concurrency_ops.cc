// Put, Get, DeleteFunctionConcurrency; GetAccountSettings; Put, GetFunctionRecursionConfig.
#include "errors/functions.h"
#include "services/lambda/lookup.h"
#include "services/lambda/model.h"

namespace stator::services::lambda {
namespace model {
namespace {

constexpr Shape kReserved = Integer("ReservedConcurrentExecutions", 0);
constexpr ShapeMember kPutMembers[] = {{"FunctionName", &kFunctionName, true},
                                       {"ReservedConcurrentExecutions", &kReserved, true}};
constinit const Shape kPutConcurrencyInput = Structure("PutFunctionConcurrencyRequest", kPutMembers);
constinit const Shape kNothing = Structure("GetAccountSettingsRequest", {});
constexpr std::string_view kLoopValues[] = {"Allow", "Terminate"};
constexpr Shape kLoop = Enum("RecursiveLoop", kLoopValues);
constexpr ShapeMember kRecursionMembers[] = {{"FunctionName", &kFunctionName, true}, {"RecursiveLoop", &kLoop, true}};
constinit const Shape kPutRecursionInput = Structure("PutFunctionRecursionConfigRequest", kRecursionMembers);

}  // namespace
}  // namespace model

namespace {

using dispatch::Answer;
using dispatch::Call;
using functions::Entry;
using functions::EntryRef;

constexpr int kAccountLimit = 1000;
constexpr int kUnreservedLeast = 100;
constexpr int64_t kAllCode = 80'530'636'800;
constexpr int64_t kUnzipped = 262'144'000;
constexpr int64_t kZipped = 52'428'800;

// --- Act. ---

std::string ConcurrencyReply(const Entry& entry) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  if (entry.reserved_concurrency) out.Key("ReservedConcurrentExecutions").Int(*entry.reserved_concurrency);
  out.EndObject();
  return reply;
}

std::string RecursionReply(const Entry& entry) {
  std::string reply;
  json::Writer(&reply).BeginObject().Key("RecursiveLoop").String(entry.recursive_loop).EndObject();
  return reply;
}

std::string AccountReply(const functions::Functions& functions) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("AccountLimit").BeginObject();
  out.Key("TotalCodeSize").Int(kAllCode).Key("CodeSizeUnzipped").Int(kUnzipped).Key("CodeSizeZipped").Int(kZipped);
  out.Key("ConcurrentExecutions").Int(kAccountLimit);
  out.Key("UnreservedConcurrentExecutions").Int(kAccountLimit - functions.ReservedConcurrency()).EndObject();
  out.Key("AccountUsage").BeginObject().Key("TotalCodeSize").Int(functions.CodeBytes());
  out.Key("FunctionCount").Int(static_cast<int64_t>(functions.size())).EndObject().EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

Task<Result<EntryRef>> Set(Needs needs, const Call& call, std::function<void(Entry&)> set) {
  STATOR_CO_TRY(const Target target, FindUnqualified(needs, call));
  functions::Functions::Change change = [set = std::move(set)](const Entry& entry) -> Result<Entry> {
    Entry next = entry;
    set(next);
    return next;
  };
  Result<EntryRef> changed = co_await ChangeEntry(needs, call, target.name, std::move(change));
  co_return changed;
}

Task<Answer> PutConcurrency(Needs needs, const Call& call) {
  STATOR_CO_TRY(const Target target, FindUnqualified(needs, call));
  const int reserved = *NumberOf(call.body, "ReservedConcurrentExecutions");
  const int others = needs.functions.ReservedConcurrency() - target.entry->reserved_concurrency.value_or(0);
  if (reserved > kAccountLimit - kUnreservedLeast - others) {
    co_return Answer(Fail(errors::kTooMuchReserved, kUnreservedLeast));
  }
  std::function<void(Entry&)> set = [reserved](Entry& entry) { entry.reserved_concurrency = reserved; };
  const Result<EntryRef> entry = co_await Set(needs, call, std::move(set));
  if (!entry.ok()) co_return Answer(entry.error());
  co_return ConcurrencyReply(**entry);
}

Task<Answer> DeleteConcurrency(Needs needs, const Call& call) {
  std::function<void(Entry&)> set = [](Entry& entry) { entry.reserved_concurrency.reset(); };
  const Result<EntryRef> entry = co_await Set(needs, call, std::move(set));
  if (!entry.ok()) co_return Answer(entry.error());
  co_return std::string();
}

Answer RunGetConcurrency(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindUnqualified(needs, call));
  return ConcurrencyReply(*target.entry);
}
Task<Answer> GetConcurrency(Needs needs, const Call& call) { co_return RunGetConcurrency(needs, call); }

Task<Answer> GetAccountSettings(Needs needs) { co_return AccountReply(needs.functions); }

Task<Answer> PutRecursion(Needs needs, const Call& call) {
  const std::string loop(TextOf(call.body, "RecursiveLoop"));
  std::function<void(Entry&)> set = [loop](Entry& entry) { entry.recursive_loop = loop; };
  const Result<EntryRef> entry = co_await Set(needs, call, std::move(set));
  if (!entry.ok()) co_return Answer(entry.error());
  co_return RecursionReply(**entry);
}

Answer RunGetRecursion(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindUnqualified(needs, call));
  return RecursionReply(*target.entry);
}
Task<Answer> GetRecursion(Needs needs, const Call& call) { co_return RunGetRecursion(needs, call); }

}  // namespace

// --- Register. ---

void RegisterConcurrencyOps(dispatch::Registry& registry, const Needs& needs) {
  constexpr std::string_view kConcurrency = "/2017-10-31/functions/{FunctionName}/concurrency";
  constexpr std::string_view kRecursion = "/2024-08-31/functions/{FunctionName}/recursion-config";
  AddOperation(registry, "PutFunctionConcurrency", {.method = "PUT", .path = kConcurrency}, model::kPutConcurrencyInput,
               [needs](const Call& call) { return PutConcurrency(needs, call); });
  AddOperation(registry, "DeleteFunctionConcurrency", {.method = "DELETE", .path = kConcurrency, .success = 204},
               model::kFunctionOnly, [needs](const Call& call) { return DeleteConcurrency(needs, call); });
  AddOperation(registry, "GetFunctionConcurrency",
               {.method = "GET", .path = "/2019-09-30/functions/{FunctionName}/concurrency"}, model::kFunctionOnly,
               [needs](const Call& call) { return GetConcurrency(needs, call); });
  AddOperation(registry, "GetAccountSettings", {.method = "GET", .path = "/2016-08-19/account-settings"},
               model::kNothing, [needs](const Call&) { return GetAccountSettings(needs); });
  AddOperation(registry, "PutFunctionRecursionConfig", {.method = "PUT", .path = kRecursion}, model::kPutRecursionInput,
               [needs](const Call& call) { return PutRecursion(needs, call); });
  AddOperation(registry, "GetFunctionRecursionConfig", {.method = "GET", .path = kRecursion}, model::kFunctionOnly,
               [needs](const Call& call) { return GetRecursion(needs, call); });
}

}  // namespace stator::services::lambda
