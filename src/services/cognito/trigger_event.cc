// Tests: function_hooks_test.cc.
#include "services/cognito/trigger_event.h"

#include "json/writer.h"

namespace stator::services::cognito {
namespace {

using pools::Occasion;
using pools::Pairs;

constexpr Bytes kNoClient = "CLIENT_ID_NOT_APPLICABLE";

void WriteTexts(Bytes name, const Pairs& pairs, json::Writer& out) {
  out.Key(name).BeginObject();
  for (const auto& [key, value] : pairs) out.Key(key).String(value);
  out.EndObject();
}

void WriteIfAny(Bytes name, const Pairs& pairs, json::Writer& out) {
  if (!pairs.empty()) WriteTexts(name, pairs, out);
}

// Before there is a user it has neither sub nor state.
void WriteUser(Trigger trigger, const pools::User& user, json::Writer& out) {
  const bool exists = trigger != Trigger::kPreSignUp && !user.sub.empty();
  out.Key("userAttributes").BeginObject();
  if (exists) out.Key("sub").String(user.sub).Key("cognito:user_status").String(pools::NameOf(user.status));
  for (const auto& [name, value] : user.attributes) out.Key(name).String(value);
  out.EndObject();
}

void WriteGroups(const pools::User& user, json::Writer& out) {
  out.Key("groupConfiguration").BeginObject().Key("groupsToOverride").BeginArray();
  for (const std::string& group : user.groups) out.String(group);
  out.EndArray().Key("iamRolesToOverride").BeginArray().EndArray().Key("preferredRole").Null().EndObject();
}

bool IsVersion2(Trigger trigger, const Occasion& occasion) {
  return trigger == Trigger::kPreTokenGeneration && occasion.pool->triggers.pre_token_generation_version != "V1_0";
}

void WriteRequest(Trigger trigger, const Occasion& occasion, const EventExtras& extras, json::Writer& out) {
  out.Key("request").BeginObject();
  if (trigger == Trigger::kUserMigration) {
    if (!extras.password.empty()) out.Key("password").String(extras.password);
  } else {
    WriteUser(trigger, occasion.user, out);
  }
  switch (trigger) {
    case Trigger::kPreTokenGeneration:
      WriteGroups(occasion.user, out);
      if (IsVersion2(trigger, occasion)) {
        out.Key("scopes").BeginArray().String("aws.cognito.signin.user.admin").EndArray();
      }
      break;
    case Trigger::kPreAuthentication:
      out.Key("userNotFound").Bool(extras.user_not_found);
      break;
    case Trigger::kPostAuthentication:
      out.Key("newDeviceUsed").Bool(false);
      break;
    case Trigger::kCustomMessage:
      out.Key("codeParameter").String("{####}").Key("linkParameter").String("{##Click Here##}");
      out.Key("usernameParameter");
      occasion.source == "CustomMessage_AdminCreateUser" ? out.String("{username}") : out.Null();
      break;
    default:
      break;
  }
  WriteIfAny("validationData", occasion.validation_data, out);
  WriteIfAny("clientMetadata", occasion.client_metadata, out);
  out.EndObject();
}

Bytes EmptyResponse(Trigger trigger, bool version_2) {
  switch (trigger) {
    case Trigger::kPreSignUp:
      return R"({"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false})";
    case Trigger::kPreTokenGeneration:
      return version_2 ? R"({"claimsAndScopeOverrideDetails":null})" : R"({"claimsOverrideDetails":null})";
    case Trigger::kCustomMessage:
      return R"({"smsMessage":null,"emailMessage":null,"emailSubject":null})";
    case Trigger::kUserMigration:
      return R"({"userAttributes":null,"forceAliasCreation":null,"enableSMSMFA":null,"finalUserStatus":null,)"
             R"("messageAction":null,"desiredDeliveryMediums":null})";
    default:
      return "{}";
  }
}

}  // namespace

const char* NameOf(Trigger trigger) {
  switch (trigger) {
    case Trigger::kPreSignUp:
      return "PreSignUp";
    case Trigger::kPostConfirmation:
      return "PostConfirmation";
    case Trigger::kPreAuthentication:
      return "PreAuthentication";
    case Trigger::kPostAuthentication:
      return "PostAuthentication";
    case Trigger::kPreTokenGeneration:
      return "PreTokenGeneration";
    case Trigger::kCustomMessage:
      return "CustomMessage";
    case Trigger::kUserMigration:
      return "UserMigration";
  }
  return "";
}

const std::string& FunctionOf(const pools::Triggers& triggers, Trigger trigger) {
  switch (trigger) {
    case Trigger::kPreSignUp:
      return triggers.pre_sign_up;
    case Trigger::kPostConfirmation:
      return triggers.post_confirmation;
    case Trigger::kPreAuthentication:
      return triggers.pre_authentication;
    case Trigger::kPostAuthentication:
      return triggers.post_authentication;
    case Trigger::kPreTokenGeneration:
      return triggers.pre_token_generation;
    case Trigger::kCustomMessage:
      return triggers.custom_message;
    case Trigger::kUserMigration:
      break;
  }
  return triggers.user_migration;
}

std::string EventOf(Trigger trigger, const Occasion& occasion, const EventExtras& extras) {
  const bool version_2 = IsVersion2(trigger, occasion);
  std::string text;
  json::Writer out(&text);
  out.BeginObject().Key("version").String(version_2 ? "2" : "1").Key("region").String(occasion.pool->region);
  out.Key("userPoolId").String(occasion.pool->id);
  out.Key("userName").String(trigger == Trigger::kUserMigration ? extras.username : occasion.user.username);
  out.Key("callerContext").BeginObject().Key("awsSdkVersion").String("aws-sdk-unknown-unknown");
  out.Key("clientId").String(occasion.client_id.empty() ? kNoClient : Bytes(occasion.client_id)).EndObject();
  out.Key("triggerSource").String(occasion.source);
  WriteRequest(trigger, occasion, extras, out);
  out.Key("response").Raw(EmptyResponse(trigger, version_2)).EndObject();
  return text;
}

}  // namespace stator::services::cognito
