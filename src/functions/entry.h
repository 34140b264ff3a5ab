// Everything the server keeps of one function: its versions, aliases and settings. Never changed; a change makes a new
// one. docs/formats/functions.md has the bytes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "functions/function.h"

namespace stator::functions {

struct Alias {
  std::string name;
  std::string version;  // "$LATEST", "1", ...
  std::string description;
  // RoutingConfig: a second version and the share of invocations it gets, 0 to 1.
  std::string second_version;
  double second_weight = 0;
  std::string revision_id;
};

// EventInvokeConfig of one qualifier.
struct EventInvoke {
  std::optional<int> max_retries;
  std::optional<int> max_age_seconds;
  std::string on_success, on_failure;  // destinations; empty: none
  Time last_modified;
};

// The resource policy of one qualifier: kept and shown; access rules are another matter.
struct Policy {
  std::vector<std::pair<std::string, std::string>> statements;  // id, JSON
  std::string revision_id;
};

struct Entry {
  FunctionRef latest;
  std::map<uint64_t, FunctionRef> versions;  // published ones, by number
  uint64_t next_version = 1;
  std::map<std::string, Alias> aliases;
  std::map<std::string, EventInvoke> event_invokes;  // by qualifier, "$LATEST" among them
  std::map<std::string, Policy> policies;            // by qualifier; "" is the function's own
  std::vector<std::pair<std::string, std::string>> tags;
  std::optional<int> reserved_concurrency;
  std::string recursive_loop = "Terminate";  // shown; loops are never refused

  const std::string& name() const { return latest->name; }
  const std::string& arn() const { return latest->arn; }
  // $LATEST (also for an empty qualifier), a number, or where an alias points, its second version left aside. Null:
  // there is none.
  FunctionRef Find(Bytes qualifier) const;
};
using EntryRef = std::shared_ptr<const Entry>;

}  // namespace stator::functions
