// Tags of user pools.
#include "errors/pools.h"
#include "services/cognito/admin.h"
#include "services/cognito/fields.h"
#include "services/cognito/model_admin.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;
using pools::Pairs;

constexpr size_t kMostTags = 50;

// The id behind "arn:aws:cognito-idp:REGION:ACCOUNT:userpool/"; region and account may be any.
Result<std::string> PoolIdOf(json::Value body) {
  const std::string arn = Text(body, "ResourceArn");
  const size_t at = arn.find(":userpool/");
  if (!arn.starts_with("arn:") || arn.find(":cognito-idp:") == std::string::npos || at == std::string::npos) {
    return Fail(errors::kPoolArn, arn);
  }
  return arn.substr(at + 10);
}

void SetTag(Pairs* tags, Bytes name, Bytes value) {
  for (auto& [key, old] : *tags) {
    if (key == name) {
      old = value;
      return;
    }
  }
  tags->emplace_back(name, value);
}

Task<Answer> Change(AdminNeeds needs, const Call& call, pools::Pools::Change change) {
  Result<std::string> id = PoolIdOf(call.body);
  if (!id.ok()) co_return id.error();
  const auto changed = co_await needs.realm.pools.Update(*std::move(id), std::move(change), call.lane);
  co_return Nothing(changed.ok() ? Status() : Status(changed.error()));
}

Task<Answer> Tag(AdminNeeds needs, const Call& call) {
  return Change(needs, call, [&call](pools::Pool* pool) -> Status {
    for (const auto& [name, value] : TextMap(call.body, "Tags")) SetTag(&pool->tags, name, value);
    return pool->tags.size() > kMostTags ? Status(Fail(errors::kPoolTooManyTags)) : Status();
  });
}

Task<Answer> Untag(AdminNeeds needs, const Call& call) {
  return Change(needs, call, [&call](pools::Pool* pool) -> Status {
    for (const std::string& name : Texts(call.body, "TagKeys")) {
      std::erase_if(pool->tags, [&name](const auto& tag) { return tag.first == name; });
    }
    return {};
  });
}

Answer RunList(AdminNeeds needs, const Call& call) {
  STATOR_TRY(const std::string id, PoolIdOf(call.body));
  STATOR_TRY(const pools::PoolRef pool, needs.realm.pools.Get(id));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Tags").BeginObject();
  for (const auto& [name, value] : pool->tags) out.Key(name).String(value);
  out.EndObject().EndObject();
  return reply;
}
Task<Answer> List(AdminNeeds needs, const Call& call) { co_return RunList(needs, call); }

}  // namespace

void RegisterTagOps(dispatch::Registry& registry, AdminNeeds needs) {
  AddAdminOperation(registry, needs, "TagResource", model::kTagResource, true, Tag);
  AddAdminOperation(registry, needs, "UntagResource", model::kUntagResource, true, Untag);
  AddAdminOperation(registry, needs, "ListTagsForResource", model::kListTagsForResource, false, List);
}

}  // namespace stator::services::cognito
