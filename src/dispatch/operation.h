// An operation is a name, facts and a function. Everything that is the same for all of them (routing, signature,
// permission, admission, timing, request ids, error mapping) happens once, in dispatch/dispatcher.cc.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "dispatch/shape.h"
#include "errors/result.h"
#include "json/value.h"

namespace stator::dispatch {

// Who calls. Grows with access rules; today whatever the credential scope of the request says.
struct Principal {
  std::string access_key_id;
  std::string region;   // of the request's credential scope, or the server's
  std::string account;  // the server's account
};

// One call. Borrowed by the operation until its task is done.
struct Call {
  const Principal& principal;
  json::Value body;  // checked against the operation's shape
  Lane& lane;
  Time now;  // Clock::Now at arrival
};

// The reply's JSON.
using Answer = Result<std::string>;

struct Operation {
  std::string_view target_prefix;  // "DynamoDB_20120810"
  std::string_view name;           // "PutItem"
  const Shape* input;
  bool writes = false;  // changes data or tables
  std::function<Task<Answer>(const Call&)> run;
};

// All operations of all services. Filled at start, read-only afterwards.
class Registry {
 public:
  void Add(Operation operation);
  // `target`: "DynamoDB_20120810.PutItem"; null if there is none.
  const Operation* Find(std::string_view target) const;
  std::vector<const Operation*> All() const;

 private:
  std::map<std::string, Operation, std::less<>> operations_;
};

}  // namespace stator::dispatch
