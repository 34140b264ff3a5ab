// `cruddur cognito setup`; see commands.h. Each step looks first and makes what is missing.
#include <algorithm>
#include <functional>

#include "client/json_text.h"
#include "cognito/commands.h"
#include "cognito/pool.h"
#include "db/commands.h"
#include "db/seed.h"
#include "directory/directory.h"
#include "directory/errors.h"
#include "json/value.h"
#include "json/writer.h"
#include "lambda_function.h"

namespace stator::messages {
namespace {

constexpr char kFunction[] = "post-confirmation";
constexpr char kClientName[] = "cruddur-web";
constexpr const char* kDemoHandles[] = {"nora", "malik", "teo"};
constexpr int kPage = 60;
constexpr double kWaitSeconds = 60;

using Write = std::function<void(json::Writer&)>;

std::string Json(const Write& write) {
  std::string text;
  json::Writer writer(&text);
  writer.BeginObject();
  write(writer);
  writer.EndObject();
  return text;
}

// The text of a member of a member of an answer.
std::string InnerText(const std::string& answer, Bytes member, Bytes name) {
  json::Document document;
  const auto root = document.Parse(answer);
  if (!root.ok() || !root->is_object()) return "";
  const json::Value inner = root->Find(member);
  return inner.valid() && inner.is_object() ? std::string(client::TextOf(inner, name)) : std::string();
}

std::vector<Person> DemoPeople() {
  std::vector<Person> demo;
  for (const char* handle : kDemoHandles) {
    for (Person& person : SeededPeople()) {
      if (person.handle == handle) demo.push_back(std::move(person));
    }
  }
  return demo;
}

struct Done {
  std::string pool;
  std::string client;
  std::string function_did;
  std::string pool_did = "kept";
  std::string client_did = "kept";
  std::vector<std::string> users_made;
};

class PoolSetup {
 public:
  PoolSetup(Session& session, const SetupOptions& options, PoolClient pool, LambdaClient lambda, std::string database)
      : session_(session),
        options_(options),
        pool_(std::move(pool)),
        lambda_(std::move(lambda)),
        database_(std::move(database)) {}

  Result<Done> Run() {
    STATOR_OK(MakeFunction());
    STATOR_OK(MakePool());
    STATOR_OK(Permit());
    STATOR_OK(MakeClient());
    for (const Person& person : DemoPeople()) STATOR_OK(MakeUser(person));
    return std::move(done_);
  }

 private:
  Status MakeFunction();
  Status MakePool();
  Status Permit();
  Status MakeClient();
  Status MakeUser(const Person&);
  void WriteSettings(json::Writer& out) const;
  Status SetTrigger();
  // The element of that name in a list of the service that comes page by page; nothing if there is none.
  Result<std::string> FindNamed(const char* operation, Bytes list, Bytes name_member, Bytes id_member, Bytes name,
                                const Write& more);

