// PublishVersion, ListVersionsByFunction.
#include <algorithm>
#include <charconv>

#include "errors/functions.h"
#include "services/lambda/describe.h"
#include "services/lambda/lookup.h"
#include "services/lambda/model.h"
#include "services/lambda/publish.h"

namespace stator::services::lambda {
namespace model {
namespace {

constexpr ShapeMember kPublishMembers[] = {{"FunctionName", &kFunctionName, true},
                                           {"CodeSha256", &kText},
                                           {"Description", &kDescription},
                                           {"RevisionId", &kText}};
constinit const Shape kPublishVersionInput = Structure("PublishVersionRequest", kPublishMembers);
constexpr ShapeMember kListMembers[] = {
    {"FunctionName", &kNamespacedFunctionName, true}, {"Marker", &kText}, {"MaxItems", &kMaxItems}};
constinit const Shape kListVersionsInput = Structure("ListVersionsByFunctionRequest", kListMembers);

}  // namespace
}  // namespace model

namespace {

using dispatch::Answer;
using dispatch::Call;
using functions::Entry;
using functions::EntryRef;
using functions::Function;
using functions::FunctionRef;

constexpr int kPage = 50;

// --- Act. ---

Result<Entry> WithVersion(const Needs& needs, const Entry& entry, const Call& call, FunctionRef* published) {
  const Function& latest = *entry.latest;
  if (IsChanging(latest, call.now)) return Fail(errors::kUpdateInProgress, latest.arn);
  STATOR_OK(CheckRevision(call.body, RevisionAt(latest, call.now)));
  const Bytes wanted = TextOf(call.body, "CodeSha256");
  if (!wanted.empty() && wanted != latest.code_sha256) {
    return Fail(errors::kCodeChecksumMismatch, std::string(wanted), latest.code_sha256);
  }
  const json::Value given = json::Given(call.body, "Description");
  const std::string description(given.valid() ? given.text() : Bytes());
  Entry next = entry;
  *published = Publish(needs.functions, &next, given.valid() ? &description : nullptr);
  return next;
}

// --- Read fields, run, reply. ---

Task<Answer> PublishVersion(Needs needs, const Call& call) {
  STATOR_CO_TRY(const Target target, FindUnqualified(needs, call));
  FunctionRef published;
  functions::Functions::Change change = [&](const Entry& entry) { return WithVersion(needs, entry, call, &published); };
  const Result<EntryRef> updated = co_await ChangeEntry(needs, call, target.name, std::move(change));
  if (!updated.ok()) co_return Answer(updated.error());
  const bool fresh = published->settled >= call.now;
  co_return Configuration(*published, {.arn = published->qualified_arn(), .changed = fresh}, call.now);
}

// $LATEST comes first, then the versions as they grow; the marker is the last number, 0 for $LATEST.
Answer RunListVersions(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindUnqualified(needs, call));
  STATOR_TRY(const std::string marker, ReadMarker(call.body));
  const auto limit = static_cast<size_t>(std::min(NumberOf(call.body, "MaxItems").value_or(kPage), kPage));
  uint64_t last = 0;
  std::from_chars(marker.data(), marker.data() + marker.size(), last);
  std::vector<FunctionRef> rows;
  if (marker.empty()) rows.push_back(target.entry->latest);
  const auto& versions = target.entry->versions;
  for (auto at = versions.upper_bound(last); at != versions.end() && rows.size() <= limit; ++at) {
    rows.push_back(at->second);
  }
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  if (rows.size() > limit) {
    const std::string& version = rows[limit - 1]->version;
    out.Key("NextMarker").String(MarkerOf(version == "$LATEST" ? "0" : version));
    rows.resize(limit);
  }
  out.Key("Versions").BeginArray();
  for (const FunctionRef& row : rows) {
    WriteConfiguration(*row, {.arn = row->qualified_arn(), .states = false}, call.now, out);
  }
  out.EndArray().EndObject();
  return reply;
}
Task<Answer> ListVersions(Needs needs, const Call& call) { co_return RunListVersions(needs, call); }

}  // namespace

// --- Register. ---

void RegisterVersionOps(dispatch::Registry& registry, const Needs& needs) {
  constexpr std::string_view kPath = "/2015-03-31/functions/{FunctionName}/versions";
  AddOperation(registry, "PublishVersion", {.method = "POST", .path = kPath, .success = 201},
               model::kPublishVersionInput, [needs](const Call& call) { return PublishVersion(needs, call); });
  AddOperation(registry, "ListVersionsByFunction", {.method = "GET", .path = kPath}, model::kListVersionsInput,
               [needs](const Call& call) { return ListVersions(needs, call); });
}

}  // namespace stator::services::lambda
