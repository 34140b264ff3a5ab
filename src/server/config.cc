#include "server/config.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include <CLI/CLI.hpp>

#include "errors/server.h"
#include "server/config_file.h"
#include "server/version.h"

namespace stator::server {
namespace {

std::string DefaultData() {
  if (const char* xdg = std::getenv("XDG_DATA_HOME"); xdg && *xdg) return std::string(xdg) + "/stator";
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : ".") + "/.local/share/stator";
}

// What the flags say before it is made into a Config.
struct Flags {
  Config config;
  std::string host;
  std::string durability = "strict";
  std::string auth = "off";
  bool in_memory = false;
  double state_delay = 0;
  double stream_shard_age = 4 * 3600;
  double ttl_interval = 10;
  uint64_t cache_mb = 256;
  uint64_t log_mb = 1024;
  uint64_t max_body_mb = 16;
  uint64_t idle_seconds = 120;
  uint64_t head_kb = 32;
  uint64_t head_seconds = 10;
  uint64_t body_seconds = 20;
  uint64_t buffer_mb = 512;
  std::string isolation = "on";
  std::string lockout = "on";
  double mapping_retry = 0.5;
  double mapping_retry_cap = 20;
  std::string file;
};

// DynamoDB Local's single-dash flags in our words; its switches that mean nothing here disappear.
std::vector<std::string> Translate(int argc, char** argv) {
  static const std::map<std::string, std::string> kNames = {
      {"-port", "--port"}, {"-inMemory", "--in-memory"}, {"-dbPath", "--data"}, {"-cors", "--allow-origin"}};
  static const std::set<std::string> kIgnored = {"-sharedDb", "-disableTelemetry", "-optimizeDbBeforeStartup"};
  std::vector<std::string> out;
  bool local = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (const auto found = kNames.find(word); found != kNames.end()) {
      out.push_back(found->second);
      local = true;
    } else if (word == "-delayTransientStatuses") {
      out.insert(out.end(), {"--state-delay", "1"});
      local = true;
    } else if (word == "-help" || word == "-h") {
      out.emplace_back("--help");
    } else if (word == "-version") {
      out.emplace_back("--version");
    } else if (kIgnored.contains(word)) {
      local = true;
    } else {
      out.push_back(word);
    }
  }
  // `stator -port 8000`, as DynamoDB Local is called, means serve.
  const bool named = !out.empty() && (out[0] == "serve" || out[0] == "check");
  if (local && !named) out.insert(out.begin(), "serve");
  return out;
}

