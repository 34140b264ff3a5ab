// The command line of Cruddur Messages: words to options to one function each (table_commands.h, seed.h, patterns.h,
// functions.h, post.h); the others are in api/line.h, db/line.h and cognito/line.h.
#include <cstdio>
#include <functional>

#include <CLI/CLI.hpp>

#include "api/line.h"
#include "client/complaint.h"
#include "cognito/line.h"
#include "command_line.h"
#include "db/line.h"
#include "functions.h"
#include "patterns.h"
#include "post.h"
#include "seed.h"
#include "session.h"
#include "table_commands.h"

namespace stator::messages {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

constexpr char kFooter[] = "Exit code: 0 done, 1 failed (one line on stderr says why and what to do), 2 wrong usage.";

class CommandLine {
 public:
  CommandLine() {
    app_.description("Cruddur Messages: a direct-messaging application on one DynamoDB table.");
    app_.footer(kFooter);
    app_.require_subcommand(1);
    ddb_ = commands_.Family("ddb", "the table: create, fill, read, drop");
    AddTableCommands();
    AddSeed();
    AddPatterns();
    AddPost();
    AddInstall();
    AddServeCommand(commands_, &app_);
    AddDbCommands(commands_);
    AddCognitoCommands(commands_);
  }

  CLI::App& app() { return app_; }
  Line& line() { return line_; }

 private:
  CLI::App* Command(CLI::App* parent, const char* name, const char* what, bool takes_table = true) {
    return commands_.Remote(parent, name, what, takes_table);
  }
  void AddProd(CLI::App* command) { commands_.AddProd(command); }
  void OnRun(CLI::App* command, std::function<Status(Session&)> run) { commands_.OnRun(command, std::move(run)); }

  void AddTableCommands() {
    CLI::App* load = Command(ddb_, "schema-load", "create the table with its index and stream");
    load->add_flag("--if-missing", if_missing_, "succeed if the table exists already");
    AddProd(load);
    OnRun(load, [this](Session& session) { return SchemaLoad(session, if_missing_); });

    CLI::App* list = Command(ddb_, "list-tables", "print the names of all tables", false);
    AddProd(list);
    OnRun(list, &ListAllTables);

    CLI::App* drop = Command(ddb_, "drop", "delete a table and everything in it", false);
    drop->add_option("TABLE", line_.table, "table name")->required();
    AddProd(drop);
    OnRun(drop, &Drop);

    CLI::App* scan = Command(ddb_, "scan", "print every row of the table");
    scan->add_option("--limit", scan_limit_, "at most so many rows; 0: all")->capture_default_str();
    AddProd(scan);
    OnRun(scan, [this](Session& session) { return ScanTable(session, scan_limit_); });
  }

