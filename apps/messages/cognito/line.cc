#include "cognito/line.h"

#include <memory>

#include <CLI/CLI.hpp>

#include "cognito/commands.h"

namespace stator::messages {

void AddCognitoCommands(Commands& commands) {
  CLI::App* family = commands.Family("cognito", "the user pool: made, read, signed in to");

  const auto set = std::make_shared<SetupOptions>();
  CLI::App* setup = commands.Remote(
      family, "setup", "make the pool, its client, three demo users and the function post-confirmation", false);
  setup->add_option("--pool-name", set->name, "name of the pool")->capture_default_str();
  setup->add_option("--password", set->password, "password of the demo users who are made")->capture_default_str();
  setup->add_option("--language", set->language, "which version of the function (default: cpp; on AWS python)")
      ->check(CLI::IsMember({"python", "cpp"}));
  setup->add_option("--role", set->role, "ARN of the role it runs as; AWS wants one that exists");
  commands.AddProd(setup);
  commands.OnRun(setup, [set](Session& session) { return SetupPool(session, *set); });

  const auto list = std::make_shared<PoolOptions>();
  CLI::App* users = commands.Remote(family, "list-users", "print handle and sub of each user of the pool", false);
  users->add_option("--user-pool-id", list->pool, "the pool")->envname("AWS_COGNITO_USER_POOL_ID");
  commands.AddProd(users);
  commands.OnRun(users, [list](Session& session) { return ListPoolUsers(session, *list); });

  const auto in = std::make_shared<SignInOptions>();
  CLI::App* sign_in = commands.Remote(family, "sign-in", "sign in by SRP and print the tokens", false);
  sign_in->add_option("--user", in->user, "email address")->required();
  sign_in->add_option("--password", in->password, "password; others on this machine may see it, unlike the variable")
      ->envname("CRUDDUR_PASSWORD")
      ->required();
  sign_in->add_option("--token", in->token, "print this one alone: access, id or refresh")
      ->check(CLI::IsMember({"access", "id", "refresh"}));
  sign_in->add_option("--user-pool-id", in->pool, "the pool")->envname("AWS_COGNITO_USER_POOL_ID");
  sign_in->add_option("--client-id", in->client, "its client")->envname("AWS_COGNITO_USER_POOL_CLIENT_ID");
  commands.AddProd(sign_in);
  commands.OnRun(sign_in, [in](Session& session) { return SignIn(session, *in); });
}

}  // namespace stator::messages
