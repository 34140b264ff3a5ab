#include "cognito/commands.h"

#include "client/json_text.h"
#include "cognito/pool.h"
#include "cognito/srp.h"
#include "db/commands.h"
#include "db/sql_printer.h"
#include "directory/directory.h"
#include "directory/errors.h"
#include "directory/migrate.h"
#include "json/value.h"
#include "json/writer.h"
#include "text_table.h"

namespace stator::messages {
namespace {

Error Problem(const std::string& text) { return Fail(directory_errors::kCommand, text); }

Status NeedPool(const std::string& pool) {
  if (!pool.empty()) return {};
  return Problem(
      "which user pool? Set AWS_COGNITO_USER_POOL_ID, as `cruddur cognito setup` prints it, or give "
      "--user-pool-id");
}

// What became of the users of the pool.
struct Updates {
  std::vector<std::string> updated;
  std::vector<std::string> kept;
  std::vector<std::string> unknown;  // to the directory
};

Result<Updates> Update(Directory& directory, const std::vector<PoolUser>& users) {
  Updates updates;
  for (const PoolUser& user : users) {
    if (user.handle.empty() || user.sub.empty()) continue;
    STATOR_TRY(const std::optional<User> known, directory.FindByHandle(user.handle));
    if (!known) {
      updates.unknown.push_back(user.handle);
    } else if (known->cognito_user_id == user.sub) {
      updates.kept.push_back(user.handle);
    } else {
      STATOR_TRY(const bool there, directory.SetCognitoId(user.handle, user.sub));
      (there ? updates.updated : updates.unknown).push_back(user.handle);
    }
  }
  return updates;
}

void Report(const Session& session, const Updates& updates) {
  std::string json;
  std::string text;
  json::Writer writer(&json);
  writer.BeginObject();
  const auto add = [&](const char* key, const char* words, const std::vector<std::string>& handles) {
    writer.Key(key).BeginArray();
    for (const std::string& handle : handles) {
      writer.String(handle);
      text.append(words).append(handle).append("\n");
    }
    writer.EndArray();
  };
  add("updated", "wrote the sub of ", updates.updated);
  add("kept", "kept the sub of ", updates.kept);
  add("unknown", "the directory does not know ", updates.unknown);
  writer.EndObject();
  Print(session.json ? json + "\n" : text.empty() ? "the pool has no users with a preferred_username\n" : text);
}

// The text of a member of a member.
std::string Inner(const json::Value& root, Bytes member, Bytes name) {
  const json::Value inner = root.is_object() ? root.Find(member) : json::Value();
  return inner.valid() && inner.is_object() ? std::string(client::TextOf(inner, name)) : std::string();
}

Error Explained(const Error& error, const PoolClient& pool) {
  if (client::IsRemote(error, "ResourceNotFoundException")) {
    return Problem("there is no such client of a user pool at " + pool.url() +
                   "; make both with: cruddur cognito setup");
  }
  return error;
}

Result<SrpChallenge> Begin(PoolClient& pool, const SignInOptions& options, const SrpClient& srp) {
  std::string body;
  json::Writer(&body)
      .BeginObject()
      .Key("AuthFlow")
      .String("USER_SRP_AUTH")
      .Key("ClientId")
      .String(options.client)
      .Key("AuthParameters")
      .BeginObject()
      .Key("USERNAME")
      .String(options.user)
      .Key("SRP_A")
      .String(srp.a())
      .EndObject()
      .EndObject();
  const auto answer = pool.Call("InitiateAuth", body);
  if (!answer.ok()) return Explained(answer.error(), pool);
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(*answer));
  const auto parameter = [&](Bytes name) { return Inner(root, "ChallengeParameters", name); };
  return SrpChallenge{parameter("SALT"), parameter("SRP_B"), parameter("SECRET_BLOCK"), parameter("USER_ID_FOR_SRP")};
}

// The JSON of the answer with the tokens.
Result<std::string> Finish(PoolClient& pool, const SignInOptions& options, const SrpClient& srp,
                           const SrpChallenge& challenge) {
  const std::string timestamp = SrpTimestamp(Clock().Now());
  const std::string pool_name = options.pool.substr(options.pool.find('_') + 1);
  const auto signature = srp.Sign(pool_name, options.password, challenge, timestamp);
  if (!signature) return Problem("the server at " + pool.url() + " gave no challenge of SRP");
  std::string body;
  json::Writer(&body)
      .BeginObject()
      .Key("ChallengeName")
      .String("PASSWORD_VERIFIER")
      .Key("ClientId")
      .String(options.client)
      .Key("ChallengeResponses")
      .BeginObject()
      .Key("USERNAME")
      .String(challenge.user_id)
      .Key("PASSWORD_CLAIM_SECRET_BLOCK")
      .String(challenge.secret_block)
      .Key("TIMESTAMP")
      .String(timestamp)
      .Key("PASSWORD_CLAIM_SIGNATURE")
      .String(*signature)
      .EndObject()
      .EndObject();
  auto answer = pool.Call("RespondToAuthChallenge", body);
  if (!answer.ok()) return Explained(answer.error(), pool);
  return answer;
}

Status PrintTokens(const Session& session, const SignInOptions& options, const std::string& answer) {
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const auto token = [&](Bytes name) { return Inner(root, "AuthenticationResult", name); };
  if (token("AccessToken").empty()) {
    const Bytes challenge = root.is_object() ? client::TextOf(root, "ChallengeName") : Bytes();
    return Problem("the password is right, but the pool asks for more: " + std::string(challenge) +
                   "; sign in with a browser once");
  }
  if (!options.token.empty()) {
    Print(token(options.token == "id"        ? "IdToken"
                : options.token == "refresh" ? "RefreshToken"
                                             : "AccessToken") +
          "\n");
  } else if (session.json) {
    Print(client::JsonText(root.Find("AuthenticationResult")) + "\n");
  } else {
    Print("export ACCESS_TOKEN=" + token("AccessToken") + "\nexport ID_TOKEN=" + token("IdToken") +
          "\nexport REFRESH_TOKEN=" + token("RefreshToken") + "\n");
  }
  return {};
}

}  // namespace

