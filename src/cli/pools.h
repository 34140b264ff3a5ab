// `stator pools`: the user pools of a server.
#pragma once

#include <string>
#include <vector>

#include "client/client.h"
#include "errors/result.h"

namespace stator::cli {

struct PoolRow {
  std::string id, name;
  int64_t users = 0;
  int64_t created = 0;  // seconds since 1970
  struct App {
    std::string id, name;
  };
  std::vector<App> apps;              // app clients
  std::vector<std::string> triggers;  // "PostConfirmation"
};

Result<std::vector<PoolRow>> ReadPools(client::Client& client);
// A table for people, or one JSON object: {"Pools":[...]}.
std::string PoolsTable(const std::vector<PoolRow>& rows, Time now);
std::string PoolsJson(const std::vector<PoolRow>& rows);

// The id of the pool that `wish` is the id or the name of; empty: the only one there is. kNoSuchPool, kWhichPool.
Result<std::string> FindPool(client::Client& client, const std::string& wish);

// Calls an operation of user pools.
Result<std::string> CallPools(client::Client& client, const std::string& operation, Bytes body);

}  // namespace stator::cli
