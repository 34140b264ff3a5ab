// A function made or brought up to date through the Lambda API; what is as it should be is left alone.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/client.h"
#include "errors/result.h"

namespace stator::messages {

struct FunctionSpec {
  std::string name;
  std::string description;
  bool cpp = true;   // else Python
  std::string code;  // its file; empty: the one that came with this program
  std::string role;  // ARN; empty: one that servers of one's own accept
  int timeout_seconds = 60;
  int memory_mb = 256;
  std::vector<std::pair<std::string, std::string>> environment;
};

struct FunctionState {
  std::string arn;
  std::string did;  // "created", "updated", "kept"
};

// Calls of the Lambda API.
class LambdaClient {
 public:
  // Waits at most so many seconds for each change to become active.
  LambdaClient(client::Target target, double wait_seconds)
      : client_(std::make_unique<client::Client>(std::move(target))), wait_seconds_(wait_seconds) {}

  Result<std::string> Call(const char* method, const std::string& path, const std::string& body = "",
                           const std::string& query = "");
  // Waits until it is active. Fails with kFileFailed when there is no code.
  Result<FunctionState> Ensure(const FunctionSpec&);
  // Looks until `settled` says true of the answer.
  Status AwaitSettled(const std::string& path, const std::string& what,
                      const std::function<bool(const std::string& answer)>& settled);

 private:
  Status Make(const FunctionSpec&, const std::string& zip);
  Result<bool> Update(const FunctionSpec&, const std::string& present, const std::string& zip);
  Status AwaitActive(const FunctionSpec&);

  std::unique_ptr<client::Client> client_;
  double wait_seconds_;
};

// One member's text of a JSON answer; empty if it has none.
std::string TextIn(const std::string& answer, Bytes name);
// For a query string.
std::string PercentEncoded(const std::string& text);

}  // namespace stator::messages
