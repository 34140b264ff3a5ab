// TagResource, UntagResource, ListTags.
#include <algorithm>

#include "errors/functions.h"
#include "services/lambda/lookup.h"
#include "services/lambda/model.h"

namespace stator::services::lambda {
namespace model {
namespace {

bool IsLambdaArn(std::string_view text) { return text.starts_with("arn:") && functions::IsFunctionName(text); }
constexpr Shape kArn = Matching("FunctionArn", -1, -1,
                                R"(arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:)"
                                R"(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?)",
                                IsLambdaArn);
constexpr Shape kTags = Map("Tags", &kText);
constexpr Shape kKeys = List("TagKeyList", &kText);
constexpr ShapeMember kTagMembers[] = {{"Resource", &kArn, true}, {"Tags", &kTags, true}};
constinit const Shape kTagResourceInput = Structure("TagResourceRequest", kTagMembers);
constexpr ShapeMember kUntagMembers[] = {{"Resource", &kArn, true}, {"TagKeys", &kKeys, true}};
constinit const Shape kUntagResourceInput = Structure("UntagResourceRequest", kUntagMembers);
constexpr ShapeMember kListMembers[] = {{"Resource", &kArn, true}};
constinit const Shape kListTagsInput = Structure("ListTagsRequest", kListMembers);

}  // namespace
}  // namespace model

namespace {

using dispatch::Answer;
using dispatch::Call;
using functions::Entry;
using functions::EntryRef;
using functions::Name;

constexpr size_t kMostTags = 50;

// --- Act. ---

Result<Name> ReadResource(const Call& call) {
  STATOR_TRY(Name name, functions::ReadName(TextOf(call.body, "Resource"), {}));
  if (!name.qualifier.empty()) return Fail(errors::kFunctionTagsQualified);
  return name;
}

Error MissingResource(const Call& call) {
  return Fail(errors::kFunctionMissing, std::string(TextOf(call.body, "Resource")));
}

Result<Entry> WithTags(const Entry& entry, json::Value tags) {
  Entry next = entry;
  for (const json::Member tag : tags.members()) {
    std::erase_if(next.tags, [&tag](const auto& pair) { return pair.first == tag.name; });
    next.tags.emplace_back(tag.name, tag.value.text());
  }
  if (next.tags.size() > kMostTags) return Fail(errors::kFunctionTagsTooMany);
  return next;
}

Result<Entry> WithoutTags(const Entry& entry, json::Value keys) {
  Entry next = entry;
  for (const json::Value key : keys.elements()) {
    std::erase_if(next.tags, [&key](const auto& pair) { return pair.first == key.text(); });
  }
  return next;
}

// --- Read fields, run, reply. ---

using Edit = Result<Entry> (*)(const Entry&, json::Value);

Task<Answer> EditTags(Needs needs, const Call& call, Edit edit, Bytes member) {
  STATOR_CO_TRY(const Name name, ReadResource(call));
  const json::Value what = call.body.Find(member);
  if (what.size() == 0) co_return Answer(Fail(errors::kFunctionTagsEmpty));
  functions::Functions::Change change = [edit, what](const Entry& entry) { return edit(entry, what); };
  const Result<EntryRef> changed = co_await needs.functions.Update(name.name, std::move(change), call.lane);
  if (!changed.ok()) co_return Answer(changed.error());
  if (!*changed) co_return Answer(MissingResource(call));
  co_return std::string();
}

Answer RunListTags(const Needs& needs, const Call& call) {
  STATOR_TRY(const Name name, ReadResource(call));
  const EntryRef entry = needs.functions.Find(name.name);
  if (!entry) return MissingResource(call);
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Tags").BeginObject();
  for (const auto& [key, value] : entry->tags) out.Key(key).String(value);
  out.EndObject().EndObject();
  return reply;
}
Task<Answer> ListTags(Needs needs, const Call& call) { co_return RunListTags(needs, call); }

}  // namespace

// --- Register. ---

void RegisterTagOps(dispatch::Registry& registry, const Needs& needs) {
  constexpr std::string_view kPath = "/2017-03-31/tags/{Resource}";
  AddOperation(registry, "TagResource", {.method = "POST", .path = kPath, .success = 204}, model::kTagResourceInput,
               [needs](const Call& call) { return EditTags(needs, call, WithTags, "Tags"); });
  AddOperation(registry, "UntagResource", {.method = "DELETE", .path = kPath, .success = 204},
               model::kUntagResourceInput,
               [needs](const Call& call) { return EditTags(needs, call, WithoutTags, "TagKeys"); });
  AddOperation(registry, "ListTags", {.method = "GET", .path = kPath}, model::kListTagsInput,
               [needs](const Call& call) { return ListTags(needs, call); });
}

}  // namespace stator::services::lambda
