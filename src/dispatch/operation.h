// An operation is a name, facts and a function. Everything that is the same for all of them (routing, signature,
// permission, admission, timing, request ids, error mapping) happens once, in dispatch/dispatcher.cc.
#pragma once

#include <atomic>
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
#include "json/writer.h"

namespace stator::dispatch {

// Who calls: what the request's credential scope says. Borrowed from the request. Grows with access rules.
struct Principal {
  Bytes access_key_id;
  Bytes region;   // of the credential scope, or the server's
  Bytes account;  // the server's account
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
  // Adds to an error reply what its detail carries; may be null.
  void (*write_detail)(const ErrorDetail& detail, json::Writer& out) = nullptr;
};

// What is counted for each operation; read by /_stator/metrics.
struct OperationCounters {
  std::atomic<uint64_t> calls{0};
  std::atomic<uint64_t> client_errors{0};
  std::atomic<uint64_t> server_errors{0};
  std::atomic<uint64_t> micros{0};  // from the parsed request to the reply, summed
};

struct RegisteredOperation {
  explicit RegisteredOperation(Operation op) : operation(std::move(op)) {}
  Operation operation;
  mutable OperationCounters counters;
};

// All operations of all services. Filled at start, read-only afterwards (but for the counters).
class Registry {
 public:
  void Add(Operation operation);
  // `target`: "DynamoDB_20120810.PutItem"; null if there is none.
  const RegisteredOperation* Find(Bytes target) const;
  const std::map<std::string, RegisteredOperation, std::less<>>& All() const { return operations_; }

 private:
  std::map<std::string, RegisteredOperation, std::less<>> operations_;
};

}  // namespace stator::dispatch
