// CreateFunction, GetFunction, GetFunctionConfiguration, ListFunctions, DeleteFunction.
#include <algorithm>

#include "errors/dispatch.h"
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
using functions::Name;

constexpr size_t kLongestName = 64;
constexpr int kPage = 50;
constexpr size_t kMostTags = 50;

// --- Act. ---

std::vector<std::pair<std::string, std::string>> ReadTags(json::Value tags) {
  std::vector<std::pair<std::string, std::string>> list;
  if (!tags.valid()) return list;
  for (const json::Member tag : tags.members()) list.emplace_back(tag.name, tag.value.text());
  return list;
}

Status CheckNewName(const Name& name) {
  if (name.name.size() <= kLongestName) return {};
  const std::string piece = Fail(errors::kMemberTooLong, static_cast<int64_t>(kLongestName)).text;
  const std::string fault = Fail(errors::kConstraintAt, " '" + name.name + "'", "functionName", piece).text;
  return Fail(errors::kConstraints, 1, "", fault);
}

Result<Function> ReadNew(const Call& call, const Name& name) {
  STATOR_OK(CheckNewName(name));
  Function function;
  function.name = name.name;
  function.arn = ArnFor(call, name.name);
  function.version = "$LATEST";
  function.region = call.principal.region;
  function.account = call.principal.account;
  function.log_group = "/aws/lambda/" + name.name;
  STATOR_OK(ReadConfiguration(call.body, &function));
  if (TextOf(call.body, "PackageType") == "Image") return Fail(errors::kImagesNotServed);
  if (function.runtime.empty() || function.handler.empty()) return Fail(errors::kRuntimeAndHandler);
  return function;
}

std::string FunctionReply(const Needs& needs, const Call& call, const Target& target) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Configuration");
  WriteConfiguration(*target.function, {.arn = target.arn()}, call.now, out);
  out.Key("Code").BeginObject().Key("RepositoryType").String("S3").Key("Location");
  const FunctionRef& function = target.function;
  out.String(function->hot ? "file://" + function->code_folder
                           : needs.downloads.UrlFor(function, call.request->head, call.now));
  out.EndObject();
  const Entry& entry = *target.entry;
  if (!entry.tags.empty()) {
    out.Key("Tags").BeginObject();
    for (const auto& [name, value] : entry.tags) out.Key(name).String(value);
    out.EndObject();
  }
  if (entry.reserved_concurrency) {
    out.Key("Concurrency").BeginObject().Key("ReservedConcurrentExecutions");
    out.Int(*entry.reserved_concurrency).EndObject();
  }
  out.EndObject();
  return reply;
}

// One row of ListFunctions: its place is after every row with a smaller key.
struct Row {
  std::string key;  // "name", or "name:00000000000000000007"
  FunctionRef function;
};

std::vector<Row> RowsOf(const Entry& entry, bool all) {
  std::vector<Row> rows{{entry.name(), entry.latest}};
  if (!all) return rows;
  for (const auto& [number, version] : entry.versions) {
    const std::string digits = std::to_string(number);
    rows.push_back({entry.name() + ":" + std::string(20 - digits.size(), '0') + digits, version});
  }
  return rows;
}

// The rows after `last`, one more than a page: that there is one more is what NextMarker says.
std::vector<Row> RowsAfter(const functions::Functions& functions, const std::string& last, bool all, size_t limit) {
  std::vector<Row> rows;
  const auto add = [&](const Entry& entry) {
    for (Row& row : RowsOf(entry, all)) {
      if (row.key > last && rows.size() <= limit) rows.push_back(std::move(row));
    }
  };
  // The marker's own function may have versions left.
  const std::string name = last.substr(0, last.find(':'));
  if (const EntryRef entry = functions.Find(name); entry && !last.empty()) add(*entry);
  for (const EntryRef& entry : functions.List(name, limit + 1)) add(*entry);
  return rows;
}

// --- Read fields, run, reply. ---

Task<Answer> CreateFunction(Needs needs, const Call& call) {
  STATOR_CO_TRY(const Name name, functions::ReadName(TextOf(call.body, "FunctionName"), {}));
  STATOR_CO_TRY(Function function, ReadNew(call, name));
  if (needs.functions.Find(name.name)) co_return Answer(Fail(errors::kFunctionExists, name.name));
  const json::Value tags = json::Given(call.body, "Tags");
  if (tags.valid() && tags.size() > kMostTags) co_return Answer(Fail(errors::kFunctionTagsTooMany));
  std::string code_name = name.name;
  const json::Value source = call.body.Find("Code");
  Result<Code> code = co_await ReadCode(needs, std::move(code_name), source, call.blob, call.lane);
  if (!code.ok()) co_return Answer(code.error());
  UseCode(*code, &function);
  needs.functions.Stamp(&function, false);
  Entry entry;
  entry.latest = std::make_shared<const Function>(std::move(function));
  entry.tags = ReadTags(tags);
  const bool publish = FlagOf(call.body, "Publish");
  if (publish) Publish(needs.functions, &entry, nullptr);
  const Result<EntryRef> created = co_await needs.functions.Create(std::move(entry), call.lane);
  if (!created.ok()) co_return Answer(created.error());
  const FunctionRef shown = publish ? (*created)->versions.rbegin()->second : (*created)->latest;
  const std::string arn = publish ? shown->qualified_arn() : shown->arn;
  co_return Configuration(*shown, {.arn = arn, .changed = true}, call.now);
}

