// `stator dump`, `load`, `tables`, `functions`, `logs`, `pools`, `users` and `outbox`: what `stator` does over HTTP.
// The program `stator` runs this one for every command that is not about the server itself, so that the server links no
// HTTP client.
#include <cstdio>
#include <functional>
#include <optional>

#include <CLI/CLI.hpp>

#include "cli/dump.h"
#include "cli/files.h"
#include "cli/functions.h"
#include "cli/load.h"
#include "cli/logs.h"
#include "cli/pool_commands.h"
#include "cli/span.h"
#include "client/complaint.h"
#include "client/connect.h"
#include "client/json_text.h"
#include "client/progress.h"
#include "client/tables.h"
#include "errors/client.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

constexpr char kFooter[] =
    "Talks to --endpoint, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL or http://localhost:8000; with --aws to "
    "DynamoDB\n"
    "in the region of --region, AWS_REGION, AWS_DEFAULT_REGION or the profile. Credentials: environment, ~/.aws\n"
    "(AWS_PROFILE, --profile); on AWS also container and instance metadata.\n"
    "\n"
    "The server itself: stator serve --help, stator check --help.\n"
    "Exit code: 0 done, 1 failed (one line on stderr says why and what to do), 2 wrong usage.";

struct Line {
  client::Wish wish;
  std::vector<std::string> tables;
  std::string file;
  std::string into;
  std::string function;
  std::string since;
  std::string filter;
  uint64_t from_line = 1;
  int connections = 4;
  bool json = false;
  bool quiet = false;
  bool follow = false;
  std::function<Status(const Line&, const client::Target&)> run;
};

std::function<std::unique_ptr<client::Client>()> ClientsOf(const client::Target& target) {
  return [target] { return std::make_unique<client::Client>(target); };
}

std::string Plural(uint64_t count, const std::string& one, const std::string& more) {
  return client::Grouped(count) + " " + (count == 1 ? one : more);
}

template <class Table>
std::string Summary(const std::vector<Table>& tables, bool as_json, const std::string& done, MonotonicTime begun) {
  uint64_t items = 0;
  for (const Table& table : tables) items += table.items;
  const double seconds = std::chrono::duration<double>(MonotonicNow() - begun).count();
  if (!as_json) {
    return done + " " + Plural(items, "item", "items") + " of " + Plural(tables.size(), "table", "tables") + "\n";
  }
  std::string out;
  json::Writer writer(&out);
  writer.BeginObject().Key("tables").BeginArray();
  for (const Table& table : tables) {
    writer.BeginObject().Key("name").String(table.name).Key("items").Int(static_cast<int64_t>(table.items));
    if constexpr (requires { table.created; }) writer.Key("created").Bool(table.created);
    writer.EndObject();
  }
  writer.EndArray().Key("items").Int(static_cast<int64_t>(items)).Key("seconds").Double(seconds).EndObject();
  return out + "\n";
}

Status RunDump(const Line& line, const client::Target& target) {
  const MonotonicTime begun = MonotonicNow();
  auto sink = Sink::Open(line.file);
  if (!sink.ok()) return std::move(sink).error();
  const DumpOptions options{ClientsOf(target), line.tables, line.connections, line.quiet};
  const auto dumped = Dump(options, [&](Bytes lines) { return sink->Write(lines); });
  if (!dumped.ok()) return dumped.error();
  STATOR_OK(sink->Commit());
  if (line.json || !line.quiet) {
    // The dump itself may be on stdout.
    std::fputs(Summary(*dumped, line.json, "dumped", begun).c_str(), sink->standard() ? stderr : stdout);
  }
  return {};
}

Status RunLoad(const Line& line, const client::Target& target) {
  const MonotonicTime begun = MonotonicNow();
  auto source = LineSource::Open(line.file);
  if (!source.ok()) return std::move(source).error();
  const LoadOptions options{ClientsOf(target), line.tables,      line.into, line.from_line,
                            source->size(),    line.connections, line.quiet};
  const auto loaded = Load(options, [&](std::string* next) { return source->Next(next); });
  if (!loaded.ok()) return loaded.error();
  if (line.json || !line.quiet) std::fputs(Summary(*loaded, line.json, "loaded", begun).c_str(), stdout);
  return {};
}

