// Calls of AWS services from a lane: signed, tried again with jitter, given up after a while.
//
// What client::Client does for programs that may wait, this does for one that may not. To a server of one's own
// (http://) over kept-alive connections that live on the lane; to AWS (https://) by client::Client on worker threads.
//
// Threads: its lane.
#pragma once

#include <memory>
#include <string>

#include "base/lane.h"
#include "base/task.h"
#include "client/client.h"
#include "errors/result.h"

namespace stator::messages {

class Caller {
 public:
  virtual ~Caller() = default;
  // A JSON operation: "DynamoDB_20120810.Query" and its input. The answer's body, or an error of client::Client::Call.
  virtual Task<Result<std::string>> Call(std::string operation, std::string body) = 0;
};

// How hard a caller tries: somebody waits for the answer.
constexpr int kAttempts = 4;
constexpr Duration kCallLimit = std::chrono::seconds(10);  // one attempt
constexpr Duration kConnectLimit = std::chrono::seconds(3);

// REQUIRES: an http:// endpoint. No task of it is under way when it is destroyed.
std::unique_ptr<Caller> NewLaneCaller(client::Target target, Lane& lane);
// Any endpoint. `workers` outlives it.
std::unique_ptr<Caller> NewWorkerCaller(client::Target target, Lane& lane, WorkerPool& workers);
// The one that suits the endpoint.
std::unique_ptr<Caller> NewCaller(client::Target target, Lane& lane, WorkerPool& workers);

}  // namespace stator::messages
