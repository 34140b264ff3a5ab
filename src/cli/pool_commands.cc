#include "cli/pool_commands.h"

#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/columns.h"
#include "cli/outbox.h"
#include "cli/pools.h"
#include "cli/users.h"
#include "errors/client.h"
#include "json/writer.h"

namespace stator::cli {
namespace {

using Manner = PoolCommands::Manner;

void Print(const std::string& text) { std::fputs(text.c_str(), stdout); }

// One line about what was done to a user, or an object that names it.
void Report(const Manner& manner, const std::string& done, const std::string& pool, const std::string& username,
            const std::string& sub) {
  if (manner.json) {
    std::string text;
    json::Writer out(&text);
    out.BeginObject().Key("UserPoolId").String(pool).Key("Username").String(username);
    if (!sub.empty()) out.Key("Sub").String(sub);
    out.EndObject();
    Print(text + "\n");
  } else if (!manner.quiet) {
    Print(done + "\n");
  }
}

// "-": the first line of standard input.
Result<std::string> ReadPassword(const std::string& given) {
  std::string password = given;
  if (given == "-") {
    password.clear();
    std::getline(std::cin, password);
  }
  if (password.empty()) return Fail(errors::kNoPassword);
  return password;
}

Status ListPools(client::Client& client, const Manner& manner) {
  STATOR_TRY(const std::vector<PoolRow> rows, ReadPools(client));
  Print(manner.json ? PoolsJson(rows) : PoolsTable(rows, Clock().Now()));
  return {};
}

}  // namespace

PoolCommands::PoolCommands(const Command& command, std::function<void(Run)> chosen) : chosen_(std::move(chosen)) {
  CLI::App* pools = command("pools", "print all user pools with their clients, triggers and users");
  pools->callback([this] { chosen_(&ListPools); });
  AddUsers(command);
  CLI::App* outbox = command("outbox", "print codes and passwords that would have been mailed to users");
  outbox->add_option("--user", user_, "only those for this user name or address");
  outbox->add_option("--pool", pool_, "only those of this pool: id or name");
  outbox->add_flag("-f,--follow", follow_, "go on with what comes, until Ctrl-C");
  outbox->callback([this] { chosen_([this](client::Client& client, const Manner& m) { return Outbox(client, m); }); });
}

void PoolCommands::AddUsers(const Command& command) {
  CLI::App* users = command("users", "print the users of a pool; create, confirm and delete them, set passwords");
  users->add_option("POOL", pool_, "id or name of the pool (default: the only one there is)")
      ->envname("AWS_COGNITO_USER_POOL_ID");
  users->add_option("--filter", filter_, "which users, as ListUsers takes it: email ^= \"nora\"");
  users->require_subcommand(0, 1);
  AddCreate(users);
  AddOthers(users);
  users->callback([this, users] {
    if (!users->get_subcommands().empty()) return;
    chosen_([this](client::Client& client, const Manner& m) { return ListUsers(client, m); });
  });
}

void PoolCommands::AddCreate(CLI::App* users) {
  CLI::App* create = users->add_subcommand("create", "stator users [POOL] create USER: create a user");
  create->fallthrough();
  create->add_option("USER", user_, "user name; an address in pools that sign in by address")->required();
  create->add_option("--email", email_, "e-mail address");
  create->add_option("--phone", phone_, "phone number, +48123456789");
  create->add_option("--name", name_, "full name");
  create->add_option("--attribute", attributes_, "any other attribute, NAME=VALUE; may be repeated")
      ->allow_extra_args(false);
  create->add_option("--password", password_,
                     "a password to stay: the user is confirmed and the address verified, nothing is sent; - reads it "
                     "from standard input (default: a temporary one, in the outbox)");
  create->add_flag("--temporary", temporary_, "the password has to be changed at the first sign-in");
  create->callback([this] { chosen_([this](client::Client& client, const Manner& m) { return Create(client, m); }); });
}

void PoolCommands::AddOthers(CLI::App* users) {
  const auto add = [&](const char* name, const char* what, auto run) {
    CLI::App* sub = users->add_subcommand(name, what);
    sub->fallthrough();
    sub->add_option("USER", user_, "user name, or what the user signs in by")->required();
    sub->callback([this, run] {
      chosen_([this, run](client::Client& client, const Manner& manner) { return (this->*run)(client, manner); });
    });
    return sub;
  };
  add("confirm", "stator users [POOL] confirm USER: confirm a sign-up without its code", &PoolCommands::Confirm);
  CLI::App* password =
      add("set-password", "stator users [POOL] set-password USER: set a password; sign-ins there are end",
          &PoolCommands::ChangePassword);
  password->add_option("--password", password_, "the password; - reads it from standard input")->required();
  password->add_flag("--temporary", temporary_, "it has to be changed at the next sign-in");
  add("delete", "stator users [POOL] delete USER: delete a user", &PoolCommands::Delete);
}

Status PoolCommands::ListUsers(client::Client& client, const Manner& manner) const {
  STATOR_TRY(const std::string pool, FindPool(client, pool_));
  STATOR_TRY(const std::vector<UserRow> rows, ReadUsers(client, pool, filter_));
  Print(manner.json ? UsersJson(rows) : UsersTable(rows, Clock().Now()));
  return {};
}

Status PoolCommands::Create(client::Client& client, const Manner& manner) const {
  STATOR_TRY(const std::string pool, FindPool(client, pool_));
  NewUser user;
  user.username = user_;
  user.temporary = temporary_;
  if (!password_.empty()) {
    STATOR_TRY(user.password, ReadPassword(password_));
  }
  if (!email_.empty()) user.attributes.emplace_back("email", email_);
  if (!phone_.empty()) user.attributes.emplace_back("phone_number", phone_);
  if (!name_.empty()) user.attributes.emplace_back("name", name_);
  for (const std::string& text : attributes_) {
    STATOR_TRY(auto attribute, ParseAttribute(text));
    user.attributes.push_back(std::move(attribute));
  }
  STATOR_TRY(const std::string sub, CreateUser(client, pool, user));
  std::string done = "created " + Printable(user_) + " (" + sub + ")";
  if (password_.empty()) done += "; the temporary password is in the outbox: stator outbox --pool " + pool;
  Report(manner, done, pool, user_, sub);
  return {};
}

Status PoolCommands::Confirm(client::Client& client, const Manner& manner) const {
  STATOR_TRY(const std::string pool, FindPool(client, pool_));
  STATOR_OK(ConfirmUser(client, pool, user_));
  Report(manner, "confirmed " + Printable(user_), pool, user_, "");
  return {};
}

Status PoolCommands::ChangePassword(client::Client& client, const Manner& manner) const {
  STATOR_TRY(const std::string pool, FindPool(client, pool_));
  STATOR_TRY(const std::string password, ReadPassword(password_));
  STATOR_OK(SetPassword(client, pool, user_, password, temporary_));
  Report(manner, "set the password of " + Printable(user_), pool, user_, "");
  return {};
}

Status PoolCommands::Delete(client::Client& client, const Manner& manner) const {
  STATOR_TRY(const std::string pool, FindPool(client, pool_));
  STATOR_OK(DeleteUser(client, pool, user_));
  Report(manner, "deleted " + Printable(user_), pool, user_, "");
  return {};
}

Status PoolCommands::Outbox(client::Client& client, const Manner& manner) const {
  constexpr Duration kPause = std::chrono::milliseconds(500);
  if (client.target().endpoint.aws) return Fail(errors::kNoOutbox);
  OutboxOptions options;
  options.user = user_;
  options.json = manner.json;
  if (!pool_.empty()) {
    STATOR_TRY(options.pool, FindPool(client, pool_));
  }
  OutboxTail tail(client, options);
  bool any = false;
  const auto print = [&any](Bytes lines) {
    any = true;
    std::fwrite(lines.data(), 1, lines.size(), stdout);
    std::fflush(stdout);
  };
  STATOR_OK(tail.Read(print));
  if (!any && !follow_ && !manner.json && !manner.quiet) Print("nothing was sent\n");
  // Until whoever reads the lines has gone.
  while (follow_ && !std::ferror(stdout)) {
    client.Pause(kPause);
    STATOR_OK(tail.Read(print));
  }
  return {};
}

}  // namespace stator::cli
