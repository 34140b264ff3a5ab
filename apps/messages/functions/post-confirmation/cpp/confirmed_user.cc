#include "confirmed_user.h"

#include "client/json_text.h"
#include "directory/errors.h"
#include "json/value.h"

namespace stator::post_confirmation {
namespace {

namespace directory_errors = messages::directory_errors;

json::Value Inside(const json::Value& object, Bytes name) {
  const json::Value member = object.valid() && object.is_object() ? object.Find(name) : json::Value();
  return member.valid() && member.is_object() ? member : json::Value();
}

Error Missing(const char* what) { return Fail(directory_errors::kBadUser, std::string("the user has no ") + what); }

}  // namespace

Result<messages::NewUser> ConfirmedUser(Bytes event) {
  json::Document document;
  const auto root = document.Parse(event);
  const json::Value attributes = root.ok() ? Inside(Inside(*root, "request"), "userAttributes") : json::Value();
  if (!attributes.valid()) return Fail(directory_errors::kBadUser, "this is no event of a user pool");
  messages::NewUser user;
  user.cognito_user_id = client::TextOf(attributes, "sub");
  user.email = client::TextOf(attributes, "email");
  user.handle = client::TextOf(attributes, "preferred_username");
  user.display_name = client::TextOf(attributes, "name");
  if (user.cognito_user_id.empty() || user.cognito_user_id == messages::kPlaceholderSub) return Missing("sub");
  if (user.email.empty()) return Missing("email");
  if (user.handle.empty()) return Missing("preferred_username");
  if (user.display_name.empty()) user.display_name = user.handle;
  return user;
}

}  // namespace stator::post_confirmation