void PrintTable(const json::Value& table) {
  const auto number = [&](Bytes name) {
    const json::Value value = table.Find(name);
    return value.valid() && value.kind() == json::Kind::kInteger ? static_cast<uint64_t>(value.integer()) : 0;
  };
  const auto count = [&](Bytes name) {
    const json::Value value = table.Find(name);
    return value.valid() && value.is_array() ? value.size() : 0;
  };
  std::printf("%-40s  %-8s  %14s  %14s bytes  %s\n", std::string(client::TextOf(table, "TableName")).c_str(),
              std::string(client::TextOf(table, "TableStatus")).c_str(),
              Plural(number("ItemCount"), "item", "items").c_str(), client::Grouped(number("TableSizeBytes")).c_str(),
              Plural(count("GlobalSecondaryIndexes") + count("LocalSecondaryIndexes"), "index", "indexes").c_str());
}

Status RunTables(const Line& line, const client::Target& target) {
  client::Client client(target);
  const auto names = client::ListTables(client);
  if (!names.ok()) return names.error();
  std::string out = "{\"Tables\":[";
  json::Document document;
  for (const std::string& name : *names) {
    const auto description = client::DescribeTable(client, name);
    if (!description.ok()) {
      if (client::IsRemote(description.error(), "ResourceNotFoundException")) continue;  // dropped meanwhile
      return description.error();
    }
    const auto root = document.Parse(*description);
    const json::Value table = root.ok() && root->is_object() ? root->Find("Table") : json::Value();
    if (!table.valid() || !table.is_object()) return Fail(errors::kNotDynamoDb, target.endpoint.url, 200);
    if (!line.json) {
      PrintTable(table);
      continue;
    }
    if (!out.ends_with('[')) out.push_back(',');
    client::AppendJson(&out, table);
  }
  if (line.json) std::printf("%s]}\n", out.c_str());
  return {};
}

Status RunFunctions(const Line& line, const client::Target& target) {
  STATOR_TRY(const Duration since, ParseSpan(line.since));
  client::Client client(target);
  const Time now = Clock().Now();
  STATOR_TRY(const std::vector<FunctionRow> rows, ReadFunctions(client, now, since));
  std::fputs(line.json ? FunctionsJson(rows).c_str() : FunctionsTable(rows, now).c_str(), stdout);
  return {};
}

Status RunLogs(const Line& line, const client::Target& target) {
  constexpr Duration kPause = std::chrono::milliseconds(500);
  STATOR_TRY(const Duration since, ParseSpan(line.since));
  client::Client client(target);
  const std::string group = GroupOfFunction(line.function);
  LogTail tail(client, {group, line.filter, line.json}, (Clock().Now() + -since).millis());
  const auto print = [](Bytes lines) {
    std::fwrite(lines.data(), 1, lines.size(), stdout);
    std::fflush(stdout);
  };
  bool waiting = false;
  while (true) {
    Status read = tail.Read(print);
    const bool missing = !read.ok() && client::IsRemote(read.error(), "ResourceNotFoundException");
    if (missing && !line.follow) return Fail(errors::kNoSuchLogGroup, group, target.endpoint.url);
    if (!read.ok() && !missing) return read;
    if (missing && !waiting && !line.quiet)
      std::fprintf(stderr, "stator: waiting for the first lines of %s\n", group.c_str());
    waiting = missing;
    // Whoever read the lines has gone.
    if (!line.follow || std::ferror(stdout)) return {};
    client.Pause(kPause);
  }
}

