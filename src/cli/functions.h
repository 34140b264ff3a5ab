// `stator functions`: the functions of a server and how they fare.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/client.h"
#include "errors/result.h"

namespace stator::cli {

struct FunctionRow {
  std::string name, runtime, state, log_group;
  double invocations = 0, errors = 0, throttles = 0;
  std::optional<double> average, p99;  // duration in milliseconds, if there were invocations
  std::optional<double> iterator_age;  // milliseconds, the greatest
  // Seconds since 1970: of the newest line of its log, or, if its log is not its own, the minute, long ago the hour.
  std::optional<int64_t> last_invoked;
};

// Over the last `since`.
Result<std::vector<FunctionRow>> ReadFunctions(client::Client& client, Time now, Duration since);

// A table for people, or one JSON object: {"Functions":[...]}.
std::string FunctionsTable(const std::vector<FunctionRow>& rows, Time now);
std::string FunctionsJson(const std::vector<FunctionRow>& rows);

}  // namespace stator::cli
