// What a signed-in user sees and changes of itself.
#include "errors/pools.h"
#include "services/cognito/fields.h"
#include "services/cognito/lookup.h"
#include "services/cognito/model.h"
#include "services/cognito/service.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;
using pools::Authenticated;

Answer Described(const Result<Authenticated>& who) {
  if (!who.ok()) return who.error();
  std::vector<std::string> readable = who->client->read_attributes;
  readable.emplace_back("sub");
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Username").String(who->user.username);
  WriteAttributes(who->user, who->client->read_attributes.empty() ? nullptr : &readable, out.Key("UserAttributes"));
  out.EndObject();
  return reply;
}
Task<Answer> GetUser(Needs realm, const Call& call) { co_return Described(ReadUser(realm, call.body)); }

Task<Result<pools::User>> ChangeAttributes(Needs realm, const Authenticated& who, pools::AttributeChange change,
                                           Lane& lane) {
  const pools::PoolRef pool = who.pool;
  const pools::ClientRef client = who.client;
  pools::Users::ChangeUser decide = [pool, client, change](pools::User* user) -> Status {
    STATOR_OK(pools::CheckAttributes(*pool, client.get(), user, change));
    pools::ApplyAttributes(change, user);
    return {};
  };
  Result<pools::User> changed = co_await realm.users.Change(pool, who.user.username, who.user.sub, std::move(decide),
                                                            pools::Aliases::kKeep, lane);
  co_return changed;
}

// Contacts whose new values have to be confirmed by a code.
std::vector<std::string> Unconfirmed(const Authenticated& who, const pools::User& now) {
  std::vector<std::string> list;
  for (const std::string& name : who.pool->auto_verified) {
    const std::string* before = who.user.Find(name);
    const std::string* after = now.Find(name);
    if (after && (!before || *before != *after)) list.push_back(name);
  }
  return list;
}

pools::CodeRequest CodeFor(const Authenticated& who, pools::User user, std::string attribute, std::string source,
                           json::Value body) {
  pools::CodeRequest request;
  request.pool = who.pool;
  request.client_id = who.client->id;
  request.user = std::move(user);
  request.purpose = pools::Code::Purpose::kAttribute;
  request.attribute = std::move(attribute);
  request.source = std::move(source);
  request.kind = pools::Letter::Kind::kVerifyAttribute;
  request.client_metadata = TextMap(body, "ClientMetadata");
  return request;
}

Task<Answer> UpdateAttributes(Needs realm, const Call& call) {
  const Result<Authenticated> who = ReadUser(realm, call.body);
  if (!who.ok()) co_return who.error();
  pools::AttributeChange change;
  change.set = AttributeList(call.body, "UserAttributes");
  const Result<pools::User> user = co_await ChangeAttributes(realm, *who, std::move(change), call.lane);
  if (!user.ok()) co_return user.error();
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("CodeDeliveryDetailsList").BeginArray();
  for (const std::string& name : Unconfirmed(*who, *user)) {
    pools::CodeRequest code = CodeFor(*who, *user, name, "CustomMessage_UpdateUserAttribute", call.body);
    const Result<pools::Delivery> sent = co_await pools::SendCode(realm, std::move(code), call.lane);
    if (!sent.ok()) co_return sent.error();
    WriteDelivery(*sent, out);
  }
  out.EndArray().EndObject();
  co_return reply;
}

Task<Answer> DeleteAttributes(Needs realm, const Call& call) {
  const Result<Authenticated> who = ReadUser(realm, call.body);
  if (!who.ok()) co_return who.error();
  pools::AttributeChange change;
  change.remove = Texts(call.body, "UserAttributeNames");
  const Result<pools::User> user = co_await ChangeAttributes(realm, *who, std::move(change), call.lane);
  co_return user.ok() ? Answer("{}") : Answer(user.error());
}

// "email" or "phone_number", which the user has.
Result<std::string> ReadContact(const Authenticated& who, json::Value body) {
  std::string name = Text(body, "AttributeName");
  if (name != "email" && name != "phone_number") return Fail(errors::kPoolAttributeNone, name);
  if (!who.user.Find(name)) return Fail(errors::kPoolAttributeUnset, name);
  return name;
}

Task<Answer> SendVerification(Needs realm, const Call& call) {
  const Result<Authenticated> who = ReadUser(realm, call.body);
  if (!who.ok()) co_return who.error();
  Result<std::string> name = ReadContact(*who, call.body);
  if (!name.ok()) co_return std::move(name).error();
  pools::CodeRequest code = CodeFor(*who, who->user, *std::move(name), "CustomMessage_VerifyUserAttribute", call.body);
  const Result<pools::Delivery> sent = co_await pools::SendCode(realm, std::move(code), call.lane);
  co_return Delivered(sent);
}

Task<Answer> VerifyAttribute(Needs realm, const Call& call) {
  const Result<Authenticated> who = ReadUser(realm, call.body);
  if (!who.ok()) co_return who.error();
  const Result<std::string> name = ReadContact(*who, call.body);
  if (!name.ok()) co_return name.error();
  std::string code = Text(call.body, "Code");
  pools::UseOfCode then = [](pools::User* user, const std::string& attribute) -> Status {
    user->Set(attribute + "_verified", "true");
    return {};
  };
  const Result<pools::User> done =
      co_await pools::UseCode(realm, who->pool, who->user, pools::Code::Purpose::kAttribute, *name, std::move(code),
                              std::move(then), pools::Aliases::kKeep, call.lane);
  co_return done.ok() ? Answer("{}") : Answer(done.error());
}

}  // namespace

void RegisterProfileOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, Op run) {
    AddOperation(registry, name, input, writes, [&needs, run](const Call& call) { return run(needs, call); });
  };
  add("GetUser", model::kAccessOnly, false, GetUser);
  add("UpdateUserAttributes", model::kUpdateUserAttributes, true, UpdateAttributes);
  add("DeleteUserAttributes", model::kDeleteUserAttributes, true, DeleteAttributes);
  add("GetUserAttributeVerificationCode", model::kGetUserAttributeVerificationCode, true, SendVerification);
  add("VerifyUserAttribute", model::kVerifyUserAttribute, true, VerifyAttribute);
}

}  // namespace stator::services::cognito
