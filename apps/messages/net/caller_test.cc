// Calls over real loopback sockets, to a server that is told what to do.
#include "net/caller.h"

#include <gtest/gtest.h>

#include <future>

#include "base/os/socket.h"
#include "base/run_on.h"
#include "client/connect.h"
#include "http/listener.h"
#include "http/stop_listener.h"

namespace stator::messages {
namespace {

// Answers with the next of what it was told; the last again and again.
class Scripted final : public http::Handler {
 public:
  std::optional<http::Reply> Admit(const http::RequestHead&) override { return std::nullopt; }
  Task<http::Reply> Handle(const http::Request& request, Lane&) override {
    targets.push_back(std::string(request.head.Find("x-amz-target")));
    authorized = authorized && request.head.Find("authorization").starts_with("AWS4-HMAC-SHA256 Credential=");
    http::Reply reply = replies[std::min(targets.size(), replies.size()) - 1];
    if (reply.body == "echo") reply.body = request.body;
    co_return reply;
  }
  http::Reply Refuse(int status, Bytes) override {
    http::Reply reply;
    reply.status = status;
    return reply;
  }

  std::vector<http::Reply> replies;
  std::vector<std::string> targets;
  bool authorized = true;
};

http::Reply ReplyWith(int status, std::string body, bool close = false) {
  http::Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.close = close;
  return reply;
}

// The parameter: over the lane's own connections, or by workers.
class CallerTest : public ::testing::TestWithParam<bool> {
 protected:
  void Begin(std::vector<http::Reply> replies) {
    server_.replies = std::move(replies);
    http::ListenerOptions options;
    options.hosts = {"127.0.0.1"};
    auto listener = http::Listener::Open(options, lanes_, server_);
    ASSERT_TRUE(listener.ok());
    listener_ = std::move(listener).value();
    Connect(listener_->port());
    lanes_.Start();
  }
  void Connect(int port) {
    client::Surroundings around;
    around.env = [](const std::string&) { return std::nullopt; };
    around.file = [](const std::string&) { return std::nullopt; };
    around.now = [] { return Clock().Now(); };
    client::Wish wish;
    wish.endpoint_url = "http://127.0.0.1:" + std::to_string(port);
    auto target = client::Connect(wish, around);
    ASSERT_TRUE(target.ok()) << target.error().text;
    caller_ = GetParam() ? NewLaneCaller(*target, lanes_.at(0)) : NewWorkerCaller(*target, lanes_.at(0), workers_);
  }
  ~CallerTest() override {
    if (listener_) http::StopListener(*listener_, Duration(0)).wait();
    lanes_.StopAndJoin();
  }

  Result<std::string> Call(const std::string& body) {
    return RunOn(lanes_.at(0), [&](Lane&) { return caller_->Call("DynamoDB_20120810.Query", body); });
  }

  Lanes lanes_{1};
  WorkerPool workers_{2};
  Scripted server_;
  std::unique_ptr<http::Listener> listener_;
  std::unique_ptr<Caller> caller_;
};

TEST_P(CallerTest, CallsOverOneConnection) {
  Begin({ReplyWith(200, "echo")});
  for (int i = 0; i < 20; ++i) {
    const auto answer = Call("{\"n\":" + std::to_string(i) + "}");
    ASSERT_TRUE(answer.ok()) << answer.error().text;
    EXPECT_EQ(*answer, "{\"n\":" + std::to_string(i) + "}");
  }
  EXPECT_EQ(server_.targets.front(), "DynamoDB_20120810.Query");
  EXPECT_TRUE(server_.authorized);
  EXPECT_EQ(listener_->figures().accepted, 1u);
}

TEST_P(CallerTest, ManyAtOnceAllGetTheirAnswers) {
  Begin({ReplyWith(200, "echo")});
  constexpr int kCalls = 500;
  std::atomic<int> left{kCalls};
  std::atomic<int> right{0};
  std::promise<void> done;
  lanes_.at(0).Post([&] {
    for (int i = 0; i < kCalls; ++i) {
      const std::string body = std::to_string(i);
      Start(caller_->Call("DynamoDB_20120810.Query", body), [&, body](Result<std::string> answer) {
        if (answer.ok() && *answer == body) ++right;
        if (--left == 0) done.set_value();
      });
    }
  });
  done.get_future().wait();
  EXPECT_EQ(right, kCalls);
  EXPECT_LE(listener_->figures().accepted, 128u);
}

TEST_P(CallerTest, LargeAnswersArriveWhole) {
  Begin({ReplyWith(200, std::string(3'000'000, 'x'))});
  const auto answer = Call("{}");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->size(), 3'000'000u);
}

TEST_P(CallerTest, TriesAgainAfterFaultsOfTheServer) {
  Begin({ReplyWith(500, R"({"__type":"x#InternalServerError"})"), ReplyWith(503, ""), ReplyWith(200, "{}")});
  const auto answer = Call("{}");
  ASSERT_TRUE(answer.ok()) << answer.error().text;
  EXPECT_EQ(server_.targets.size(), 3u);
}

TEST_P(CallerTest, GivesUpAfterAFewTries) {
  Begin({ReplyWith(500, R"({"__type":"x#InternalServerError","message":"no"})")});
  const auto answer = Call("{}");
  ASSERT_FALSE(answer.ok());
  EXPECT_TRUE(client::IsRemote(answer.error(), "InternalServerError"));
  EXPECT_EQ(server_.targets.size(), static_cast<size_t>(kAttempts));
}

TEST_P(CallerTest, TellsWhatTheServiceSays) {
  Begin(
      {ReplyWith(400, R"({"__type":"x#ConditionalCheckFailedException","message":"The conditional request failed"})")});
  const auto answer = Call("{}");
  ASSERT_FALSE(answer.ok());
  EXPECT_TRUE(client::IsRemote(answer.error(), "ConditionalCheckFailedException"));
  EXPECT_EQ(server_.targets.size(), 1u);
}

TEST_P(CallerTest, GoesOnWhenAConnectionWasClosed) {
  Begin({ReplyWith(200, "{}", true)});
  for (int i = 0; i < 5; ++i) {
    const auto answer = Call("{}");
    ASSERT_TRUE(answer.ok()) << answer.error().text;
  }
  EXPECT_EQ(listener_->figures().accepted, 5u);
}

TEST_P(CallerTest, SaysThatNobodyIsThere) {
  Listening taken = ListenOn("127.0.0.1", 0, 1);
  Connect(taken.port);
  taken.socket.Close();
  lanes_.Start();
  const auto answer = Call("{}");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(client::AsRemote(answer.error()), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Both, CallerTest, ::testing::Bool(),
                         [](const auto& parameter) { return parameter.param ? "Lane" : "Workers"; });

}  // namespace
}  // namespace stator::messages