Answer RunGet(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindTarget(needs, call));
  return FunctionReply(needs, call, target);
}
Task<Answer> GetFunction(Needs needs, const Call& call) { co_return RunGet(needs, call); }

Answer RunGetConfiguration(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindTarget(needs, call));
  return Configuration(*target.function, {.arn = target.arn()}, call.now);
}
Task<Answer> GetFunctionConfiguration(Needs needs, const Call& call) { co_return RunGetConfiguration(needs, call); }

Answer RunList(const Needs& needs, const Call& call) {
  STATOR_TRY(const std::string last, ReadMarker(call.body));
  const bool all = TextOf(call.body, "FunctionVersion") == "ALL";
  const auto limit = static_cast<size_t>(std::min(NumberOf(call.body, "MaxItems").value_or(kPage), kPage));
  const std::vector<Row> rows = RowsAfter(needs.functions, last, all, limit);
  const bool more = rows.size() > limit;
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  if (more) out.Key("NextMarker").String(MarkerOf(rows[limit - 1].key));
  out.Key("Functions").BeginArray();
  for (size_t i = 0; i < std::min(rows.size(), limit); ++i) {
    const Function& function = *rows[i].function;
    WriteConfiguration(function, {.arn = all ? function.qualified_arn() : function.arn, .states = false}, call.now,
                       out);
  }
  out.EndArray().EndObject();
  return reply;
}
Task<Answer> ListFunctions(Needs needs, const Call& call) { co_return RunList(needs, call); }

Result<Entry> WithoutVersion(const Entry& entry, const std::string& qualifier) {
  Entry next = entry;
  std::string users;
  for (const auto& [name, alias] : entry.aliases) {
    if (alias.version != qualifier && alias.second_version != qualifier) continue;
    users.append(users.empty() ? "" : ", ").append(name);
  }
  if (!users.empty()) return Fail(errors::kVersionHasAliases, users);
  const FunctionRef version = entry.Find(qualifier);
  if (version) std::erase_if(next.versions, [&](const auto& pair) { return pair.second == version; });
  next.event_invokes.erase(qualifier);
  next.policies.erase(qualifier);
  return next;
}

Task<Answer> DeleteFunction(Needs needs, const Call& call) {
  STATOR_CO_TRY(const Name name, NameOf(needs, call));
  if (name.qualifier == "$LATEST") co_return Answer(Fail(errors::kLatestNotDeletable));
  if (!name.qualifier.empty() && !functions::IsVersion(name.qualifier)) {
    co_return Answer(Fail(errors::kAliasNotDeletableSo));
  }
  const Name whole{name.name, "", name.region};
  if (!name.qualifier.empty()) {
    const std::string qualifier = name.qualifier;
    functions::Functions::Change change = [qualifier](const Entry& entry) { return WithoutVersion(entry, qualifier); };
    const Result<EntryRef> checked = co_await ChangeEntry(needs, call, whole, std::move(change));
    if (!checked.ok()) co_return Answer(checked.error());
    co_return std::string();
  }
  const Result<bool> removed = co_await needs.functions.Remove(name.name, call.lane);
  if (!removed.ok()) co_return Answer(removed.error());
  if (!*removed) co_return Answer(NotFound(call, whole));
  co_return std::string();
}

}  // namespace

// --- Register. ---

void RegisterFunctionOps(dispatch::Registry& registry, const Needs& needs) {
  AddOperation(registry, "CreateFunction",
               {.method = "POST",
                .path = "/2015-03-31/functions",
                .success = 201,
                .body_limit = model::kCodeRequestBytes,
                .blob = "ZipFile"},
               model::kCreateFunctionInput, [needs](const Call& call) { return CreateFunction(needs, call); });
  AddOperation(registry, "GetFunction", {.method = "GET", .path = "/2015-03-31/functions/{FunctionName}"},
               model::kQualified, [needs](const Call& call) { return GetFunction(needs, call); });
  AddOperation(registry, "GetFunctionConfiguration",
               {.method = "GET", .path = "/2015-03-31/functions/{FunctionName}/configuration"}, model::kQualified,
               [needs](const Call& call) { return GetFunctionConfiguration(needs, call); });
  AddOperation(registry, "ListFunctions", {.method = "GET", .path = "/2015-03-31/functions"},
               model::kListFunctionsInput, [needs](const Call& call) { return ListFunctions(needs, call); });
  AddOperation(registry, "DeleteFunction",
               {.method = "DELETE", .path = "/2015-03-31/functions/{FunctionName}", .success = 204}, model::kQualified,
               [needs](const Call& call) { return DeleteFunction(needs, call); });
}

}  // namespace stator::services::lambda