class CommandLine {
 public:
  CommandLine() {
    app_.name("stator");
    app_.description("Commands of stator that talk to a running server.");
    app_.footer(kFooter);
    app_.require_subcommand(1);

    CLI::App* dump = Command("dump", "write tables and their items as JSON lines");
    dump->add_option("TABLE,--table", line_.tables, "tables to dump (default: all)");
    dump->add_option("-o,--output", line_.file, "file to write (default: standard output)");
    dump->add_option("--segments", line_.connections, "connections that read at once")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    dump->callback([this] { line_.run = &RunDump; });

    CLI::App* load = Command("load", "create the tables of a dump and put their items");
    load->add_option("FILE", line_.file, "dump to read; - or nothing: standard input");
    load->add_option("TABLE", line_.tables, "tables of the dump to load (default: all)");
    load->add_option("--into", line_.into, "load into this table, whatever the dump calls it");
    load->add_option("--from-line", line_.from_line, "go on at this line: items before it are loaded already")
        ->capture_default_str();
    load->add_option("--threads", line_.connections, "connections that write at once")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    load->callback([this] { line_.run = &RunLoad; });

    CLI::App* tables = Command("tables", "print all tables with state, items and size");
    tables->callback([this] { line_.run = &RunTables; });

    CLI::App* functions = Command("functions", "print all functions with their figures");
    functions->add_option("--since", line_.since, "figures of this long: 90s, 10m, 2h, 7d")->default_val("1h");
    functions->callback([this] { line_.run = &RunFunctions; });

    CLI::App* logs = Command("logs", "print what a function logged");
    logs->add_option("FUNCTION", line_.function, "function, or a log group: a name with a slash")->required();
    logs->add_option("--since", line_.since, "lines of this long: 90s, 10m, 2h, 7d")->default_val("10m");
    logs->add_flag("-f,--follow", line_.follow, "go on with lines as they come, until Ctrl-C");
    logs->add_option("--filter", line_.filter, "filter pattern: ERROR, \"two words\", ?a ?b, { $.level = \"x\" }");
    logs->callback([this] { line_.run = &RunLogs; });

    pools_.emplace([this](const char* name, const char* what) { return Command(name, what); },
                   [this](PoolCommands::Run run) { line_.run = RunOf(std::move(run)); });
  }

  CLI::App& app() { return app_; }
  Line& line() { return line_; }

 private:
  std::function<Status(const Line&, const client::Target&)> RunOf(PoolCommands::Run run) {
    line_.wish.service = line_.wish.aws ? "cognito-idp" : line_.wish.service;
    return [run = std::move(run)](const Line& line, const client::Target& target) {
      client::Client client(target);
      return run(client, {line.json, line.quiet});
    };
  }

  CLI::App* Command(const char* name, const char* what) {
    CLI::App* command = app_.add_subcommand(name, what);
    command->add_option("--endpoint,--endpoint-url", line_.wish.endpoint_url, "server to talk to, http://HOST:PORT");
    command->add_flag("--aws", line_.wish.aws, "talk to DynamoDB on AWS");
    command->add_option("--region", line_.wish.region, "AWS region");
    command->add_option("--profile", line_.wish.profile, "profile of ~/.aws to use");
    command->add_flag("--json", line_.json, "print the summary as JSON, and errors as JSON on stderr");
    command->add_flag("-q,--quiet", line_.quiet, "no progress bar, no summary unless --json");
    command->footer(kFooter);
    return command;
  }

  CLI::App app_;
  Line line_;
  std::optional<PoolCommands> pools_;
};

int Complain(bool as_json, const Error& error) {
  const std::string line = client::Complaint("stator", client::ErrorName(error), error.text, as_json);
  std::fprintf(stderr, "%s\n", line.c_str());
  return kFailed;
}

int Main(int argc, char** argv) {
  CommandLine command_line;
  try {
    command_line.app().parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return command_line.app().exit(error);
    std::fprintf(stderr, "stator: %s\nsee `stator --help` or `stator COMMAND --help`\n", error.what());
    return kUsage;
  }
  const Line& line = command_line.line();
  const auto target = client::Connect(line.wish, client::RealSurroundings());
  if (!target.ok()) return Complain(line.json, target.error());
  const Status status = line.run(line, *target);
  return status.ok() ? 0 : Complain(line.json, status.error());
}

}  // namespace
}  // namespace stator::cli

int main(int argc, char** argv) { return stator::cli::Main(argc, argv); }
