#include "services/cognito/admin.h"

#include "errors/pools.h"
#include "services/cognito/fields.h"
#include "sigv4/digest.h"

namespace stator::services::cognito {

Result<pools::PoolRef> PoolNamed(const AdminNeeds& needs, json::Value body) {
  return needs.realm.pools.Get(Text(body, "UserPoolId"));
}

Result<Subject> SubjectOf(const AdminNeeds& needs, json::Value body) {
  Subject subject;
  STATOR_TRY(subject.pool, PoolNamed(needs, body));
  STATOR_TRY(std::optional<pools::User> user, needs.realm.users.Find(*subject.pool, Text(body, "Username")));
  if (!user) return Fail(errors::kPoolUserNotFound);
  subject.user = *std::move(user);
  return subject;
}

void WriteUserMembers(const pools::User& user, Bytes attributes, const std::vector<std::string>* wanted,
                      json::Writer& out) {
  out.Key("Username").String(user.username).Key(attributes);
  WriteAttributes(user, wanted, out);
  out.Key("UserCreateDate");
  WriteTime(user.created, out);
  out.Key("UserLastModifiedDate");
  WriteTime(user.modified, out);
  out.Key("Enabled").Bool(user.enabled).Key("UserStatus").String(pools::NameOf(user.status));
}

std::string PageToken(Bytes place) { return sigv4::Hex(place); }

Result<std::string> ReadPageToken(json::Value body, Bytes member) {
  constexpr Bytes kDigits = "0123456789abcdef";
  const std::string token = Text(body, member);
  std::string place;
  if (token.size() % 2 != 0) return Fail(errors::kPoolBadToken);
  for (size_t i = 0; i < token.size(); i += 2) {
    const size_t high = kDigits.find(token[i]);
    const size_t low = kDigits.find(token[i + 1]);
    if (high == Bytes::npos || low == Bytes::npos) return Fail(errors::kPoolBadToken);
    place.push_back(static_cast<char>(high << 4 | low));
  }
  return place;
}

void AddAdminOperation(dispatch::Registry& registry, AdminNeeds needs, std::string_view name,
                       const dispatch::Shape& input, bool writes, AdminOp run) {
  AddOperation(registry, name, input, writes, [needs, run](const dispatch::Call& call) { return run(needs, call); });
}

void RegisterAdmin(dispatch::Registry& registry, AdminNeeds needs) {
  RegisterAdminUserOps(registry, needs);
  RegisterAdminPasswordOps(registry, needs);
  RegisterAdminAuthOps(registry, needs);
  RegisterListUsers(registry, needs);
  RegisterGroupOps(registry, needs);
  RegisterTagOps(registry, needs);
  RegisterMfaOps(registry, needs);
}

}  // namespace stator::services::cognito