  void AddSeed() {
    CLI::App* seed =
        Command(ddb_, "seed", "fill the table with three written conversations, or with many made-up ones");
    CLI::Option* handle = seed->add_option("--handle", role_.handle, "put yourself in the place of @nora");
    seed->add_option("--display-name", role_.display_name, "your name (default: the handle)")->needs(handle);
    seed->add_option("--user-uuid", role_.user_uuid, "your user's uuid (default: made from the handle)")->needs(handle);
    CLI::Option* users = seed->add_option("--users", plan_.users, "make up so many people instead")
                             ->check(CLI::Range(uint64_t{2}, uint64_t{100'000'000}))
                             ->excludes(handle);
    CLI::Option* messages = seed->add_option("--messages", plan_.messages, "make up so many messages instead")
                                ->check(CLI::Range(uint64_t{1}, uint64_t{10'000'000'000}))
                                ->excludes(handle);
    seed->add_option("--random-seed", plan_.seed, "the same number gives the same rows")->capture_default_str();
    seed->add_option("--threads", threads_, "connections that write at once")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    AddProd(seed);
    OnRun(seed, [this, users, messages, handle](Session& session) -> Status {
      if (*users || *messages) return SeedSynthetic(session, plan_, threads_);
      if (role_.handle.starts_with('@')) role_.handle.erase(0, 1);
      return SeedConversations(session, *handle ? std::optional<Role>(role_) : std::nullopt);
    });
  }

  void AddPatterns() {
    CLI::App* patterns = ddb_->add_subcommand("patterns", "the ways in which the application reads the table");
    patterns->require_subcommand(1);
    patterns->footer(kFooter);

    CLI::App* get = Command(patterns, "get-conversation", "print the newest messages of one conversation");
    get->add_option("--group", get_.group, "uuid of the conversation (default: the newest of --user)");
    get->add_option("--user", get_.user, "handle or uuid of one of the two")->capture_default_str();
    get->add_option("--with", get_.with, "handle of the other");
    get->add_option("--before", get_.before, "only messages older than this time, as printed for the next page");
    get->add_option("--limit", get_.limit, "messages a page; 0: all")->capture_default_str();
    AddProd(get);
    OnRun(get, [this](Session& session) { return GetConversation(session, get_); });

    CLI::App* list = Command(patterns, "list-conversations", "print a person's conversations, the latest first");
    list->add_option("--user", list_.user, "handle or uuid")->capture_default_str();
    list->add_option("--before", list_.before, "only conversations silent since before this time");
    list->add_option("--limit", list_.limit, "conversations a page; 0: all")->capture_default_str();
    AddProd(list);
    OnRun(list, [this](Session& session) { return ListConversations(session, list_); });

    CLI::App* members = Command(patterns, "list-members", "print who sees a conversation in their list, by the index");
    members->add_option("--group", group_, "uuid of the conversation")->required();
    AddProd(members);
    OnRun(members, [this](Session& session) { return ListMembers(session, group_); });
  }

  void AddPost() {
    CLI::App* post =
        Command(commands_.Family("messages", "write messages"), "post", "write one message into a conversation");
    post->add_option("TEXT", post_.text, "what to say")->required();
    post->add_option("--group", post_.where.group, "uuid of the conversation (default: the newest of --user)");
    post->add_option("--user", post_.where.user, "handle or uuid of who writes")->capture_default_str();
    post->add_option("--with", post_.where.with, "handle of the other");
    post->add_option("--wait", post_.wait_seconds,
                     "wait so many seconds for the conversation to be on top of its members' lists")
        ->check(CLI::NonNegativeNumber);
    AddProd(post);
    OnRun(post, [this](Session& session) { return PostMessage(session, post_); });
  }

  void AddInstall() {
    CLI::App* install = Command(commands_.Family("functions", "what runs when rows change"), "install",
                                "install messaging-stream, which moves conversations, on the table's stream");
    install->add_option("--language", install_.language, "which version of it (default: cpp; on AWS python)")
        ->check(CLI::IsMember({"python", "cpp"}));
    install->add_option("--code", install_.code, "its file (default: the one that came with cruddur)");
    install->add_option("--role", install_.role, "ARN of the role it runs as; AWS wants one that exists");
    AddProd(install);
    OnRun(install, [this](Session& session) { return InstallFunction(session, install_); });
  }

  CLI::App app_;
  CLI::App* ddb_ = nullptr;
  Line line_;
  Commands commands_{app_, line_};
  bool if_missing_ = false;
  uint64_t scan_limit_ = 0;
  Role role_;
  SyntheticPlan plan_;
  int threads_ = 4;
  ConversationOptions get_;
  ListOptions list_;
  std::string group_;
  PostOptions post_;
  InstallOptions install_;
};

int Complain(bool as_json, std::string_view name, const std::string& text) {
  std::fprintf(stderr, "%s\n", client::Complaint("cruddur", name, text, as_json).c_str());
  return kFailed;
}

int Run(Line& line) {
  line.wish.aws = !line.prod.empty();
  auto session =
      line.local ? LocalSession(client::RealSurroundings()) : OpenSession(line.wish, client::RealSurroundings());
  if (!session.ok()) {
    return Complain(line.json, client::ErrorName(session.error()), session.error().text);
  }
  session->table = line.table;
  session->json = line.json;
  session->quiet = line.quiet;
  const Status status = line.run(*session);
  if (status.ok() && std::fflush(stdout) == 0) return 0;
  if (status.ok()) {
    return Complain(line.json, "OutputLost", "the output could not be written; see whether the disk is full");
  }
  return Complain(line.json, client::ErrorName(status.error()), Explain(status.error(), *session));
}

int Main(int argc, char** argv) {
  CommandLine command_line;
  try {
    command_line.app().parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return command_line.app().exit(error);
    std::fprintf(stderr, "cruddur: %s\nsee `cruddur --help` or `cruddur FAMILY COMMAND --help`\n", error.what());
    return kUsage;
  }
  return Run(command_line.line());
}

}  // namespace
}  // namespace stator::messages

int main(int argc, char** argv) { return stator::messages::Main(argc, argv); }