std::string VariableOf(const std::string& name) {
  std::string variable = "STATOR_" + name;
  for (char& c : variable) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

// A flag, its variable and its name in the file at once: CLI11 takes the file's names from the flags.
template <class T>
CLI::Option* Add(CLI::App* app, const std::string& name, T& target, const std::string& help) {
  return app->add_option("--" + name, target, help)->envname(VariableOf(name));
}

CLI::Option* AddSwitch(CLI::App* app, const std::string& name, bool& target, const std::string& help) {
  return app->add_flag("--" + name, target, help)->envname(VariableOf(name));
}

// Empty: it is one. What CLI11 asks of a validator.
std::string IsWebAddress(const std::string& text) {
  const bool is = text.starts_with("http://") || text.starts_with("https://");
  return is ? std::string() : text + " is not an address that begins with http:// or https://";
}

void DescribePlace(CLI::App* serve, Flags* flags) {
  Config& config = flags->config;
  Add(serve, "port", config.port, "Port of every API; 0 lets the system choose")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  Add(serve, "host", flags->host, "Address to listen on instead of 127.0.0.1 and [::1]; 0.0.0.0 for all");
  CLI::Option* data = Add(serve, "data", config.data, "Data folder (default: " + DefaultData() + ")");
  AddSwitch(serve, "in-memory", flags->in_memory, "Keep everything in memory; nothing survives the process")
      ->excludes(data);
  Add(serve, "durability", flags->durability,
      "strict: an acknowledged write survives a power cut; relaxed: it is synced a little later")
      ->check(CLI::IsMember({"strict", "relaxed"}))
      ->capture_default_str();
  Add(serve, "auth", flags->auth, "off: every caller is welcome (the only mode of this version)")
      ->check(CLI::IsMember({"off"}))
      ->capture_default_str();
  Add(serve, "region", config.region, "Region of ARNs when a request does not name one")->capture_default_str();
  Add(serve, "account", config.account, "Account of ARNs, 12 digits")->capture_default_str();
}

void DescribeBehavior(CLI::App* serve, Flags* flags) {
  Config& config = flags->config;
  Add(serve, "allow-origin", config.allowed_origins, "Web origins that may call, beside loopback ones; * for all")
      ->delimiter(',');
  Add(serve, "apply", config.apply, "JSON file of CreateTable requests; creates the tables that are missing")
      ->check(CLI::ExistingFile);
  Add(serve, "state-delay", flags->state_delay, "Seconds that CREATING, UPDATING and DELETING last")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  Add(serve, "stream-shards", config.stream_shards, "Shards of a stream that is enabled from now on")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  Add(serve, "stream-shard-age", flags->stream_shard_age, "Seconds after which a stream's shard is rolled over")
      ->check(CLI::Range(1.0, 86400.0))
      ->capture_default_str();
  Add(serve, "ttl-interval", flags->ttl_interval, "Seconds between looks for items whose time to live has passed")
      ->check(CLI::Range(0.1, 86400.0))
      ->capture_default_str();
  AddSwitch(serve, "test-controls", config.test_controls,
            "Serve /_stator/reset, which empties the store, and /_stator/test/, which steps the clock");
}

void DescribeLimits(CLI::App* serve, Flags* flags) {
  Config& config = flags->config;
  Add(serve, "tls-certificate", config.certificate_file, "PEM file; with --tls-key the port speaks TLS only")
      ->check(CLI::ExistingFile);
  Add(serve, "tls-key", config.key_file, "PEM file of the certificate's key")->check(CLI::ExistingFile);
  Add(serve, "threads", config.lanes, "Event threads; 0: one for each core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  Add(serve, "cache-mb", flags->cache_mb, "Most memory for cached rows and blocks of the data folder")
      ->capture_default_str();
  Add(serve, "log-max-mb", flags->log_mb, "Most log events kept, all groups together; the oldest go first")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  Add(serve, "log-retention-days", config.log_retention_days,
      "Days that log groups keep events if they have no retention of their own; 0: for ever")
      ->check(CLI::Range(0, 36500))
      ->capture_default_str();
  Add(serve, "max-connections", config.limits.connections, "Most connections at once")->capture_default_str();
  Add(serve, "max-body-mb", flags->max_body_mb, "Largest request body, sent or inflated")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  Add(serve, "idle-seconds", flags->idle_seconds, "A connection without requests is closed after this long")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  Add(serve, "head-kb", flags->head_kb, "Largest request line and headers together")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  Add(serve, "head-seconds", flags->head_seconds, "Longest time from a request's first byte to the end of its head")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  Add(serve, "body-seconds", flags->body_seconds, "Time a body has, and one second more for each 64 KB")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  Add(serve, "buffer-mb", flags->buffer_mb, "Most memory for request bodies, all connections together")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
}

void DescribeFunctions(CLI::App* serve, Flags* flags) {
  Config& config = flags->config;
  Add(serve, "function-processes", config.function_processes,
      "Most processes of functions at once; 0: sixteen for each core")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  Add(serve, "function-memory-mb", config.function_memory_mb,
      "Most memory of all processes of functions together; 0: half of the machine's")
      ->check(CLI::Range(0, 1 << 20))
      ->capture_default_str();
  Add(serve, "function-idle-seconds", config.function_idle_seconds,
      "A process of a function ends after this long without an invocation")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  Add(serve, "function-isolation", flags->isolation,
      "on: functions do not see the data folder, where the system allows that; off: they see what the server sees")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
}

void DescribePoolsAndMappings(CLI::App* serve, Flags* flags) {
  Config& config = flags->config;
  Add(serve, "issuer", config.issuer,
      "How tokens of user pools name their issuer: aws (as AWS would), local (this server), or an address")
      ->check(CLI::IsMember({"aws", "local"}) | CLI::Validator(IsWebAddress, "URL"))
      ->capture_default_str();
  Add(serve, "lockout", flags->lockout, "on: five wrong passwords lock a user of a pool for a while; off: never")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  Add(serve, "mapping-retry", flags->mapping_retry,
      "Seconds before an event source mapping sends a batch that failed again; doubled each time")
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str();
  Add(serve, "mapping-retry-cap", flags->mapping_retry_cap, "Longest time between two such attempts, in seconds")
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str();
}

// In the order of --help.
void DescribeServe(CLI::App* serve, Flags* flags) {
  DescribePlace(serve, flags);
  DescribeBehavior(serve, flags);
  DescribeLimits(serve, flags);
  DescribeFunctions(serve, flags);
  DescribePoolsAndMappings(serve, flags);
  Add(serve, "config", flags->file, "TOML file with these options by their names; flags and variables win over it")
      ->check(CLI::ExistingFile);
}

// Gives the options of the file to those that neither a flag nor a variable has set.
Status ApplyFile(const std::string& path, CLI::App* serve) {
  if (path.empty()) return {};
  STATOR_TRY(const auto values, ReadConfigFile(path));
  for (const auto& [name, texts] : values) {
    CLI::Option* option = serve->get_option_no_throw("--" + name);
    if (!option || name == "config" || name == "help") return Fail(errors::kConfigUnknownName, path, name);
    if (option->count() > 0) continue;
    try {
      for (const std::string& text : texts) option->add_result(text);
      option->run_callback();
    } catch (const CLI::Error& e) {
      return Fail(errors::kConfigUnreadable, path, e.what());
    }
  }
  return {};
}

// What the options cannot check by themselves. Empty: fine.
std::string Complete(Flags* flags) {
  Config& config = flags->config;
  if (config.account.size() != 12 || config.account.find_first_not_of("0123456789") != std::string::npos) {
    return "--account must have 12 digits";
  }
  if (config.certificate_file.empty() != config.key_file.empty()) {
    return "--tls-certificate and --tls-key belong together";
  }
  if (!flags->host.empty()) config.hosts = {flags->host == "localhost" ? "127.0.0.1" : flags->host};
  if (flags->in_memory) {
    config.data.clear();
  } else if (config.data.empty()) {
    config.data = DefaultData();
  }
  config.relaxed = flags->durability == "relaxed";
  config.state_delay = Duration(static_cast<int64_t>(flags->state_delay * 1e6));
  config.stream_shard_age = Duration(static_cast<int64_t>(flags->stream_shard_age * 1e6));
  config.ttl_interval = Duration(static_cast<int64_t>(flags->ttl_interval * 1e6));
  config.cache_bytes = flags->cache_mb << 20;
  config.log_bytes = flags->log_mb << 20;
  config.limits.body_bytes = (flags->max_body_mb << 20) + (size_t{256} << 10);
  config.limits.idle_time = std::chrono::seconds(flags->idle_seconds);
  config.limits.head_bytes = flags->head_kb << 10;
  config.limits.head_time = std::chrono::seconds(flags->head_seconds);
  config.limits.transfer_time = std::chrono::seconds(flags->body_seconds);
  config.limits.buffered_bytes = flags->buffer_mb << 20;
  config.function_isolation = flags->isolation == "on";
  config.lockout = flags->lockout == "on";
  config.mapping_retry = Duration(static_cast<int64_t>(flags->mapping_retry * 1e6));
  config.mapping_retry_cap = Duration(static_cast<int64_t>(flags->mapping_retry_cap * 1e6));
  return {};
}

constexpr char kFooter[] =
    "Examples:\n"
    "  stator serve                       durable, on port 8000\n"
    "  stator serve --in-memory --port 0  for tests\n\n"
    "Commands that speak to a running server (each has --help):\n"
    "  dump        Write a table, or all of them, as JSON lines\n"
    "  load        Read what dump wrote\n"
    "  tables      List the tables\n"
    "  functions   List the functions with their figures\n"
    "  logs        Print what a function logged, or follow it\n"
    "  pools       List the user pools\n"
    "  users       List a pool's users; create, confirm and delete them, set passwords\n"
    "  outbox      Print codes and passwords that would have been mailed to users\n";

Invocation Mistake(const std::string& text) {
  std::fprintf(stderr, "stator: %s\nTry `stator serve --help`.\n", text.c_str());
  Invocation invocation;
  invocation.exit_code = 2;
  return invocation;
}

}  // namespace

bool IsClientCommand(const std::string& name) {
  return !name.empty() && name[0] != '-' && name != "serve" && name != "check";
}

Invocation ReadCommandLine(int argc, char** argv) {
  Invocation invocation;
  Flags flags;
  CLI::App app("Stator: DynamoDB on machines you own.", "stator");
  app.set_version_flag("--version", std::string("stator ") + kVersion);
  app.footer(kFooter);
  app.require_subcommand(1);
  CLI::App* serve = app.add_subcommand("serve", "Serve the DynamoDB API until SIGTERM or Ctrl-C");
  DescribeServe(serve, &flags);
  CLI::App* check = app.add_subcommand("check", "Verify a data folder that no server has open");
  check->add_option("DATA", invocation.check, "Data folder")->required();
  check->add_flag("--json", invocation.json, "Report as JSON");

  std::vector<std::string> words = Translate(argc, argv);
  std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
  try {
    app.parse(words);
  } catch (const CLI::ParseError& e) {
    invocation.exit_code = app.exit(e) == 0 ? 0 : 2;
    return invocation;
  }
  if (*check) {
    invocation.action = Invocation::Action::kCheck;
    return invocation;
  }
  if (const Status read = ApplyFile(flags.file, serve); !read.ok()) return Mistake(read.error().text);
  if (const std::string mistake = Complete(&flags); !mistake.empty()) return Mistake(mistake);
  invocation.action = Invocation::Action::kServe;
  invocation.config = std::move(flags.config);
  return invocation;
}

}  // namespace stator::server
