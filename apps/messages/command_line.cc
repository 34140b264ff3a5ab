#include "command_line.h"

#include <CLI/CLI.hpp>

namespace stator::messages {
namespace {

constexpr char kExitCodes[] =
    "Exit code: 0 done, 1 failed (one line on stderr says why and what to do), 2 wrong usage.";

constexpr char kWhere[] =
    "Without `prod` a command talks to http://localhost:8000, or to --endpoint-url, AWS_ENDPOINT_URL_<SERVICE> or\n"
    "AWS_ENDPOINT_URL. With `prod` it talks to AWS in the region of --region, AWS_REGION, AWS_DEFAULT_REGION\n"
    "or the profile. Credentials: environment, ~/.aws (AWS_PROFILE, --profile), container, instance metadata.\n"
    "\n";

}  // namespace

CLI::App* Commands::Family(const char* name, const char* what) {
  CLI::App* family = app_.add_subcommand(name, what);
  family->require_subcommand(1);
  family->footer(std::string(kWhere) + kExitCodes);
  return family;
}

CLI::App* Commands::Any(CLI::App* parent, const char* name, const char* what) {
  CLI::App* command = parent->add_subcommand(name, what);
  command->add_flag("--json", line_.json, "print JSON, and errors as JSON on stderr");
  command->add_flag("-q,--quiet", line_.quiet, "no progress bar and no hints");
  return command;
}

CLI::App* Commands::Remote(CLI::App* parent, const char* name, const char* what, bool takes_table) {
  CLI::App* command = Any(parent, name, what);
  command->add_option("--endpoint-url,--endpoint", line_.wish.endpoint_url, "server to talk to, http://HOST:PORT");
  command->add_option("--region", line_.wish.region, "AWS region");
  command->add_option("--profile", line_.wish.profile, "profile of ~/.aws to use");
  if (takes_table) command->add_option("--table", line_.table, "table name")->capture_default_str();
  command->footer(std::string(kWhere) + kExitCodes);
  return command;
}

CLI::App* Commands::Local(CLI::App* parent, const char* name, const char* what) {
  CLI::App* command = Any(parent, name, what);
  command->preparse_callback([this](size_t) { line_.local = true; });
  command->footer(kExitCodes);
  return command;
}

void Commands::AddProd(CLI::App* command) {
  command->add_option("prod", line_.prod, "the word `prod`: talk to AWS")->check(CLI::IsMember({"prod"}));
}

void Commands::OnRun(CLI::App* command, std::function<Status(Session&)> run) {
  command->callback([this, run = std::move(run)] { line_.run = run; });
}

}  // namespace stator::messages
