// How a server is to run: flags over STATOR_* variables over the TOML file, all by the flags' names.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "errors/result.h"
#include "http/limits.h"

namespace stator::server {

struct Config {
  std::vector<std::string> hosts{"127.0.0.1", "::1"};
  int port = 8000;
  std::string data;  // folder; empty: in memory
  bool relaxed = false;
  std::string region = "us-east-1";
  std::string account = "000000000000";
  std::vector<std::string> allowed_origins;
  std::string apply;  // a JSON file of tables to create when missing
  bool test_controls = false;
  Duration state_delay{0};
  int stream_shards = 1;
  Duration stream_shard_age = std::chrono::hours(4);
  Duration ttl_interval = std::chrono::seconds(10);  // between looks for expired items
  int lanes = 0;                                     // 0: one for each core
  size_t cache_bytes = size_t{256} << 20;
  uint64_t log_bytes = uint64_t{1} << 30;  // of log events kept
  uint32_t log_retention_days = 30;        // of log groups without a retention of their own; 0: for ever
  std::string certificate_file, key_file;
  http::Limits limits;

  // Running functions (runtime/options.h).
  int function_processes = 0;
  int64_t function_memory_mb = 0;
  int function_idle_seconds = 600;
  bool function_isolation = true;
  // User pools: how tokens name their issuer, "aws", "local" or an address; whether wrong passwords lock.
  std::string issuer = "aws";
  bool lockout = true;
  // Between the attempts of an event source mapping: the first wait, doubled up to the longest (triggers/retry.h).
  Duration mapping_retry{500'000};
  Duration mapping_retry_cap{20'000'000};
};

// What the command line asks for.
struct Invocation {
  enum class Action { kServe, kCheck, kExit };
  Action action = Action::kExit;
  int exit_code = 0;  // kExit: help was printed, or the reason why not
  Config config;      // kServe
  std::string check;  // kCheck: the folder
  bool json = false;  // kCheck
};

// Reads the command line; prints help and mistakes itself. DynamoDB Local's flags (-port, -inMemory, ...) are
// understood.
Invocation ReadCommandLine(int argc, char** argv);

// Whether the command belongs to the companion program (stator-cli) that speaks to a running server.
bool IsClientCommand(const std::string& name);

}  // namespace stator::server
