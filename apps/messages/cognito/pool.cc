#include "cognito/pool.h"

#include "client/json_text.h"
#include "directory/errors.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::messages {
namespace {

constexpr int kPage = 60;

PoolUser UserIn(const json::Value& user) {
  PoolUser out;
  out.username = client::TextOf(user, "Username");
  const json::Value attributes = user.Find("Attributes");
  if (!attributes.valid() || !attributes.is_array()) return out;
  for (const json::Value attribute : attributes.elements()) {
    if (!attribute.is_object()) continue;
    const Bytes name = client::TextOf(attribute, "Name");
    if (name == "sub") out.sub = client::TextOf(attribute, "Value");
    if (name == "preferred_username") out.handle = client::TextOf(attribute, "Value");
  }
  return out;
}

}  // namespace

Result<PoolClient> PoolClient::Open(const Session& session) {
  client::Wish wish = session.wish;
  wish.service = "cognito-idp";
  STATOR_TRY(client::Target target, client::Connect(wish, session.around));
  return PoolClient(std::move(target));
}

Result<std::string> PoolClient::Call(const char* operation, const std::string& body) {
  client::ServiceCall call;
  call.service = "cognito-idp";
  call.target = std::string("AWSCognitoIdentityProviderService.") + operation;
  call.content_type = "application/x-amz-json-1.1";
  call.body = body;
  auto answer = client_->Call(call);
  if (!answer.ok() && client::IsRemote(answer.error(), "UnknownOperationException")) {
    return Fail(directory_errors::kCommand,
                "the server at " + url() + " knows no " + operation + " of user pools; start a newer stator there");
  }
  return answer;
}

Result<std::vector<PoolUser>> PoolClient::ListUsers(const std::string& pool) {
  std::vector<PoolUser> users;
  std::string token;
  do {
    std::string body;
    json::Writer out(&body);
    out.BeginObject().Key("UserPoolId").String(pool).Key("Limit").Int(kPage);
    out.Key("AttributesToGet").BeginArray().String("preferred_username").String("sub").EndArray();
    if (!token.empty()) out.Key("PaginationToken").String(token);
    out.EndObject();
    const auto answer = Call("ListUsers", body);
    if (!answer.ok() && client::IsRemote(answer.error(), "ResourceNotFoundException")) {
      return Fail(directory_errors::kCommand,
                  "there is no user pool " + pool + " at " + url() + "; make one with: cruddur cognito setup");
    }
    if (!answer.ok()) return answer.error();
    json::Document document;
    STATOR_TRY(const json::Value root, document.Parse(*answer));
    const json::Value page = root.is_object() ? root.Find("Users") : json::Value();
    if (!page.valid() || !page.is_array()) break;
    for (const json::Value user : page.elements()) {
      if (user.is_object()) users.push_back(UserIn(user));
    }
    token = client::TextOf(root, "PaginationToken");
  } while (!token.empty());
  return users;
}

}  // namespace stator::messages
