// A server for the tests of this folder.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "client/connect.h"
#include "client/testing_fakes.h"

namespace stator::cli {

// Keeps what it was asked, and answers with a function of it.
struct FakeServer {
  struct Asked {
    std::string what;  // the operation, or the path of a request that names none
    std::string body;
    std::string Text() const { return what + " " + body; }
  };

  client::FakeMachine machine;
  std::mutex mutex;
  std::vector<Asked> asked;
  std::function<client::HttpReply(const std::string& what, const std::string& body)> answer;
  client::Handler handler = [this](const client::HttpRequest& request) {
    std::string what = request.url.substr(request.url.find('/', 8));
    for (const auto& [name, value] : request.headers) {
      if (name == "X-Amz-Target") what = value.substr(value.find('.') + 1);
    }
    asked.push_back({what, std::string(request.body)});
    return answer(what, asked.back().body);
  };

  // Each as "WHAT BODY".
  std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    texts.reserve(asked.size());
    for (const Asked& each : asked) texts.push_back(each.Text());
    return texts;
  }

  std::unique_ptr<client::Client> Connect() {
    client::Effort effort;
    effort.attempts = 1;
    effort.sleep = [](Duration) {};
    return std::make_unique<client::Client>(*client::Connect({}, machine.Around()),
                                            std::make_unique<client::SharedTransport>(&handler, &mutex), effort);
  }
  std::unique_ptr<client::Client> Connect(
      std::function<client::HttpReply(const std::string& what, const std::string& body)> with) {
    answer = std::move(with);
    return Connect();
  }
};

}  // namespace stator::cli
