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
#include "dispatch/routes.h"
#include "dispatch/shape.h"
#include "errors/result.h"
#include "http/message.h"
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
  json::Value body;  // checked against the operation's shape; a RestRoute's path and query parameters are members, too
  Lane& lane;
  Time now;  // Clock::Now at arrival
  // The request as it came, for headers and raw bodies, and what is sent with the answer: status, headers, type. Null
  // for calls in process.
  const http::Request* request = nullptr;
  http::Reply* reply = nullptr;
  Bytes blob;  // what stood at the member RestRoute::blob names: base64, not checked; `body` has "" in its place
};

// The reply's JSON.
using Answer = Result<std::string>;

// How the requests of an operation travel, and what its errors look like.
enum class Protocol : uint8_t {
  kJson10,  // X-Amz-Target; DynamoDB
  kJson11,  // X-Amz-Target; `__type` without a prefix
  kRest,    // method and path; the error's name in the header x-amzn-ErrorType
  kQuery,   // Action=... in a form and XML back, or X-Amz-Target and JSON as newer clients of these services do
};

// Where an operation of Protocol::kRest lives. Its request's JSON members, {Parameters} of the path and parameters of
// the query (found without regard to the case of their first letter) become one object, which is checked against
// `input`. A request without a body is one without members.
struct RestRoute {
  std::string_view method;  // "PUT"
  std::string_view path;    // "/2015-03-31/functions/{FunctionName}/code"; a slash at the end does not matter
  int success = 200;
  bool raw_body = false;  // the body is a payload: not parsed, and the answer is sent as it is
  // The largest body, in bytes; a request that announces a larger one is refused before it is read. 0: what
  // http::Limits say. `limit_name`: what the refusal calls the operation, if not by its name.
  size_t body_limit = 0;
  std::string_view limit_name = {};
  // A member whose string may be large: it is not parsed with the others, but given as it stands in Call::blob.
  std::string_view blob = {};
};

// How an operation of Protocol::kQuery is asked for in a form.
struct QueryFacts {
  std::string_view version;       // "2010-08-01": tells services apart that have operations of one name
  std::string_view xml_space;     // "http://monitoring.amazonaws.com/doc/2010-08-01/"
  const Shape* output = nullptr;  // of the answer; null: it says nothing
};

// How far an operation goes beside the state of its members; docs/operations.md says so.
struct Support {
  enum class Level : uint8_t {
    kServed,       // does what AWS's does
    kPartly,       // does, or answers truthfully, what can be without a feature that is not there
    kUnavailable,  // answers with the error that AWS has for what is not there
  };
  Level level = Level::kServed;
  std::string_view remark = {};  // in a sentence or two: what is not there, what is answered
};

struct Operation {
  std::string_view target_prefix;  // "DynamoDB_20120810"; of kRest, the service's name: "Lambda"
  std::string_view name;           // "PutItem"
  const Shape* input;
  bool writes = false;  // changes data or tables
  std::function<Task<Answer>(const Call&)> run;
  // Adds to an error reply what its detail carries; may be null.
  void (*write_detail)(const ErrorDetail& detail, json::Writer& out) = nullptr;
  Protocol protocol = Protocol::kJson10;
  RestRoute route = {};   // of kRest
  QueryFacts query = {};  // of kQuery
  // What the service calls a request that does not fit its shape.
  ErrorType invalid = ErrorType::ValidationException;
  Support support = {};

  // DynamoDB words constraints as its framework of 2026 does; the others as the older one.
  Wording wording() const { return protocol == Protocol::kJson10 ? Wording::kFirst : Wording::kAllWithValues; }
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
  // The operation of kQuery by its name and its service's version; null if there is none.
  const RegisteredOperation* FindAction(Bytes action, Bytes version) const;
  // The operation of kRest behind a method and a path; its `operation` is null if there is none.
  RouteMatch FindRoute(Bytes method, Bytes path) const { return routes_.Find(method, path); }
  const std::map<std::string, RegisteredOperation, std::less<>>& All() const { return operations_; }

 private:
  std::map<std::string, RegisteredOperation, std::less<>> operations_;
  Routes routes_;
};

}  // namespace stator::dispatch
