// Tags of log groups, by their present operations and by the older ones.
#include "errors/logs.h"
#include "json/lenient.h"
#include "services/logs/model.h"
#include "services/logs/service.h"

namespace stator::services::logs {
namespace {

using dispatch::Answer;
using dispatch::Call;
using stator::logs::Tags;

constexpr size_t kMostTags = 50;

// The group a call speaks of, by name or by ARN.
std::string Named(json::Value body) {
  const std::string arn = Text(body, "resourceArn");
  return arn.empty() ? Text(body, "logGroupName") : GroupNamed(arn);
}

Task<Answer> Tag(Needs needs, const Call& call) {
  std::function<Status(Tags*)> change = [&call](Tags* tags) -> Status {
    for (const json::Member tag : json::Given(call.body, "tags").members()) {
      tags->insert_or_assign(std::string(tag.name), tag.value.text());
    }
    if (tags->size() > kMostTags) return Fail(errors::kLogsTooManyTags);
    return {};
  };
  std::string group = Named(call.body);
  const Status done = co_await needs.store.ChangeTags(std::move(group), std::move(change), call.lane);
  co_return Nothing(done);
}

Task<Answer> Untag(Needs needs, const Call& call) {
  std::function<Status(Tags*)> change = [&call](Tags* tags) -> Status {
    json::Value keys = json::Given(call.body, "tagKeys");
    if (!keys.valid()) keys = json::Given(call.body, "tags");
    for (const json::Value key : keys.elements()) tags->erase(std::string(key.text()));
    return {};
  };
  std::string group = Named(call.body);
  const Status done = co_await needs.store.ChangeTags(std::move(group), std::move(change), call.lane);
  co_return Nothing(done);
}

Answer RunList(Needs needs, const Call& call) {
  const auto group = needs.store.Group(Named(call.body));
  if (!group) return Fail(errors::kLogGroupNotFound);
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("tags").BeginObject();
  for (const auto& [name, value] : group->record.tags) out.Key(name).String(value);
  out.EndObject().EndObject();
  return reply;
}
Task<Answer> List(Needs needs, const Call& call) { co_return RunList(needs, call); }

}  // namespace

void RegisterTagOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, Op run) {
    AddOperation(registry, name, input, writes, [needs, run](const Call& call) { return run(needs, call); });
  };
  add("TagLogGroup", model::kTagLogGroup, true, Tag);
  add("UntagLogGroup", model::kUntagLogGroup, true, Untag);
  add("ListTagsLogGroup", model::kListTagsLogGroup, false, List);
  add("TagResource", model::kTagResource, true, Tag);
  add("UntagResource", model::kUntagResource, true, Untag);
  add("ListTagsForResource", model::kListTagsForResource, false, List);
}

}  // namespace stator::services::logs