  Session& session_;
  const SetupOptions& options_;
  PoolClient pool_;
  LambdaClient lambda_;
  const std::string database_;
  std::string function_arn_;
  std::string pool_arn_;
  Done done_;
};

Status PoolSetup::MakeFunction() {
  FunctionSpec spec;
  spec.name = kFunction;
  spec.description = "Inserts who has signed up into the directory of users";
  spec.cpp = options_.language.empty() ? !session_.wish.aws : options_.language == "cpp";
  spec.role = options_.role;
  spec.environment = {{"DATABASE_URL", database_}};
  STATOR_TRY(const FunctionState state, lambda_.Ensure(spec));
  function_arn_ = state.arn;
  done_.function_did = state.did;
  return {};
}

Result<std::string> PoolSetup::FindNamed(const char* operation, Bytes list, Bytes name_member, Bytes id_member,
                                         Bytes name, const Write& more) {
  std::string token;
  do {
    const std::string body = Json([&](json::Writer& out) {
      more(out);
      out.Key("MaxResults").Int(kPage);
      if (!token.empty()) out.Key("NextToken").String(token);
    });
    STATOR_TRY(const std::string answer, pool_.Call(operation, body));
    json::Document document;
    STATOR_TRY(const json::Value root, document.Parse(answer));
    const json::Value page = root.is_object() ? root.Find(list) : json::Value();
    if (!page.valid() || !page.is_array()) break;
    for (const json::Value each : page.elements()) {
      if (each.is_object() && client::TextOf(each, name_member) == name) {
        return std::string(client::TextOf(each, id_member));
      }
    }
    token = client::TextOf(root, "NextToken");
  } while (!token.empty());
  return std::string();
}

// What can be changed later, too: UpdateUserPool resets what it is not told.
void PoolSetup::WriteSettings(json::Writer& out) const {
  out.Key("AutoVerifiedAttributes").BeginArray().String("email").EndArray();
  out.Key("AccountRecoverySetting").BeginObject().Key("RecoveryMechanisms").BeginArray();
  out.BeginObject().Key("Name").String("verified_email").Key("Priority").Int(1).EndObject().EndArray().EndObject();
  out.Key("LambdaConfig").BeginObject().Key("PostConfirmation").String(function_arn_).EndObject();
}

Status PoolSetup::MakePool() {
  STATOR_TRY(done_.pool, FindNamed("ListUserPools", "UserPools", "Name", "Id", options_.name, [](json::Writer&) {}));
  if (!done_.pool.empty()) return SetTrigger();
  const std::string body = Json([&](json::Writer& out) {
    out.Key("PoolName").String(options_.name);
    out.Key("UsernameAttributes").BeginArray().String("email").EndArray();
    out.Key("UsernameConfiguration").BeginObject().Key("CaseSensitive").Bool(false).EndObject();
    WriteSettings(out);
    out.Key("Schema").BeginArray();
    for (const char* name : {"email", "name", "preferred_username"}) {
      out.BeginObject().Key("Name").String(name).Key("AttributeDataType").String("String");
      out.Key("Required").Bool(true).Key("Mutable").Bool(true).EndObject();
    }
    out.EndArray();
  });
  STATOR_TRY(const std::string answer, pool_.Call("CreateUserPool", body));
  done_.pool = InnerText(answer, "UserPool", "Id");
  pool_arn_ = InnerText(answer, "UserPool", "Arn");
  done_.pool_did = "created";
  return {};
}

// Of a pool that is there.
Status PoolSetup::SetTrigger() {
  const std::string id = Json([&](json::Writer& out) { out.Key("UserPoolId").String(done_.pool); });
  STATOR_TRY(const std::string answer, pool_.Call("DescribeUserPool", id));
  pool_arn_ = InnerText(answer, "UserPool", "Arn");
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value pool = root.is_object() ? root.Find("UserPool") : json::Value();
  const json::Value triggers = pool.valid() && pool.is_object() ? pool.Find("LambdaConfig") : json::Value();
  if (triggers.valid() && triggers.is_object() && client::TextOf(triggers, "PostConfirmation") == function_arn_) {
    return {};
  }
  const std::string body = Json([&](json::Writer& out) {
    out.Key("UserPoolId").String(done_.pool);
    WriteSettings(out);
  });
  STATOR_TRY(const std::string updated, pool_.Call("UpdateUserPool", body));
  done_.pool_did = "updated";
  return {};
}

// AWS lets a pool call a function only when the function says so.
Status PoolSetup::Permit() {
  const std::string body = Json([&](json::Writer& out) {
    out.Key("StatementId").String("pool-" + done_.pool.substr(done_.pool.find('_') + 1));
    out.Key("Action").String("lambda:InvokeFunction").Key("Principal").String("cognito-idp.amazonaws.com");
    out.Key("SourceArn").String(pool_arn_);
  });
  const auto answer = lambda_.Call("POST", std::string("/2015-03-31/functions/") + kFunction + "/policy", body);
  if (answer.ok() || client::IsRemote(answer.error(), "ResourceConflictException")) return {};
  return answer.error();
}

Status PoolSetup::MakeClient() {
  STATOR_TRY(done_.client, FindNamed("ListUserPoolClients", "UserPoolClients", "ClientName", "ClientId", kClientName,
                                     [&](json::Writer& out) { out.Key("UserPoolId").String(done_.pool); }));
  if (!done_.client.empty()) return {};
  const std::string body = Json([&](json::Writer& out) {
    out.Key("UserPoolId").String(done_.pool).Key("ClientName").String(kClientName).Key("GenerateSecret").Bool(false);
    out.Key("ExplicitAuthFlows").BeginArray();
    out.String("ALLOW_USER_SRP_AUTH").String("ALLOW_REFRESH_TOKEN_AUTH").EndArray();
    out.Key("PreventUserExistenceErrors").String("ENABLED");
  });
  STATOR_TRY(const std::string answer, pool_.Call("CreateUserPoolClient", body));
  done_.client = InnerText(answer, "UserPoolClient", "ClientId");
  done_.client_did = "created";
  return {};
}

Status PoolSetup::MakeUser(const Person& person) {
  const auto who = [&](json::Writer& out) {
    out.Key("UserPoolId").String(done_.pool).Key("Username").String(SeededEmail(person));
  };
  const std::string body = Json([&](json::Writer& out) {
    who(out);
    out.Key("TemporaryPassword").String(options_.password).Key("MessageAction").String("SUPPRESS");
    out.Key("UserAttributes").BeginArray();
    const std::pair<const char*, std::string> attributes[] = {{"email", SeededEmail(person)},
                                                              {"email_verified", "true"},
                                                              {"name", person.display_name},
                                                              {"preferred_username", person.handle}};
    for (const auto& [name, value] : attributes) {
      out.BeginObject().Key("Name").String(name).Key("Value").String(value).EndObject();
    }
    out.EndArray();
  });
  const auto made = pool_.Call("AdminCreateUser", body);
  if (!made.ok() && client::IsRemote(made.error(), "UsernameExistsException")) return {};
  if (!made.ok()) return made.error();
  const std::string password = Json([&](json::Writer& out) {
    who(out);
    out.Key("Password").String(options_.password).Key("Permanent").Bool(true);
  });
  STATOR_TRY(const std::string set, pool_.Call("AdminSetUserPassword", password));
  done_.users_made.push_back(person.handle);
  return {};
}

std::string AsJson(const Done& done) {
  return Json([&](json::Writer& out) {
    out.Key("AWS_COGNITO_USER_POOL_ID").String(done.pool);
    out.Key("AWS_COGNITO_USER_POOL_CLIENT_ID").String(done.client);
    out.Key("pool").String(done.pool_did).Key("client").String(done.client_did);
    out.Key("function").String(done.function_did);
    out.Key("users_created").BeginArray();
    for (const std::string& handle : done.users_made) out.String(handle);
    out.EndArray();
  });
}

void Show(const Session& session, const SetupOptions& options, const Done& done) {
  if (session.json) {
    Print(AsJson(done) + "\n");
    return;
  }
  Print("export AWS_COGNITO_USER_POOL_ID=" + done.pool + "\nexport AWS_COGNITO_USER_POOL_CLIENT_ID=" + done.client +
        "\n");
  if (session.quiet) return;
  std::fprintf(stderr, "%s function %s, %s user pool %s, %s its client\n", done.function_did.c_str(), kFunction,
               done.pool_did.c_str(), done.pool.c_str(), done.client_did.c_str());
  for (const Person& person : DemoPeople()) {
    const bool made = std::find(done.users_made.begin(), done.users_made.end(), person.handle) != done.users_made.end();
    std::fprintf(stderr, made ? "created user %s, password %s\n" : "kept user %s\n", SeededEmail(person).c_str(),
                 options.password.c_str());
  }
}

}  // namespace

Status SetupPool(Session& session, const SetupOptions& options) {
  STATOR_TRY(const DatabaseUrl database, DatabaseOf(session));
  if (!session.quiet && !session.wish.aws && database.path.starts_with("/tmp/")) {
    std::fprintf(stderr,
                 "cruddur: functions have a /tmp of their own and will not find %s; put the directory elsewhere\n",
                 database.path.c_str());
  }
  STATOR_TRY(PoolClient pool, PoolClient::Open(session));
  client::Wish wish = session.wish;
  wish.service = "lambda";
  STATOR_TRY(client::Target lambda, client::Connect(wish, session.around));
  STATOR_TRY(
      const Done done,
      PoolSetup(session, options, std::move(pool), LambdaClient(std::move(lambda), kWaitSeconds), database.url).Run());
  Show(session, options, done);
  return {};
}

}  // namespace stator::messages
