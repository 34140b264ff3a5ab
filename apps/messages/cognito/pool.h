// Calls of a Cognito user pool, as the commands need them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "client/client.h"
#include "errors/result.h"
#include "session.h"

namespace stator::messages {

struct PoolUser {
  std::string username;
  std::string handle;  // preferred_username; may be empty
  std::string sub;
};

class PoolClient {
 public:
  static Result<PoolClient> Open(const Session&);

  // The JSON answer. Errors of the service as Client::Call gives them; a server without user pools says so.
  Result<std::string> Call(const char* operation, const std::string& body);
  // All users of the pool, page by page. Fails with what to do about it when there is no pool of that id.
  Result<std::vector<PoolUser>> ListUsers(const std::string& pool);

  const std::string& url() const { return client_->target().endpoint.url; }

 private:
  explicit PoolClient(client::Target target) : client_(std::make_unique<client::Client>(std::move(target))) {}

  std::unique_ptr<client::Client> client_;
};

}  // namespace stator::messages
