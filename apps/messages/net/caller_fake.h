// A server that answers as a test says. Tests only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "client/exchange.h"
#include "net/caller.h"

namespace stator::messages {

class FakeCaller final : public Caller {
 public:
  using Answer = std::function<Result<std::string>(const std::string& operation, const std::string& body)>;

  Task<Result<std::string>> Call(std::string operation, std::string body) override {
    operation.erase(0, operation.find('.') + 1);
    calls.push_back(operation);
    bodies.push_back(body);
    co_return answer(operation, body);
  }

  Answer answer;
  std::vector<std::string> calls;
  std::vector<std::string> bodies;
};

// What a client makes of such a reply; `more`: further members of its body, each after a comma.
inline Error RemoteFault(const std::string& name, const std::string& more = "") {
  client::HttpReply reply;
  reply.status = 400;
  reply.body = R"({"__type":"com.amazonaws#)" + name + R"(","message":"no")" + more + "}";
  return client::ErrorIn(reply, "http://fake");
}

}  // namespace stator::messages
