#include "services/lambda/lookup.h"

#include <algorithm>

#include "base/base64.h"
#include "errors/functions.h"

namespace stator::services::lambda {

using functions::EntryRef;
using functions::Name;

Bytes TextOf(json::Value body, Bytes name) {
  const json::Value value = json::Given(body, name);
  return value.valid() ? value.text() : Bytes();
}

bool FlagOf(json::Value body, Bytes name) {
  const json::Value value = json::Given(body, name);
  return value.valid() && json::Truth(value);
}

std::optional<int> NumberOf(json::Value body, Bytes name) {
  const json::Value value = json::Given(body, name);
  if (!value.valid()) return std::nullopt;
  constexpr int64_t kMost = 1'000'000'000;
  return static_cast<int>(std::clamp(json::WholeNumber(value), -kMost, kMost));
}

std::string Target::arn() const { return name.qualifier.empty() ? entry->arn() : entry->arn() + ":" + name.qualifier; }

std::string ArnFor(const dispatch::Call& call, Bytes name) {
  std::string arn = "arn:aws:lambda:";
  arn.append(call.principal.region).append(":").append(call.principal.account);
  return arn.append(":function:").append(name);
}

Error NotFound(const dispatch::Call& call, const Name& name) {
  std::string arn = ArnFor(call, name.name);
  if (!name.qualifier.empty()) arn.append(":").append(name.qualifier);
  return Fail(errors::kFunctionMissing, arn);
}

// A function's own ARN always reaches it; that of another region does as little as on AWS.
Result<Name> NameOf(const Needs& needs, const dispatch::Call& call) {
  STATOR_TRY(Name name, functions::ReadName(TextOf(call.body, "FunctionName"), TextOf(call.body, "Qualifier")));
  if (name.region.empty() || name.region == call.principal.region) return name;
  const EntryRef entry = needs.functions.Find(name.name);
  if (entry && entry->latest->region == name.region) return name;
  return Fail(errors::kFunctionElsewhere, name.region, std::string(call.principal.region));
}

Result<Target> FindTarget(const Needs& needs, const dispatch::Call& call) {
  STATOR_TRY(Name name, NameOf(needs, call));
  Target target{std::move(name), nullptr, nullptr};
  target.entry = needs.functions.Find(target.name.name);
  if (target.entry) target.function = target.entry->Find(target.name.qualifier);
  if (!target.function) return NotFound(call, target.name);
  return target;
}

Result<Target> FindUnqualified(const Needs& needs, const dispatch::Call& call) {
  STATOR_TRY(const Name name, NameOf(needs, call));
  if (!name.qualifier.empty()) return Fail(errors::kUnqualifiedOnly);
  return FindTarget(needs, call);
}

Task<Result<EntryRef>> ChangeEntry(const Needs& needs, const dispatch::Call& call, Name name,
                                   functions::Functions::Change change) {
  Result<EntryRef> changed = co_await needs.functions.Update(name.name, std::move(change), call.lane);
  if (changed.ok() && !*changed) co_return Result<EntryRef>(NotFound(call, name));
  co_return changed;
}

Status CheckRevision(json::Value body, Bytes current, Bytes api) {
  const Bytes revision = TextOf(body, "RevisionId");
  if (revision.empty() || revision == current) return {};
  return Fail(errors::kRevisionMismatch, std::string(api));
}

std::string MarkerOf(Bytes last) { return Base64(last); }

Result<std::string> ReadMarker(json::Value body) {
  std::string last;
  if (!AppendFromBase64(&last, TextOf(body, "Marker"))) return Fail(errors::kMarkerInvalid);
  return last;
}

}  // namespace stator::services::lambda
