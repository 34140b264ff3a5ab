// CreateAlias, GetAlias, ListAliases, UpdateAlias, DeleteAlias.
#include <algorithm>

#include "base/random.h"
#include "errors/functions.h"
#include "services/lambda/describe.h"
#include "services/lambda/lookup.h"
#include "services/lambda/model.h"

namespace stator::services::lambda {
namespace model {
namespace {

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
constexpr Shape kVersion = Matching("Version", 1, 1024, R"((\$LATEST|[0-9]+))", functions::IsVersion);
constexpr Shape kAdditionalVersion = Matching("AdditionalVersion", 1, 1024, "[0-9]+", IsNumber);
constexpr Shape kWeight{.kind = Shape::Kind::kDouble, .model_name = "Weight"};
constexpr Shape MakeWeights() {
  Shape shape = Map("AdditionalVersionWeights", &kWeight);
  shape.key = &kAdditionalVersion;
  return shape;
}
constexpr Shape kWeights = MakeWeights();
constexpr ShapeMember kRoutingMembers[] = {{"AdditionalVersionWeights", &kWeights}};
constexpr Shape kRouting = Structure("AliasRoutingConfiguration", kRoutingMembers);

constexpr ShapeMember kCreateMembers[] = {{"FunctionName", &kFunctionName, true},
                                          {"Name", &kAlias, true},
                                          {"FunctionVersion", &kVersion, true},
                                          {"Description", &kDescription},
                                          {"RoutingConfig", &kRouting}};
constinit const Shape kCreateAliasInput = Structure("CreateAliasRequest", kCreateMembers);
constexpr ShapeMember kUpdateMembers[] = {{"FunctionName", &kFunctionName, true}, {"Name", &kAlias, true},
                                          {"FunctionVersion", &kVersion},         {"Description", &kDescription},
                                          {"RoutingConfig", &kRouting},           {"RevisionId", &kText}};
constinit const Shape kUpdateAliasInput = Structure("UpdateAliasRequest", kUpdateMembers);
constexpr ShapeMember kNamedMembers[] = {{"FunctionName", &kFunctionName, true}, {"Name", &kAlias, true}};
constinit const Shape kNamedAliasInput = Structure("GetAliasRequest", kNamedMembers);
constexpr ShapeMember kListMembers[] = {{"FunctionName", &kFunctionName, true},
                                        {"FunctionVersion", &kVersion},
                                        {"Marker", &kText},
                                        {"MaxItems", &kMaxItems}};
constinit const Shape kListAliasesInput = Structure("ListAliasesRequest", kListMembers);

}  // namespace
}  // namespace model

namespace {

using dispatch::Answer;
using dispatch::Call;
using functions::Alias;
using functions::Entry;
using functions::EntryRef;

constexpr int kPage = 50;

// --- Act. ---

void WriteAlias(const Entry& entry, const Alias& alias, json::Writer& out) {
  out.BeginObject().Key("AliasArn").String(entry.arn() + ":" + alias.name).Key("Name").String(alias.name);
  out.Key("FunctionVersion").String(alias.version).Key("Description").String(alias.description);
  if (!alias.second_version.empty()) {
    out.Key("RoutingConfig").BeginObject().Key("AdditionalVersionWeights").BeginObject();
    out.Key(alias.second_version).Double(alias.second_weight).EndObject().EndObject();
  }
  out.Key("RevisionId").String(alias.revision_id).EndObject();
}

Answer AliasReply(const Entry& entry, const std::string& name) {
  std::string reply;
  json::Writer out(&reply);
  WriteAlias(entry, entry.aliases.at(name), out);
  return reply;
}

// A version has to be there to be pointed at.
Status CheckVersion(const Entry& entry, const std::string& version) {
  if (entry.Find(version)) return {};
  return Fail(errors::kFunctionMissing, entry.arn() + ":" + version);
}

Status ReadRouting(const Entry& entry, json::Value routing, Alias* alias) {
  alias->second_version.clear();
  alias->second_weight = 0;
  const json::Value weights = json::Given(routing, "AdditionalVersionWeights");
  if (!weights.valid() || weights.size() == 0) return {};
  if (weights.size() > 1) return Fail(errors::kRoutingTooMany);
  const json::Member second = *weights.members().begin();
  if (second.name == alias->version) return Fail(errors::kRoutingSameVersion, second.name, second.name);
  if (alias->version == "$LATEST") return Fail(errors::kRoutingLatest);
  alias->second_version = second.name;
  alias->second_weight = second.value.real();
  if (!(alias->second_weight >= 0 && alias->second_weight <= 1)) return Fail(errors::kRoutingWeight, second.name);
  return CheckVersion(entry, alias->second_version);
}

// Sets what the request says of the alias.
Status ReadAlias(const Entry& entry, json::Value body, Alias* alias) {
  if (const Bytes version = TextOf(body, "FunctionVersion"); !version.empty()) alias->version = version;
  STATOR_OK(CheckVersion(entry, alias->version));
  const json::Value description = json::Given(body, "Description");
  if (description.valid()) alias->description = description.text();
  if (const json::Value routing = json::Given(body, "RoutingConfig"); routing.valid()) {
    STATOR_OK(ReadRouting(entry, routing, alias));
  }
  alias->revision_id = NewUuid();
  return {};
}

Result<Entry> WithNewAlias(const Entry& entry, json::Value body) {
  Alias alias;
  alias.name = TextOf(body, "Name");
  if (entry.aliases.contains(alias.name)) return Fail(errors::kAliasExists, entry.arn() + ":" + alias.name);
  STATOR_OK(ReadAlias(entry, body, &alias));
  Entry next = entry;
  next.aliases[alias.name] = alias;
  return next;
}

Result<Entry> WithChangedAlias(const Entry& entry, json::Value body) {
  const std::string name(TextOf(body, "Name"));
  const auto found = entry.aliases.find(name);
  if (found == entry.aliases.end()) return Fail(errors::kAliasToUpdateMissing, entry.arn() + ":" + name);
  STATOR_OK(CheckRevision(body, found->second.revision_id));
  Alias alias = found->second;
  STATOR_OK(ReadAlias(entry, body, &alias));
  Entry next = entry;
  next.aliases[name] = alias;
  return next;
}

Result<Entry> WithoutAlias(const Entry& entry, json::Value body) {
  const std::string name(TextOf(body, "Name"));
  Entry next = entry;
  next.aliases.erase(name);
  next.event_invokes.erase(name);
  next.policies.erase(name);
  return next;
}

// --- Read fields, run, reply. ---

using Change = Result<Entry> (*)(const Entry&, json::Value);

Task<Result<EntryRef>> ChangeAliases(Needs needs, const Call& call, Change change) {
  STATOR_CO_TRY(const Target target, FindUnqualified(needs, call));
  functions::Functions::Change apply = [change, &call](const Entry& entry) { return change(entry, call.body); };
  Result<EntryRef> changed = co_await ChangeEntry(needs, call, target.name, std::move(apply));
  co_return changed;
}

Task<Answer> PutAlias(Needs needs, const Call& call, Change change) {
  const Result<EntryRef> entry = co_await ChangeAliases(needs, call, change);
  if (!entry.ok()) co_return Answer(entry.error());
  const std::string name(TextOf(call.body, "Name"));
  co_return AliasReply(**entry, name);
}

Task<Answer> DeleteAlias(Needs needs, const Call& call) {
  const Result<EntryRef> entry = co_await ChangeAliases(needs, call, WithoutAlias);
  if (!entry.ok()) co_return Answer(entry.error());
  co_return std::string();
}

Answer RunGetAlias(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindUnqualified(needs, call));
  const std::string name(TextOf(call.body, "Name"));
  if (!target.entry->aliases.contains(name)) return Fail(errors::kAliasMissing, target.entry->arn() + ":" + name);
  return AliasReply(*target.entry, name);
}
Task<Answer> GetAlias(Needs needs, const Call& call) { co_return RunGetAlias(needs, call); }

Answer RunListAliases(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindUnqualified(needs, call));
  STATOR_TRY(const std::string last, ReadMarker(call.body));
  const Bytes version = TextOf(call.body, "FunctionVersion");
  const auto limit = static_cast<size_t>(std::min(NumberOf(call.body, "MaxItems").value_or(kPage), kPage));
  std::vector<const Alias*> found;
  const auto& aliases = target.entry->aliases;
  for (auto at = aliases.upper_bound(last); at != aliases.end() && found.size() <= limit; ++at) {
    if (version.empty() || at->second.version == version) found.push_back(&at->second);
  }
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  if (found.size() > limit) {
    out.Key("NextMarker").String(MarkerOf(found[limit - 1]->name));
    found.resize(limit);
  }
  out.Key("Aliases").BeginArray();
  for (const Alias* alias : found) WriteAlias(*target.entry, *alias, out);
  out.EndArray().EndObject();
  return reply;
}
Task<Answer> ListAliases(Needs needs, const Call& call) { co_return RunListAliases(needs, call); }

}  // namespace

