#include "services/cognito/pool_settings.h"

#include <algorithm>
#include <charconv>

#include "errors/pools.h"
#include "json/copy.h"
#include "json/lenient.h"
#include "pools/standard_attributes.h"
#include "services/cognito/fields.h"

namespace stator::services::cognito {
namespace {

using pools::Attribute;
using pools::Pool;

constexpr size_t kMostCustom = 50;

// Members that are stored and described, and change nothing here.
constexpr const char* kShown[] = {"SmsVerificationMessage",   "EmailVerificationMessage",
                                  "EmailVerificationSubject", "VerificationMessageTemplate",
                                  "SmsAuthenticationMessage", "UserAttributeUpdateSettings",
                                  "DeviceConfiguration",      "EmailConfiguration",
                                  "SmsConfiguration",         "UserPoolAddOns",
                                  "AccountRecoverySetting",   "UserPoolTier",
                                  "AdminCreateUserConfig",    "LambdaConfig"};

std::string JsonOf(json::Value value) {
  std::string text;
  json::Writer out(&text);
  json::Copy(value, out);
  return text;
}

std::vector<std::string> SortedTexts(json::Value body, Bytes name) {
  std::vector<std::string> texts = Texts(body, name);
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

pools::PasswordPolicy ReadPolicy(json::Value body) {
  pools::PasswordPolicy policy;
  const json::Value policies = json::Given(body, "Policies");
  const json::Value given = policies.valid() ? json::Given(policies, "PasswordPolicy") : json::Value();
  if (!given.valid()) return policy;
  policy.min_length = static_cast<int>(Number(given, "MinimumLength", 8));
  policy.uppercase = Flag(given, "RequireUppercase", false);
  policy.lowercase = Flag(given, "RequireLowercase", false);
  policy.numbers = Flag(given, "RequireNumbers", false);
  policy.symbols = Flag(given, "RequireSymbols", false);
  policy.temporary_days = static_cast<int>(Number(given, "TemporaryPasswordValidityDays", 7));
  return policy;
}

pools::Triggers ReadTriggers(json::Value body) {
  pools::Triggers triggers;
  const json::Value given = json::Given(body, "LambdaConfig");
  if (!given.valid()) return triggers;
  triggers.pre_sign_up = Text(given, "PreSignUp");
  triggers.post_confirmation = Text(given, "PostConfirmation");
  triggers.pre_authentication = Text(given, "PreAuthentication");
  triggers.post_authentication = Text(given, "PostAuthentication");
  triggers.pre_token_generation = Text(given, "PreTokenGeneration");
  triggers.custom_message = Text(given, "CustomMessage");
  triggers.user_migration = Text(given, "UserMigration");
  if (const json::Value config = json::Given(given, "PreTokenGenerationConfig"); config.valid()) {
    triggers.pre_token_generation = Text(config, "LambdaArn");
    triggers.pre_token_generation_version = Text(config, "LambdaVersion");
  }
  return triggers;
}

std::optional<int64_t> Bound(json::Value constraints, Bytes name) {
  const std::string text = constraints.valid() ? Text(constraints, name) : std::string();
  int64_t bound = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), bound);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return bound;
}

Attribute ReadAttribute(json::Value given, const std::string& name) {
  Attribute attribute;
  attribute.name = name;
  const std::string type = Text(given, "AttributeDataType");
  attribute.type = type == "Number"     ? Attribute::Type::kNumber
                   : type == "DateTime" ? Attribute::Type::kDateTime
                   : type == "Boolean"  ? Attribute::Type::kBoolean
                                        : Attribute::Type::kString;
  attribute.required = Flag(given, "Required", false);
  attribute.is_mutable = Flag(given, "Mutable", true);
  attribute.developer_only = Flag(given, "DeveloperOnlyAttribute", false);
  const bool number = attribute.type == Attribute::Type::kNumber;
  const json::Value constraints =
      json::Given(given, number ? "NumberAttributeConstraints" : "StringAttributeConstraints");
  attribute.min = Bound(constraints, number ? "MinValue" : "MinLength");
  attribute.max = Bound(constraints, number ? "MaxValue" : "MaxLength");
  return attribute;
}

const Attribute* Standard(const std::string& name) {
  const auto& all = pools::StandardAttributes();
  const auto found = std::find_if(all.begin(), all.end(), [&name](const auto& a) { return a.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Status AddAttribute(json::Value given, bool custom_only, Pool* pool) {
  const std::string name = Text(given, "Name");
  if (name.empty()) return Fail(errors::kPoolAttributeNone, "");
  const Attribute* standard = custom_only ? nullptr : Standard(name);
  if (standard) {
    Attribute attribute = ReadAttribute(given, name);
    attribute.type = standard->type;
    if (!attribute.min) attribute.min = standard->min;
    if (!attribute.max) attribute.max = standard->max;
    std::erase_if(pool->changed_standard, [&name](const auto& a) { return a.name == name; });
    pool->changed_standard.push_back(std::move(attribute));
    return {};
  }
  const std::string prefix = Flag(given, "DeveloperOnlyAttribute", false) ? "dev:custom:" : "custom:";
  Attribute attribute = ReadAttribute(given, prefix + name);
  if (attribute.required) {
    return Fail(errors::kPoolSetting, "Required custom attributes are not supported currently.");
  }
  if (pool->Find(attribute.name)) return Fail(errors::kPoolSchemaExists, attribute.name, attribute.name);
  if (pool->custom.size() == kMostCustom) return Fail(errors::kPoolTooManyAttributes);
  pool->custom.push_back(std::move(attribute));
  return {};
}

}  // namespace

Status ReadSettings(json::Value body, Pool* pool) {
  pool->policy = ReadPolicy(body);
  pool->triggers = ReadTriggers(body);
  pool->auto_verified = SortedTexts(body, "AutoVerifiedAttributes");
  pool->deletion_protection = Text(body, "DeletionProtection") == "ACTIVE";
  pool->mfa = GivenText(body, "MfaConfiguration").value_or("OFF");
  if (pool->mfa == "ON") return Fail(errors::kPoolSetting, "MfaConfiguration ON is not served.");
  pool->tags = TextMap(body, "UserPoolTags");
  const json::Value admin = json::Given(body, "AdminCreateUserConfig");
  pool->admin_only = admin.valid() && Flag(admin, "AllowAdminCreateUserOnly", false);
  if (admin.valid() && json::Given(admin, "UnusedAccountValidityDays").valid() &&
      !json::Given(body, "Policies").valid()) {
    pool->policy.temporary_days = static_cast<int>(Number(admin, "UnusedAccountValidityDays", 7));
  }
  pool->shown.clear();
  for (const char* name : kShown) {
    if (const json::Value given = json::Given(body, name); given.valid()) {
      pool->shown.emplace_back(name, JsonOf(given));
    }
  }
  return {};
}

Status ReadIdentity(json::Value body, Pool* pool) {
  pool->name = Text(body, "PoolName");
  pool->alias_attributes = SortedTexts(body, "AliasAttributes");
  pool->username_attributes = SortedTexts(body, "UsernameAttributes");
  if (!pool->alias_attributes.empty() && !pool->username_attributes.empty()) return Fail(errors::kPoolMixedAliases);
  const json::Value username = json::Given(body, "UsernameConfiguration");
  pool->case_sensitive = !username.valid() || Flag(username, "CaseSensitive", true);
  const json::Value schema = json::Given(body, "Schema");
  if (!schema.valid()) return {};
  for (const json::Value given : schema.elements()) STATOR_OK(AddAttribute(given, false, pool));
  return {};
}

Status AddCustom(json::Value body, Pool* pool) {
  for (const json::Value given : json::Given(body, "CustomAttributes").elements()) {
    STATOR_OK(AddAttribute(given, true, pool));
  }
  return {};
}

// --- Writing. ---

namespace {

void WriteTexts(const std::vector<std::string>& texts, json::Writer& out) {
  out.BeginArray();
  for (const std::string& text : texts) out.String(text);
  out.EndArray();
}

const char* TypeName(Attribute::Type type) {
  switch (type) {
    case Attribute::Type::kString:
      return "String";
    case Attribute::Type::kNumber:
      return "Number";
    case Attribute::Type::kDateTime:
      return "DateTime";
    case Attribute::Type::kBoolean:
      return "Boolean";
  }
  return "String";
}

void WriteConstraints(const Attribute& attribute, json::Writer& out) {
  const bool number = attribute.type == Attribute::Type::kNumber;
  if (!number && attribute.type != Attribute::Type::kString) return;
  out.Key(number ? "NumberAttributeConstraints" : "StringAttributeConstraints").BeginObject();
  if (attribute.min) out.Key(number ? "MinValue" : "MinLength").String(std::to_string(*attribute.min));
  if (attribute.max) out.Key(number ? "MaxValue" : "MaxLength").String(std::to_string(*attribute.max));
  out.EndObject();
}

void WriteSchema(const Pool& pool, json::Writer& out) {
  out.BeginArray();
  for (const Attribute& attribute : pool.Schema()) {
    out.BeginObject().Key("Name").String(attribute.name).Key("AttributeDataType").String(TypeName(attribute.type));
    out.Key("DeveloperOnlyAttribute").Bool(attribute.developer_only).Key("Mutable").Bool(attribute.is_mutable);
    out.Key("Required").Bool(attribute.required);
    WriteConstraints(attribute, out);
    out.EndObject();
  }
  out.EndArray();
}

void WritePolicy(const pools::PasswordPolicy& policy, json::Writer& out) {
  out.BeginObject().Key("PasswordPolicy").BeginObject();
  out.Key("MinimumLength").Int(policy.min_length).Key("RequireUppercase").Bool(policy.uppercase);
  out.Key("RequireLowercase").Bool(policy.lowercase).Key("RequireNumbers").Bool(policy.numbers);
  out.Key("RequireSymbols").Bool(policy.symbols);
  out.Key("TemporaryPasswordValidityDays").Int(policy.temporary_days);
  out.EndObject().EndObject();
}

const std::string* FindShown(const Pool& pool, Bytes name) {
  for (const auto& [member, json] : pool.shown) {
    if (member == name) return &json;
  }
  return nullptr;
}

}  // namespace

void WriteTriggers(const Pool& pool, json::Writer& out) {
  const std::string* given = FindShown(pool, "LambdaConfig");
  out.Raw(given ? Bytes(*given) : Bytes("{}"));
}

void WritePool(const Pool& pool, uint64_t users, json::Writer& out) {
  out.BeginObject().Key("Id").String(pool.id).Key("Name").String(pool.name).Key("Arn").String(pool.arn);
  WritePolicy(pool.policy, out.Key("Policies"));
  out.Key("DeletionProtection").String(pool.deletion_protection ? "ACTIVE" : "INACTIVE");
  WriteTriggers(pool, out.Key("LambdaConfig"));
  WriteTime(pool.modified, out.Key("LastModifiedDate"));
  WriteTime(pool.created, out.Key("CreationDate"));
  WriteSchema(pool, out.Key("SchemaAttributes"));
  if (!pool.auto_verified.empty()) WriteTexts(pool.auto_verified, out.Key("AutoVerifiedAttributes"));
  if (!pool.alias_attributes.empty()) WriteTexts(pool.alias_attributes, out.Key("AliasAttributes"));
  if (!pool.username_attributes.empty()) WriteTexts(pool.username_attributes, out.Key("UsernameAttributes"));
  for (const auto& [name, json] : pool.shown) {
    if (name != "LambdaConfig") out.Key(name).Raw(json);
  }
  if (!FindShown(pool, "VerificationMessageTemplate")) {
    out.Key("VerificationMessageTemplate").Raw(R"({"DefaultEmailOption":"CONFIRM_WITH_CODE"})");
  }
  if (!FindShown(pool, "EmailConfiguration")) {
    out.Key("EmailConfiguration").Raw(R"({"EmailSendingAccount":"COGNITO_DEFAULT"})");
  }
  if (!FindShown(pool, "AdminCreateUserConfig")) {
    out.Key("AdminCreateUserConfig").BeginObject().Key("AllowAdminCreateUserOnly").Bool(false);
    out.Key("UnusedAccountValidityDays").Int(pool.policy.temporary_days).EndObject();
  }
  out.Key("MfaConfiguration").String(pool.mfa);
  out.Key("EstimatedNumberOfUsers").Int(static_cast<int64_t>(users));
  if (!pool.case_sensitive) out.Key("UsernameConfiguration").Raw(R"({"CaseSensitive":false})");
  out.Key("UserPoolTags").BeginObject();
  for (const auto& [name, value] : pool.tags) out.Key(name).String(value);
  out.EndObject();
  if (!FindShown(pool, "UserPoolTier")) out.Key("UserPoolTier").String("ESSENTIALS");
  out.EndObject();
}

}  // namespace stator::services::cognito
