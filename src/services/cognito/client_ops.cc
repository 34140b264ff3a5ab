#include "errors/pools.h"
#include "services/cognito/client_settings.h"
#include "services/cognito/fields.h"
#include "services/cognito/model.h"
#include "services/cognito/service.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;
using pools::ClientRef;
using pools::PoolRef;

Answer Described(const Result<ClientRef>& client) {
  if (!client.ok()) return client.error();
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  WriteClient(**client, out.Key("UserPoolClient"));
  out.EndObject();
  return reply;
}

Task<Answer> Create(Needs realm, const Call& call) {
  const Result<PoolRef> pool = realm.pools.Get(Text(call.body, "UserPoolId"));
  if (!pool.ok()) co_return pool.error();
  pools::Client client;
  client.name = Text(call.body, "ClientName");
  STATOR_CO_OK(ReadClient(call.body, **pool, &client));
  const bool secret = Flag(call.body, "GenerateSecret", false);
  const Result<ClientRef> created =
      co_await realm.pools.CreateClient((*pool)->id, std::move(client), secret, call.lane);
  co_return Described(created);
}

Result<ClientRef> FindClient(Needs realm, const Call& call) {
  STATOR_TRY(const PoolRef pool, realm.pools.Get(Text(call.body, "UserPoolId")));
  const std::string id = Text(call.body, "ClientId");
  const auto found = pool->clients.find(id);
  if (found == pool->clients.end()) return Fail(errors::kPoolClientNotFound, id);
  return found->second;
}
Task<Answer> Describe(Needs realm, const Call& call) { co_return Described(FindClient(realm, call)); }

Task<Answer> Update(Needs realm, const Call& call) {
  const json::Value body = call.body;
  pools::Pools::ChangeClient change = [body](const pools::Pool& pool, pools::Client* client) -> Status {
    if (const auto name = GivenText(body, "ClientName")) client->name = *name;
    return ReadClient(body, pool, client);
  };
  const Result<ClientRef> updated = co_await realm.pools.UpdateClient(
      Text(call.body, "UserPoolId"), Text(call.body, "ClientId"), std::move(change), call.lane);
  co_return Described(updated);
}

Task<Answer> Delete(Needs realm, const Call& call) {
  const Status removed =
      co_await realm.pools.RemoveClient(Text(call.body, "UserPoolId"), Text(call.body, "ClientId"), call.lane);
  co_return Nothing(removed);
}

Answer ListClients(Needs realm, const Call& call) {
  STATOR_TRY(const PoolRef pool, realm.pools.Get(Text(call.body, "UserPoolId")));
  const int64_t limit = Number(call.body, "MaxResults", 60);
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("UserPoolClients").BeginArray();
  int64_t listed = 0;
  std::string last;
  bool more = false;
  for (auto at = pool->clients.upper_bound(Text(call.body, "NextToken")); at != pool->clients.end(); ++at) {
    more = listed == limit;
    if (more) break;
    out.BeginObject().Key("ClientId").String(at->first).Key("UserPoolId").String(pool->id);
    out.Key("ClientName").String(at->second->name).EndObject();
    last = at->first;
    ++listed;
  }
  out.EndArray();
  if (more) out.Key("NextToken").String(last);
  out.EndObject();
  return reply;
}
Task<Answer> List(Needs realm, const Call& call) { co_return ListClients(realm, call); }

}  // namespace

void RegisterClientOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, Op run) {
    AddOperation(registry, name, input, writes, [&needs, run](const Call& call) { return run(needs, call); });
  };
  add("CreateUserPoolClient", model::kCreateUserPoolClient, true, Create);
  add("DescribeUserPoolClient", model::kClientOnly, false, Describe);
  add("UpdateUserPoolClient", model::kUpdateUserPoolClient, true, Update);
  add("DeleteUserPoolClient", model::kClientOnly, true, Delete);
  add("ListUserPoolClients", model::kListUserPoolClients, false, List);
}

}  // namespace stator::services::cognito
