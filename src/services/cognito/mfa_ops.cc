// Second factors: there are none, and what asks for one is refused.
#include "errors/pools.h"
#include "json/lenient.h"
#include "services/cognito/admin.h"
#include "services/cognito/fields.h"
#include "services/cognito/model.h"
#include "services/cognito/model_admin.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;

constexpr char kOff[] = R"({"MfaConfiguration":"OFF"})";

Answer RunGet(AdminNeeds needs, const Call& call) {
  STATOR_OK(PoolNamed(needs, call.body));
  return std::string(kOff);
}
Task<Answer> Get(AdminNeeds needs, const Call& call) { co_return RunGet(needs, call); }

Answer RunSet(AdminNeeds needs, const Call& call) {
  STATOR_OK(PoolNamed(needs, call.body));
  const std::string wanted = Text(call.body, "MfaConfiguration");
  if (!wanted.empty() && wanted != "OFF") return Fail(errors::kPoolNoMfa);
  return std::string(kOff);
}
Task<Answer> Set(AdminNeeds needs, const Call& call) { co_return RunSet(needs, call); }

Answer RunPrefer(AdminNeeds needs, const Call& call) {
  STATOR_OK(pools::ReadAccess(needs.realm, Text(call.body, "AccessToken")));
  for (const Bytes factor : {"SMSMfaSettings", "SoftwareTokenMfaSettings", "EmailMfaSettings", "WebAuthnMfaSettings"}) {
    const json::Value settings = json::Given(call.body, factor);
    if (settings.valid() && settings.is_object() && Flag(settings, "Enabled", false))
      return Fail(errors::kPoolNoFactor);
  }
  return std::string("{}");
}
Task<Answer> Prefer(AdminNeeds needs, const Call& call) { co_return RunPrefer(needs, call); }

}  // namespace

void RegisterMfaOps(dispatch::Registry& registry, AdminNeeds needs) {
  AddAdminOperation(registry, needs, "GetUserPoolMfaConfig", model::kPoolOnly, false, Get);
  AddAdminOperation(registry, needs, "SetUserPoolMfaConfig", model::kSetUserPoolMfaConfig, true, Set);
  AddAdminOperation(registry, needs, "SetUserMFAPreference", model::kSetUserMfaPreference, false, Prefer);
}

}  // namespace stator::services::cognito
