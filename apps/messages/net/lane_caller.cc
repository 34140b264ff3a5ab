#include <vector>

#include "base/pause.h"
#include "client/exchange.h"
#include "errors/client.h"
#include "http/dial.h"
#include "http/host.h"
#include "net/caller.h"
#include "net/link.h"
#include "net/turns.h"

namespace stator::messages {
namespace {

constexpr int kMostLinks = 128;
constexpr int kDefaultPort = 80;

std::string HeadOf(const client::HttpRequest& request, const client::Endpoint& endpoint) {
  std::string head;
  head.reserve(1024);
  head.append(request.method).append(" ").append(endpoint.path).append(" HTTP/1.1\r\n");
  for (const auto& [name, value] : request.headers) head.append(name).append(": ").append(value).append("\r\n");
  head.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n\r\n");
  return head;
}

class LaneCaller final : public Caller {
 public:
  LaneCaller(client::Target target, Lane& lane)
      : target_(std::move(target)), lane_(lane), turns_(kMostLinks, lane), random_(ThreadRandom().Next()) {}

  Task<Result<std::string>> Call(std::string operation, std::string body) override {
    client::ServiceCall call;
    call.target = std::move(operation);
    call.body = body;
    for (int failures = 0;; ++failures) {
      auto answer = co_await Attempt(call);
      if (answer.ok() || failures + 1 >= kAttempts || !client::WorthRetrying(answer.error())) co_return answer;
      Pause pause(lane_, client::Backoff(failures, random_));
      co_await pause;
    }
  }

 private:
  Task<Result<std::string>> Attempt(const client::ServiceCall& call) {
    STATOR_CO_TRY(const sigv4::Credentials credentials, target_.credentials->Get());
    const client::HttpRequest request = client::SignedRequest(target_, call, credentials, Clock().Now());
    auto turn = turns_.Enter();
    co_await turn;
    auto sent = co_await Send(request);
    turns_.Leave();
    if (!sent.ok()) co_return std::move(sent).error();
    client::HttpReply reply = std::move(sent).value();
    if (reply.status < 200 || reply.status > 299) co_return client::ErrorIn(reply, target_.endpoint.url);
    co_return std::move(reply.body);
  }

  Task<Result<client::HttpReply>> Send(const client::HttpRequest& request) {
    const std::string head = HeadOf(request, target_.endpoint);
    while (true) {
      std::unique_ptr<Link> link = TakeIdle();
      const bool used_before = link != nullptr;
      if (!link) {
        auto connected = co_await Connect();
        if (!connected.ok()) co_return std::move(connected).error();
        link = std::move(connected).value();
      }
      auto exchange = link->Exchange(head, request.body, kCallLimit);
      const Link::End end = co_await exchange;
      if (end == Link::End::kTimeout) co_return Fail(errors::kCallTimedOut, target_.endpoint.url);
      if (end == Link::End::kDone) {
        client::HttpReply reply = std::move(link->reply());
        if (link->reusable()) idle_.push_back(std::move(link));
        co_return reply;
      }
      // An idle connection may have been closed in the moment in which it was taken.
      if (!used_before || link->heard()) co_return Fail(errors::kConnectionLost, target_.endpoint.url);
    }
  }

  std::unique_ptr<Link> TakeIdle() {
    while (!idle_.empty()) {
      std::unique_ptr<Link> link = std::move(idle_.back());
      idle_.pop_back();
      if (link->reusable()) return link;
    }
    return nullptr;
  }

  Task<Result<std::unique_ptr<Link>>> Connect() {
    const std::string& url = target_.endpoint.url;
    const auto place = http::ParseAuthority(target_.endpoint.authority, kDefaultPort);
    if (!place) co_return Fail(errors::kBadEndpoint, url);
    http::Dialed dialed = co_await dialer_.Dial(place->host, place->port, lane_, kConnectLimit);
    switch (dialed.outcome) {
      case http::Dialed::Outcome::kDone:
        co_return std::make_unique<Link>(std::move(dialed.socket), lane_);
      case http::Dialed::Outcome::kUnknownHost:
        co_return Fail(errors::kNoSuchHost, url);
      case http::Dialed::Outcome::kTimeout:
        co_return Fail(errors::kCallTimedOut, url);
      default:
        co_return Fail(errors::kCannotConnect, url, dialed.reason);
    }
  }

  const client::Target target_;
  Lane& lane_;
  http::Dialer dialer_;
  Turns turns_;
  Random random_;
  std::vector<std::unique_ptr<Link>> idle_;  // the last used at the end
};

}  // namespace

std::unique_ptr<Caller> NewLaneCaller(client::Target target, Lane& lane) {
  return std::make_unique<LaneCaller>(std::move(target), lane);
}

std::unique_ptr<Caller> NewCaller(client::Target target, Lane& lane, WorkerPool& workers) {
  if (target.endpoint.url.starts_with("http://")) return NewLaneCaller(std::move(target), lane);
  return NewWorkerCaller(std::move(target), lane, workers);
}

}  // namespace stator::messages
