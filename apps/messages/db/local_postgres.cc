#include "db/local_postgres.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/os/file.h"
#include "base/random.h"
#include "db/sql_printer.h"
#include "directory/directory.h"
#include "directory/errors.h"
#include "json/writer.h"
#include "sigv4/digest.h"

namespace stator::messages {
namespace {

namespace fs = std::filesystem;

constexpr char kUser[] = "cruddur";
constexpr size_t kPasswordBytes = 16;
constexpr size_t kShownOfLog = 600;  // characters

Error Problem(const std::string& text) { return Fail(directory_errors::kCommand, text); }

// Who runs the server: ourselves, or somebody else when we are root.
struct Runner {
  bool other = false;
  uid_t user = 0;
  gid_t group = 0;
};

Result<Runner> FindRunner() {
  if (geteuid() != 0) return Runner{};
  for (const char* name : {"postgres", "nobody"}) {
    const passwd* entry = getpwnam(name);
    if (entry != nullptr) return Runner{true, entry->pw_uid, entry->pw_gid};
  }
  return Problem(
      "PostgreSQL does not run as root, and there is neither a user postgres nor nobody; run this as another "
      "user");
}

class Server {
 public:
  Server(Session& session, const PostgresOptions& options, Runner runner)
      : session_(session), options_(options), runner_(runner), folder_(options.folder) {
    if (folder_.empty()) {
      folder_ = runner_.other ? "/var/lib/cruddur/postgresql" : DirectoryHome(session.around.env) + "/postgresql";
    }
    std::error_code failed;
    folder_ = fs::absolute(folder_, failed).lexically_normal().string();
    while (folder_.ends_with('/') && folder_.size() > 1) folder_.pop_back();
  }

  Status Start();
  Status Stop();

 private:
  std::string Data() const { return folder_ + "/data"; }
  std::string Log() const { return folder_ + "/commands.log"; }
  std::string PasswordFile() const { return folder_ + "/password"; }
  std::string PortFile() const { return folder_ + "/port"; }

  Status FindPrograms();
  Status MakeFolder();
  Status Initialize();
  Status Give(const std::string& path) const;
  // A text of our own in the folder.
  Status Keep(const std::string& path, const std::string& text) const;
  int Port() const;
  Result<bool> Running();
  // The exit code; what it says goes to the log.
  Result<int> Run(const std::string& program, const std::vector<std::string>& arguments);
  [[noreturn]] void Become(const std::vector<std::string>& words) const;
  std::string EndOfLog() const;

