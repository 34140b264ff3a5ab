// Users, in the hands of administrators.
#include "pools/invite.h"
#include "services/cognito/admin.h"
#include "services/cognito/fields.h"
#include "services/cognito/model_admin.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;

Result<pools::InviteRequest> ReadInvitation(const AdminNeeds& needs, json::Value body) {
  pools::InviteRequest request;
  STATOR_TRY(request.pool, PoolNamed(needs, body));
  request.username = Text(body, "Username");
  request.password = Text(body, "TemporaryPassword");
  request.attributes = AttributeList(body, "UserAttributes");
  request.media = Texts(body, "DesiredDeliveryMediums");
  request.suppress = Text(body, "MessageAction") == "SUPPRESS";
  if (Flag(body, "ForceAliasCreation", false)) request.aliases = pools::Aliases::kTake;
  request.validation_data = AttributeList(body, "ValidationData");
  request.client_metadata = TextMap(body, "ClientMetadata");
  return request;
}

Answer ReplyUser(const Result<pools::User>& user) {
  if (!user.ok()) return user.error();
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("User").BeginObject();
  WriteUserMembers(*user, "Attributes", nullptr, out);
  out.EndObject().EndObject();
  return reply;
}

Task<Answer> Create(AdminNeeds needs, const Call& call) {
  Result<pools::InviteRequest> request = ReadInvitation(needs, call.body);
  if (!request.ok()) co_return request.error();
  const bool again = Text(call.body, "MessageAction") == "RESEND";
  const auto invite = again ? &pools::InviteAgain : &pools::Invite;
  const Result<pools::User> user = co_await invite(needs.realm, *std::move(request), call.lane);
  co_return ReplyUser(user);
}

Answer RunGet(AdminNeeds needs, const Call& call) {
  STATOR_TRY(const Subject subject, SubjectOf(needs, call.body));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  WriteUserMembers(subject.user, "UserAttributes", nullptr, out);
  out.EndObject();
  return reply;
}
Task<Answer> Get(AdminNeeds needs, const Call& call) { co_return RunGet(needs, call); }

Task<Answer> Delete(AdminNeeds needs, const Call& call) {
  Result<Subject> subject = SubjectOf(needs, call.body);
  if (!subject.ok()) co_return subject.error();
  const Status done = co_await needs.realm.users.Remove(subject->pool, subject->user.username, call.lane);
  co_return Nothing(done);
}

// Checked against the user as it is, then written into the user as it is by then.
Task<Answer> Change(AdminNeeds needs, const Call& call, pools::AttributeChange change) {
  Result<Subject> subject = SubjectOf(needs, call.body);
  if (!subject.ok()) co_return subject.error();
  change.admin = true;
  const Status checked = pools::CheckAttributes(*subject->pool, nullptr, &subject->user, change);
  if (!checked.ok()) co_return checked.error();
  pools::Users::ChangeUser apply = [&change](pools::User* user) -> Status {
    pools::ApplyAttributes(change, user);
    return {};
  };
  const auto changed = co_await needs.realm.users.Change(subject->pool, subject->user.username, subject->user.sub,
                                                         std::move(apply), pools::Aliases::kKeep, call.lane);
  co_return Nothing(changed.ok() ? Status() : Status(changed.error()));
}

Task<Answer> UpdateAttributes(AdminNeeds needs, const Call& call) {
  pools::AttributeChange change;
  change.set = AttributeList(call.body, "UserAttributes");
  return Change(needs, call, std::move(change));
}

Task<Answer> DeleteAttributes(AdminNeeds needs, const Call& call) {
  pools::AttributeChange change;
  change.remove = Texts(call.body, "UserAttributeNames");
  return Change(needs, call, std::move(change));
}

}  // namespace

void RegisterAdminUserOps(dispatch::Registry& registry, AdminNeeds needs) {
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, AdminOp run) {
    AddAdminOperation(registry, needs, name, input, writes, run);
  };
  add("AdminCreateUser", model::kAdminCreateUser, true, Create);
  add("AdminGetUser", model::kAdminUser, false, Get);
  add("AdminDeleteUser", model::kAdminUser, true, Delete);
  add("AdminUpdateUserAttributes", model::kAdminUpdateUserAttributes, true, UpdateAttributes);
  add("AdminDeleteUserAttributes", model::kAdminDeleteUserAttributes, true, DeleteAttributes);
}

}  // namespace stator::services::cognito