Status ListPoolUsers(Session& session, const PoolOptions& options) {
  STATOR_OK(NeedPool(options.pool));
  STATOR_TRY(PoolClient pool, PoolClient::Open(session));
  STATOR_TRY(const auto users, pool.ListUsers(options.pool));
  if (!session.json) {
    TextTable table({"HANDLE", "SUB"});
    for (const PoolUser& user : users) table.Add({user.handle.empty() ? user.username : user.handle, user.sub});
    Print(users.empty() ? "the pool has no users\n" : table.Render(PrintWidth()));
    return {};
  }
  std::string out;
  json::Writer writer(&out);
  writer.BeginObject().Key("users").BeginArray();
  for (const PoolUser& user : users) {
    writer.BeginObject().Key("handle").String(user.handle).Key("sub").String(user.sub);
    writer.Key("username").String(user.username).EndObject();
  }
  writer.EndArray().EndObject();
  Print(out + "\n");
  return {};
}

Status UpdateCognitoUserIds(Session& session, const PoolOptions& options) {
  STATOR_OK(NeedPool(options.pool));
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  STATOR_TRY(auto database, OpenDatabase(url, SqlPrinter(session, options.print_sql)));
  STATOR_OK(CheckSchema(*database));
  Directory directory(std::move(database));
  STATOR_TRY(PoolClient pool, PoolClient::Open(session));
  STATOR_TRY(const auto users, pool.ListUsers(options.pool));
  STATOR_TRY(const Updates updates, Update(directory, users));
  Report(session, updates);
  return {};
}

Status SignIn(Session& session, const SignInOptions& options) {
  STATOR_OK(NeedPool(options.pool));
  if (options.client.empty()) {
    return Problem(
        "which client of the pool? Set AWS_COGNITO_USER_POOL_CLIENT_ID, as `cruddur cognito setup` prints it, "
        "or give --client-id");
  }
  STATOR_TRY(PoolClient pool, PoolClient::Open(session));
  const SrpClient srp;
  STATOR_TRY(const SrpChallenge challenge, Begin(pool, options, srp));
  STATOR_TRY(const std::string answer, Finish(pool, options, srp, challenge));
  return PrintTokens(session, options, answer);
}

}  // namespace stator::messages