  Session& session_;
  const PostgresOptions& options_;
  const Runner runner_;
  std::string folder_;
  std::string programs_;  // the folder of initdb and pg_ctl
};

// Debian keeps the server's programs out of PATH, a folder for each version.
Status Server::FindPrograms() {
  std::vector<std::pair<int, std::string>> found;
  std::error_code failed;
  for (fs::directory_iterator each("/usr/lib/postgresql", failed), end; !failed && each != end;
       each.increment(failed)) {
    const std::string bin = each->path().string() + "/bin";
    if (access((bin + "/pg_ctl").c_str(), X_OK) == 0) {
      found.emplace_back(std::atoi(each->path().filename().c_str()), bin);
    }
  }
  if (!found.empty()) {
    programs_ = std::max_element(found.begin(), found.end())->second;
    return {};
  }
  std::string path = session_.around.env("PATH").value_or("");
  while (!path.empty()) {
    const size_t end = path.find(':');
    const std::string bin = path.substr(0, end);
    if (!bin.empty() && access((bin + "/pg_ctl").c_str(), X_OK) == 0) {
      programs_ = bin;
      return {};
    }
    path = end == std::string::npos ? "" : path.substr(end + 1);
  }
  return Problem("PostgreSQL is not installed; run: bin/setup postgresql, or: apt-get install postgresql");
}

Status Server::Give(const std::string& path) const {
  if (!runner_.other || chown(path.c_str(), runner_.user, runner_.group) == 0) return {};
  return Problem("cannot give " + path + " to the user who runs PostgreSQL: " + std::generic_category().message(errno));
}

Status Server::Keep(const std::string& path, const std::string& text) const {
  const std::string failed = ReplaceFile(path, text, 0600);
  if (!failed.empty()) return Problem("cannot write " + path + ": " + failed);
  return Give(path);
}

Status Server::MakeFolder() {
  std::error_code failed;
  fs::create_directories(fs::path(folder_).parent_path(), failed);
  if (!failed && mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) failed = {errno, std::generic_category()};
  if (failed) return Problem("cannot make the folder " + folder_ + ": " + failed.message());
  return Give(folder_);
}

Status Server::Initialize() {
  if (access((Data() + "/PG_VERSION").c_str(), F_OK) == 0) return {};
  STATOR_OK(Keep(PasswordFile(), sigv4::Hex(SecureRandom(kPasswordBytes)) + "\n"));
  STATOR_TRY(const int code, Run("initdb", {"-D", Data(), "-U", kUser, "--pwfile=" + PasswordFile(),
                                            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"}));
  if (code == 0) return {};
  return Problem("initdb failed, " + EndOfLog());
}

int Server::Port() const {
  if (options_.port != 0) return options_.port;
  const auto kept = ReadFile(PortFile());
  const int port = kept ? std::atoi(kept->c_str()) : 0;
  return port != 0 ? port : kFirstPort;
}

Result<bool> Server::Running() {
  if (access((Data() + "/PG_VERSION").c_str(), F_OK) != 0) return false;
  STATOR_TRY(const int code, Run("pg_ctl", {"-D", Data(), "status"}));
  return code == 0;
}

void Server::Become(const std::vector<std::string>& words) const {
  const int log = open(Log().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const bool ready =
      log >= 0 && nothing >= 0 && dup2(nothing, 0) >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0 && chdir("/") == 0;
  const bool changed = !runner_.other || (fchown(log, runner_.user, runner_.group) == 0 && setgroups(0, nullptr) == 0 &&
                                          setgid(runner_.group) == 0 && setuid(runner_.user) == 0);
  if (ready && changed) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
  }
  _exit(127);
}

Result<int> Server::Run(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{programs_ + "/" + program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  PrintCommand(session_, options_.print_sql, words);
  const pid_t child = fork();
  if (child == 0) Become(words);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) {
    return Problem("cannot run " + words[0] + ": " + std::generic_category().message(errno));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

std::string Server::EndOfLog() const {
  std::string text = ReadFile(Log()).value_or("");
  while (text.ends_with('\n')) text.pop_back();
  if (text.size() > kShownOfLog) text = "..." + text.substr(text.size() - kShownOfLog);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return "see " + Log() + ": " + text;
}

Status Server::Start() {
  STATOR_OK(FindPrograms());
  STATOR_OK(MakeFolder());
  STATOR_OK(Initialize());
  STATOR_TRY(const bool running, Running());
  if (!running) {
    const std::string port = std::to_string(Port());
    STATOR_OK(Keep(PortFile(), port + "\n"));
    // No socket in the file system: its path may be too long, or its folder taken.
    STATOR_TRY(const int code,
               Run("pg_ctl", {"-D", Data(), "-w", "-l", folder_ + "/server.log", "-o",
                              "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", "start"}));
    if (code != 0) {
      return Problem("PostgreSQL did not start; is port " + port + " taken? Choose another with --port, or see " +
                     folder_ + "/server.log");
    }
  }
  std::string password = ReadFile(PasswordFile()).value_or("");
  while (password.ends_with('\n')) password.pop_back();
  const auto kept = ReadFile(PortFile());
  const int port = kept ? std::atoi(kept->c_str()) : Port();
  const std::string url =
      std::string("postgresql://") + kUser + ":" + password + "@127.0.0.1:" + std::to_string(port) + "/cruddur";
  if (session_.json) {
    std::string out;
    json::Writer(&out)
        .BeginObject()
        .Key("DATABASE_URL")
        .String(url)
        .Key("folder")
        .String(folder_)
        .Key("started")
        .Bool(!running)
        .EndObject();
    Print(out + "\n");
    return {};
  }
  Print("export DATABASE_URL=" + url + "\n");
  if (!session_.quiet) {
    std::fprintf(stderr, "%s PostgreSQL in %s; with DATABASE_URL set to that: cruddur db setup\n",
                 running ? "kept the running" : "started", folder_.c_str());
  }
  return {};
}

Status Server::Stop() {
  STATOR_OK(FindPrograms());
  STATOR_TRY(const bool running, Running());
  if (running) {
    STATOR_TRY(const int code, Run("pg_ctl", {"-D", Data(), "-w", "-m", "fast", "stop"}));
    if (code != 0) return Problem("PostgreSQL did not stop, " + EndOfLog());
  }
  if (session_.json) {
    std::string out;
    json::Writer(&out).BeginObject().Key("folder").String(folder_).Key("stopped").Bool(running).EndObject();
    Print(out + "\n");
  } else {
    Print((running ? "stopped PostgreSQL in " : "no PostgreSQL runs in ") + folder_ + "\n");
  }
  return {};
}

}  // namespace

Status DbStart(Session& session, const PostgresOptions& options) {
  STATOR_TRY(const Runner runner, FindRunner());
  return Server(session, options, runner).Start();
}

Status DbStop(Session& session, const PostgresOptions& options) {
  STATOR_TRY(const Runner runner, FindRunner());
  return Server(session, options, runner).Stop();
}

}  // namespace stator::messages
