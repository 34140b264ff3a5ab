// A machine and a network of a test's own.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "client/client.h"
#include "client/surroundings.h"
#include "errors/client.h"

namespace stator::client {

struct FakeMachine {
  std::map<std::string, std::string> env;
  std::map<std::string, std::string> files;
  std::function<Result<HttpReply>(const HttpRequest&)> http = [](const HttpRequest& request) -> Result<HttpReply> {
    return Fail(errors::kNothingAnswers, request.url);
  };
  Time now{1'795'168'800'000'000};  // 2026-11-20T10:00:00Z

  Surroundings Around() {
    const auto look = [](const std::map<std::string, std::string>& in, const std::string& key) {
      const auto found = in.find(key);
      return found == in.end() ? std::nullopt : std::optional(found->second);
    };
    return {[this, look](const std::string& name) { return look(env, name); },
            [this, look](const std::string& path) { return look(files, path); },
            [this](const HttpRequest& request) { return http(request); }, [this] { return now; }};
  }
};

struct Sent {
  std::string url;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  std::string Header(const std::string& name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return "";
  }
};

// Answers from a list, in order, and remembers what was asked. The last answer repeats.
class FakeTransport : public Transport {
 public:
  explicit FakeTransport(std::deque<Result<HttpReply>> answers, std::vector<Sent>* sent)
      : answers_(std::move(answers)), sent_(*sent) {}
  Result<HttpReply> Send(const HttpRequest& request) override {
    sent_.push_back({request.url, std::string(request.body), request.headers});
    Result<HttpReply> answer = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    return answer;
  }

 private:
  std::deque<Result<HttpReply>> answers_;
  std::vector<Sent>& sent_;
};

inline HttpReply Answer(int status, std::string body) { return {status, {}, std::move(body)}; }

using Handler = std::function<HttpReply(const HttpRequest&)>;

// Several connections' requests come to one handler, one at a time.
class SharedTransport : public Transport {
 public:
  SharedTransport(Handler* handler, std::mutex* mutex) : handler_(*handler), mutex_(*mutex) {}
  Result<HttpReply> Send(const HttpRequest& request) override {
    const std::lock_guard lock(mutex_);
    return handler_(request);
  }

 private:
  Handler& handler_;
  std::mutex& mutex_;
};

}  // namespace stator::client
