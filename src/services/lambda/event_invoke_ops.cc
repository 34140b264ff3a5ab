// PutFunctionEventInvokeConfig, UpdateFunctionEventInvokeConfig, GetFunctionEventInvokeConfig,
// DeleteFunctionEventInvokeConfig, ListFunctionEventInvokeConfigs.
#include <algorithm>

#include "errors/functions.h"
#include "runtime/destinations.h"
#include "services/lambda/lookup.h"
#include "services/lambda/model.h"

namespace stator::services::lambda {
namespace model {
namespace {

constexpr Shape kRetries = Integer("MaximumRetryAttempts", 0, 2);
constexpr Shape kAge = Integer("MaximumEventAgeInSeconds", 60, 21600);
constexpr Shape kDestination = String("DestinationArn", 0, 350);
constexpr ShapeMember kOnMembers[] = {{"Destination", &kDestination}};
constexpr Shape kOn = Structure("OnSuccess", kOnMembers);
constexpr ShapeMember kConfigMembers[] = {{"OnSuccess", &kOn}, {"OnFailure", &kOn}};
constexpr Shape kDestinationConfig = Structure("DestinationConfig", kConfigMembers);
constexpr ShapeMember kPutMembers[] = {{"FunctionName", &kFunctionName, true},
                                       {"Qualifier", &kQualifier},
                                       {"MaximumRetryAttempts", &kRetries},
                                       {"MaximumEventAgeInSeconds", &kAge},
                                       {"DestinationConfig", &kDestinationConfig}};
constinit const Shape kPutEventInvokeInput = Structure("PutFunctionEventInvokeConfigRequest", kPutMembers);
constexpr ShapeMember kListMembers[] = {
    {"FunctionName", &kFunctionName, true}, {"Marker", &kText}, {"MaxItems", &kMaxFewItems}};
constinit const Shape kListEventInvokesInput = Structure("ListFunctionEventInvokeConfigsRequest", kListMembers);

}  // namespace
}  // namespace model

namespace {

using dispatch::Answer;
using dispatch::Call;
using functions::Entry;
using functions::EntryRef;
using functions::EventInvoke;
using functions::Name;

// --- Act. ---

std::string QualifierOf(const Name& name) { return name.qualifier.empty() ? "$LATEST" : name.qualifier; }

void WriteDestination(Bytes name, const std::string& destination, json::Writer& out) {
  out.Key(name).BeginObject();
  if (!destination.empty()) out.Key("Destination").String(destination);
  out.EndObject();
}

void WriteConfig(const std::string& arn, const EventInvoke& config, json::Writer& out) {
  out.BeginObject().Key("LastModified").Millis(config.last_modified.millis()).Key("FunctionArn").String(arn);
  if (config.max_retries) out.Key("MaximumRetryAttempts").Int(*config.max_retries);
  if (config.max_age_seconds) out.Key("MaximumEventAgeInSeconds").Int(*config.max_age_seconds);
  out.Key("DestinationConfig").BeginObject();
  WriteDestination("OnSuccess", config.on_success, out);
  WriteDestination("OnFailure", config.on_failure, out);
  out.EndObject().EndObject();
}

Answer ConfigReply(const Entry& entry, const std::string& qualifier) {
  const std::string arn = entry.arn() + ":" + qualifier;
  const auto found = entry.event_invokes.find(qualifier);
  if (found == entry.event_invokes.end()) return Fail(errors::kEventInvokeMissing, arn);
  std::string reply;
  json::Writer out(&reply);
  WriteConfig(arn, found->second, out);
  return reply;
}

// The function's own ARN, by whatever qualifier, is no destination of its outcomes.
Status ReadDestination(json::Value config, Bytes name, const Entry& entry, std::string* destination) {
  const json::Value on = json::Given(config, name);
  if (!on.valid()) return {};
  *destination = TextOf(on, "Destination");
  if (destination->empty()) return {};
  if (!runtime::IsDestination(*destination)) {
    return Fail(errors::kDestinationInvalid, std::string(name) + "=" + *destination);
  }
  if (*destination == entry.arn() || destination->starts_with(entry.arn() + ":")) {
    return Fail(errors::kDestinationItself);
  }
  return {};
}

// Sets what the request says; a Put begins with nothing.
Result<Entry> WithConfig(const Entry& entry, const Call& call, const std::string& qualifier, bool put) {
  Entry next = entry;
  const auto found = next.event_invokes.find(qualifier);
  if (!put && found == next.event_invokes.end()) {
    return Fail(errors::kEventInvokeMissing, entry.arn() + ":" + qualifier);
  }
  EventInvoke config = put ? EventInvoke() : found->second;
  const auto retries = NumberOf(call.body, "MaximumRetryAttempts");
  const auto age = NumberOf(call.body, "MaximumEventAgeInSeconds");
  if (retries) config.max_retries = retries;
  if (age) config.max_age_seconds = age;
  if (const json::Value destinations = json::Given(call.body, "DestinationConfig"); destinations.valid()) {
    STATOR_OK(ReadDestination(destinations, "OnSuccess", entry, &config.on_success));
    STATOR_OK(ReadDestination(destinations, "OnFailure", entry, &config.on_failure));
  }
  config.last_modified = call.now;
  next.event_invokes[qualifier] = config;
  return next;
}

bool SaysNothing(json::Value body) {
  return !json::Given(body, "MaximumRetryAttempts").valid() && !json::Given(body, "MaximumEventAgeInSeconds").valid() &&
         !json::Given(body, "DestinationConfig").valid();
}

// --- Read fields, run, reply. ---

// The function that the request names; its absence has words of its own here.
Result<Target> FindConfigured(const Needs& needs, const Call& call) {
  Result<Target> target = FindTarget(needs, call);
  if (!target.ok() && target.error().id == errors::kFunctionMissing) return Fail(errors::kEventInvokeNoFunction);
  return target;
}

Task<Answer> PutConfig(Needs needs, const Call& call, bool put) {
  if (SaysNothing(call.body)) co_return Answer(Fail(errors::kEventInvokeNothing));
  STATOR_CO_TRY(const Target target, FindConfigured(needs, call));
  const std::string qualifier = QualifierOf(target.name);
  functions::Functions::Change change = [&call, &qualifier, put](const Entry& entry) {
    return WithConfig(entry, call, qualifier, put);
  };
  const Result<EntryRef> entry = co_await ChangeEntry(needs, call, target.name, std::move(change));
  if (!entry.ok()) co_return Answer(entry.error());
  co_return ConfigReply(**entry, qualifier);
}

Task<Answer> DeleteConfig(Needs needs, const Call& call) {
  STATOR_CO_TRY(const Target target, FindConfigured(needs, call));
  const std::string qualifier = QualifierOf(target.name);
  functions::Functions::Change change = [&qualifier](const Entry& entry) -> Result<Entry> {
    Entry next = entry;
    if (next.event_invokes.erase(qualifier) == 0) {
      return Fail(errors::kEventInvokeMissing, entry.arn() + ":" + qualifier);
    }
    return next;
  };
  const Result<EntryRef> entry = co_await ChangeEntry(needs, call, target.name, std::move(change));
  if (!entry.ok()) co_return Answer(entry.error());
  co_return std::string();
}

Answer RunGetConfig(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindConfigured(needs, call));
  return ConfigReply(*target.entry, QualifierOf(target.name));
}
Task<Answer> GetConfig(Needs needs, const Call& call) { co_return RunGetConfig(needs, call); }

Answer RunListConfigs(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindConfigured(needs, call));
  STATOR_TRY(const std::string last, ReadMarker(call.body));
  const Entry& entry = *target.entry;
  const int limit = NumberOf(call.body, "MaxItems").value_or(50);
  std::string reply;
  std::string marker;
  json::Writer out(&reply);
  out.BeginObject().Key("FunctionEventInvokeConfigs").BeginArray();
  int written = 0;
  for (auto at = entry.event_invokes.upper_bound(last); at != entry.event_invokes.end(); ++at) {
    if (written == limit) {
      marker = MarkerOf(std::prev(at)->first);
      break;
    }
    WriteConfig(entry.arn() + ":" + at->first, at->second, out);
    ++written;
  }
  out.EndArray();
  if (!marker.empty()) out.Key("NextMarker").String(marker);
  out.EndObject();
  return reply;
}
Task<Answer> ListConfigs(Needs needs, const Call& call) { co_return RunListConfigs(needs, call); }

}  // namespace

