// UpdateFunctionCode, UpdateFunctionConfiguration.
#include "errors/functions.h"
#include "services/lambda/configuration.h"
#include "services/lambda/describe.h"
#include "services/lambda/lookup.h"
#include "services/lambda/model_function.h"
#include "services/lambda/publish.h"

namespace stator::services::lambda {
namespace {

using dispatch::Answer;
using dispatch::Call;
using functions::Code;
using functions::Entry;
using functions::EntryRef;
using functions::Function;
using functions::FunctionRef;

// --- Act. ---

// Whether $LATEST may be changed by this request now.
Status CheckChangeable(const Function& latest, const Call& call) {
  if (IsChanging(latest, call.now)) return Fail(errors::kUpdateInProgress, latest.arn);
  return CheckRevision(call.body, RevisionAt(latest, call.now));
}

// $LATEST with other code; published, too, if the request says so.
Result<Entry> WithCode(const Needs& needs, const Entry& entry, const Call& call, const Code& code) {
  STATOR_OK(CheckChangeable(*entry.latest, call));
  Function changed = *entry.latest;
  STATOR_OK(ReadConfiguration(call.body, &changed));  // Architectures
  UseCode(code, &changed);
  needs.functions.Stamp(&changed, true);
  Entry next = entry;
  next.latest = std::make_shared<const Function>(std::move(changed));
  if (FlagOf(call.body, "Publish")) Publish(needs.functions, &next, nullptr);
  return next;
}

Result<Entry> WithConfiguration(const Needs& needs, const Entry& entry, const Call& call) {
  STATOR_OK(CheckChangeable(*entry.latest, call));
  Function changed = *entry.latest;
  STATOR_OK(ReadConfiguration(call.body, &changed));
  needs.functions.Stamp(&changed, true);
  Entry next = entry;
  next.latest = std::make_shared<const Function>(std::move(changed));
  return next;
}

// --- Read fields, run, reply. ---

Task<Answer> UpdateFunctionCode(Needs needs, const Call& call) {
  STATOR_CO_TRY(const Target target, FindUnqualified(needs, call));
  STATOR_CO_OK(CheckChangeable(*target.entry->latest, call));
  std::string name = target.name.name;
  Result<Code> code = co_await ReadCode(needs, std::move(name), call.body, call.blob, call.lane);
  if (!code.ok()) co_return Answer(code.error());
  if (FlagOf(call.body, "DryRun")) {
    Function tried = *target.entry->latest;
    UseCode(*code, &tried);
    co_return Configuration(tried, {.arn = tried.arn}, call.now);
  }
  const Code taken = *std::move(code);
  functions::Functions::Change change = [&needs, &call, &taken](const Entry& entry) {
    return WithCode(needs, entry, call, taken);
  };
  const Result<EntryRef> updated = co_await ChangeEntry(needs, call, target.name, std::move(change));
  if (!updated.ok()) co_return Answer(updated.error());
  if (!FlagOf(call.body, "Publish")) {
    const Function& latest = *(*updated)->latest;
    co_return Configuration(latest, {.arn = latest.arn, .changed = true}, call.now);
  }
  const Function& version = *(*updated)->versions.rbegin()->second;
  co_return Configuration(version, {.arn = version.qualified_arn()}, call.now);
}

Task<Answer> UpdateFunctionConfiguration(Needs needs, const Call& call) {
  STATOR_CO_TRY(const Target target, FindUnqualified(needs, call));
  functions::Functions::Change change = [&needs, &call](const Entry& entry) {
    return WithConfiguration(needs, entry, call);
  };
  const Result<EntryRef> updated = co_await ChangeEntry(needs, call, target.name, std::move(change));
  if (!updated.ok()) co_return Answer(updated.error());
  const Function& latest = *(*updated)->latest;
  co_return Configuration(latest, {.arn = latest.arn, .changed = true}, call.now);
}

}  // namespace

// --- Register. ---

void RegisterUpdateOps(dispatch::Registry& registry, const Needs& needs) {
  AddOperation(registry, "UpdateFunctionCode",
               {.method = "PUT",
                .path = "/2015-03-31/functions/{FunctionName}/code",
                .body_limit = model::kCodeRequestBytes,
                .blob = "ZipFile"},
               model::kUpdateFunctionCodeInput, [needs](const Call& call) { return UpdateFunctionCode(needs, call); });
  AddOperation(registry, "UpdateFunctionConfiguration",
               {.method = "PUT", .path = "/2015-03-31/functions/{FunctionName}/configuration"},
               model::kUpdateFunctionConfigurationInput,
               [needs](const Call& call) { return UpdateFunctionConfiguration(needs, call); });
}

}  // namespace stator::services::lambda
