// Shapes that many requests of the API have.
#pragma once

#include <string_view>

#include "dispatch/shape_make.h"
#include "services/cognito/name_text.h"

namespace stator::services::cognito::model {

using dispatch::Shape;
using dispatch::ShapeMember;

constexpr Shape Sensitive(Shape shape) {
  shape.sensitive = true;
  return shape;
}

// Letters, marks, symbols, numbers and punctuation: whatever is neither blank nor a control character.
inline bool IsVisible(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
  }
  return !text.empty();
}
// The same with blanks.
inline bool IsPrintable(std::string_view text) {
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if ((static_cast<unsigned char>(c) < ' ' && !blank) || c == '\x7f') return false;
  }
  return !text.empty();
}
inline bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
inline bool IsPoolId(std::string_view text) {
  const size_t mark = text.rfind('_');
  if (mark == 0 || mark == std::string_view::npos || mark + 1 == text.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsWord(text[i]) && (text[i] != '-' || i > mark)) return false;
  }
  return true;
}
inline bool IsWords(std::string_view text) {
  for (const char c : text) {
    if (!IsWord(c) && c != '+') return false;
  }
  return !text.empty();
}
inline bool IsHash(std::string_view text) {
  for (const char c : text) {
    if (!IsWord(c) && c != '+' && c != '=' && c != '/') return false;
  }
  return !text.empty();
}
inline bool IsDisplayName(std::string_view text) {
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!IsWord(c) && !blank && std::string_view("+=,.@-").find(c) == std::string_view::npos) return false;
  }
  return !text.empty();
}
// No blanks at either end.
inline bool IsPassword(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  return !text.empty() && !blank(text.front()) && !blank(text.back());
}
inline bool IsToken(std::string_view text) {
  for (const char c : text) {
    if (!IsWord(c) && c != '-' && c != '=' && c != '.') return false;
  }
  return !text.empty();
}

inline constexpr Shape kText = dispatch::make::String("StringType", 0, 131072);
inline constexpr Shape kFlag = dispatch::make::Boolean("BooleanType");
inline constexpr Shape kAny{.kind = Shape::Kind::kAny, .model_name = "Structure"};
inline constexpr Shape kPoolId = dispatch::make::Matching("UserPoolIdType", 1, 55, R"([\w-]+_[0-9a-zA-Z]+)", IsPoolId);
inline constexpr Shape kClientId = Sensitive(dispatch::make::Matching("ClientIdType", 1, 128, R"([\w+]+)", IsWords));
inline constexpr Shape kUsername =
    Sensitive(dispatch::make::Matching("UsernameType", 1, 128, R"([\p{L}\p{M}\p{S}\p{N}\p{P}]+)", IsNameText));
inline constexpr Shape kPassword =
    Sensitive(dispatch::make::Matching("PasswordType", -1, 256, R"([\S]+.*[\S]+)", IsPassword));
inline constexpr Shape kSecretHash =
    Sensitive(dispatch::make::Matching("SecretHashType", 1, 128, R"([\w+=/]+)", IsHash));
inline constexpr Shape kCode = dispatch::make::Matching("ConfirmationCodeType", 1, 2048, R"([\S]+)", IsVisible);
inline constexpr Shape kToken =
    Sensitive(dispatch::make::Matching("TokenModelType", -1, -1, "[A-Za-z0-9-_=.]+", IsToken));
inline constexpr Shape kSession = Sensitive(dispatch::make::String("SessionType", 20, 2048));
inline constexpr Shape kAttributeName =
    dispatch::make::Matching("AttributeNameType", 1, 32, R"([\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+)", IsPrintable);
inline constexpr Shape kAttributeValue = Sensitive(dispatch::make::String("AttributeValueType", -1, 2048));
inline constexpr ShapeMember kAttributeMembers[] = {{"Name", &kAttributeName, true}, {"Value", &kAttributeValue}};
inline constexpr Shape kAttribute = dispatch::make::Structure("AttributeType", kAttributeMembers);
inline constexpr Shape kAttributes = dispatch::make::List("AttributeListType", &kAttribute);
inline constexpr Shape kAttributeNames = dispatch::make::List("AttributeNameListType", &kAttributeName);
inline constexpr Shape kTextMap = dispatch::make::Map("ClientMetadataType", &kText);
// amazon-cognito-identity-js sends nulls (DEVICE_KEY), which count as absent: values are looked at by who reads them.
inline constexpr Shape kSecretMap = Sensitive(dispatch::make::Map("AuthParametersType", &kAny));
inline constexpr Shape kPageToken = dispatch::make::Matching("PaginationKey", 1, 131072, R"([\S]+)", IsVisible);

// Flows and challenges of signing in, for users and administrators.
inline constexpr std::string_view kFlows[] = {
    "USER_SRP_AUTH",      "REFRESH_TOKEN_AUTH",       "REFRESH_TOKEN", "CUSTOM_AUTH", "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH"};
inline constexpr Shape kFlow = dispatch::make::Enum("AuthFlowType", kFlows);
inline constexpr std::string_view kChallenges[] = {"SMS_MFA",
                                                   "EMAIL_OTP",
                                                   "SOFTWARE_TOKEN_MFA",
                                                   "SELECT_MFA_TYPE",
                                                   "MFA_SETUP",
                                                   "PASSWORD_VERIFIER",
                                                   "CUSTOM_CHALLENGE",
                                                   "SELECT_CHALLENGE",
                                                   "DEVICE_SRP_AUTH",
                                                   "DEVICE_PASSWORD_VERIFIER",
                                                   "ADMIN_NO_SRP_AUTH",
                                                   "NEW_PASSWORD_REQUIRED",
                                                   "SMS_OTP",
                                                   "PASSWORD",
                                                   "WEB_AUTHN",
                                                   "PASSWORD_SRP"};
inline constexpr Shape kChallenge = dispatch::make::Enum("ChallengeNameType", kChallenges);

}  // namespace stator::services::cognito::model