// --- Register. ---

void RegisterEventInvokeOps(dispatch::Registry& registry, const Needs& needs) {
  constexpr std::string_view kPath = "/2019-09-25/functions/{FunctionName}/event-invoke-config";
  AddOperation(registry, "PutFunctionEventInvokeConfig", {.method = "PUT", .path = kPath}, model::kPutEventInvokeInput,
               [needs](const Call& call) { return PutConfig(needs, call, true); });
  AddOperation(registry, "UpdateFunctionEventInvokeConfig", {.method = "POST", .path = kPath},
               model::kPutEventInvokeInput, [needs](const Call& call) { return PutConfig(needs, call, false); });
  AddOperation(registry, "GetFunctionEventInvokeConfig", {.method = "GET", .path = kPath}, model::kQualified,
               [needs](const Call& call) { return GetConfig(needs, call); });
  AddOperation(registry, "DeleteFunctionEventInvokeConfig", {.method = "DELETE", .path = kPath, .success = 204},
               model::kQualified, [needs](const Call& call) { return DeleteConfig(needs, call); });
  AddOperation(registry, "ListFunctionEventInvokeConfigs",
               {.method = "GET", .path = "/2019-09-25/functions/{FunctionName}/event-invoke-config/list"},
               model::kListEventInvokesInput, [needs](const Call& call) { return ListConfigs(needs, call); });
}

}  // namespace stator::services::lambda
