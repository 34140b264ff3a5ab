#include "errors/pools.h"
#include "services/cognito/fields.h"
#include "services/cognito/model.h"
#include "services/cognito/model_common.h"
#include "services/cognito/pool_settings.h"
#include "services/cognito/service.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;
using pools::PoolRef;

Answer Described(Needs realm, const Result<PoolRef>& pool) {
  if (!pool.ok()) return pool.error();
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  WritePool(**pool, realm.users.Count(**pool), out.Key("UserPool"));
  out.EndObject();
  return reply;
}

Task<Answer> Create(Needs realm, const Call& call) {
  pools::Pool pool;
  pool.region = std::string(call.principal.region);
  pool.account = std::string(call.principal.account);
  STATOR_CO_OK(ReadIdentity(call.body, &pool));
  STATOR_CO_OK(ReadSettings(call.body, &pool));
  const Result<PoolRef> created = co_await realm.pools.Create(std::move(pool), call.lane);
  co_return Described(realm, created);
}

Task<Answer> Describe(Needs realm, const Call& call) {
  co_return Described(realm, realm.pools.Get(Text(call.body, "UserPoolId")));
}

Task<Answer> Update(Needs realm, const Call& call) {
  // The body lives until this task is done, and so do the changes.
  const json::Value body = call.body;
  pools::Pools::Change change = [body](pools::Pool* pool) -> Status {
    STATOR_OK(ReadSettings(body, pool));
    if (const auto name = GivenText(body, "PoolName")) pool->name = *name;
    return {};
  };
  const Result<PoolRef> updated =
      co_await realm.pools.Update(Text(call.body, "UserPoolId"), std::move(change), call.lane);
  co_return updated.ok() ? Answer("{}") : Answer(updated.error());
}

Task<Answer> AddAttributes(Needs realm, const Call& call) {
  const json::Value body = call.body;
  pools::Pools::Change change = [body](pools::Pool* pool) -> Status { return AddCustom(body, pool); };
  const Result<PoolRef> updated =
      co_await realm.pools.Update(Text(call.body, "UserPoolId"), std::move(change), call.lane);
  co_return updated.ok() ? Answer("{}") : Answer(updated.error());
}

Task<Answer> Delete(Needs realm, const Call& call) {
  const Status removed = co_await realm.pools.Remove(Text(call.body, "UserPoolId"), call.lane);
  co_return Nothing(removed);
}

Answer ListPools(Needs realm, const Call& call) {
  const std::string after = Text(call.body, "NextToken");
  if (!after.empty() && !model::IsPoolId(after)) return Fail(errors::kPoolBadToken);
  const auto limit = static_cast<size_t>(Number(call.body, "MaxResults", 60));
  std::vector<PoolRef> found = realm.pools.List(after, limit + 1);
  const bool more = found.size() > limit;
  if (more) found.pop_back();
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("UserPools").BeginArray();
  for (const PoolRef& pool : found) {
    out.BeginObject().Key("Id").String(pool->id).Key("Name").String(pool->name);
    WriteTriggers(*pool, out.Key("LambdaConfig"));
    WriteTime(pool->modified, out.Key("LastModifiedDate"));
    WriteTime(pool->created, out.Key("CreationDate"));
    out.EndObject();
  }
  out.EndArray();
  if (more) out.Key("NextToken").String(found.back()->id);
  out.EndObject();
  return reply;
}
Task<Answer> List(Needs realm, const Call& call) { co_return ListPools(realm, call); }

}  // namespace

void RegisterPoolOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, Op run) {
    AddOperation(registry, name, input, writes, [&needs, run](const Call& call) { return run(needs, call); });
  };
  add("CreateUserPool", model::kCreateUserPool, true, Create);
  add("DescribeUserPool", model::kPoolOnly, false, Describe);
  add("UpdateUserPool", model::kUpdateUserPool, true, Update);
  add("DeleteUserPool", model::kPoolOnly, true, Delete);
  add("ListUserPools", model::kListUserPools, false, List);
  add("AddCustomAttributes", model::kAddCustomAttributes, true, AddAttributes);
}

}  // namespace stator::services::cognito