// --- Register. ---

void RegisterAliasOps(dispatch::Registry& registry, const Needs& needs) {
  constexpr std::string_view kAll = "/2015-03-31/functions/{FunctionName}/aliases";
  constexpr std::string_view kOne = "/2015-03-31/functions/{FunctionName}/aliases/{Name}";
  AddOperation(registry, "CreateAlias", {.method = "POST", .path = kAll, .success = 201}, model::kCreateAliasInput,
               [needs](const Call& call) { return PutAlias(needs, call, WithNewAlias); });
  AddOperation(registry, "GetAlias", {.method = "GET", .path = kOne}, model::kNamedAliasInput,
               [needs](const Call& call) { return GetAlias(needs, call); });
  AddOperation(registry, "ListAliases", {.method = "GET", .path = kAll}, model::kListAliasesInput,
               [needs](const Call& call) { return ListAliases(needs, call); });
  AddOperation(registry, "UpdateAlias", {.method = "PUT", .path = kOne}, model::kUpdateAliasInput,
               [needs](const Call& call) { return PutAlias(needs, call, WithChangedAlias); });
  AddOperation(registry, "DeleteAlias", {.method = "DELETE", .path = kOne, .success = 204}, model::kNamedAliasInput,
               [needs](const Call& call) { return DeleteAlias(needs, call); });
}

}  // namespace stator::services::lambda
