// Replies that go on, through real loopback sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/server_fixture.h"

namespace stator::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class FlowTest : public ServerTest {
 protected:
  void SetUp() override {
    handler_.on_flow = [this](std::shared_ptr<Outflow> flow) {
      begun_.set_value(Begun{std::move(flow), Lane::Current()});
    };
    StartServer();
  }
  // Begins a reply that goes on.
  void Begin(Client* client, Bytes body = "") {
    client->Send(Post("/flow", body));
    Begun begun = begun_.get_future().get();
    flow_ = std::move(begun.flow);
    lane_ = begun.lane;
  }
  // On the flow's lane.
  bool Send(std::string piece) {
    std::promise<bool> sent;
    lane_->Post([&] { sent.set_value(flow_->Send(piece)); });
    return sent.get_future().get();
  }
  void OnLane(Callback<> what) {
    std::promise<void> done;
    lane_->Post([&] {
      what();
      done.set_value();
    });
    done.get_future().wait();
  }
  // Everything up to the end of the connection.
  static std::string Rest(Client* client) {
    while (client->Fill()) {
    }
    return client->Take();
  }

  struct Begun {
    std::shared_ptr<Outflow> flow;
    Lane* lane = nullptr;
  };
  std::promise<Begun> begun_;
  std::shared_ptr<Outflow> flow_;
  Lane* lane_ = nullptr;
};

TEST_F(FlowTest, SendsPiecesAsChunksUntilTheEnd) {
  Client client(port());
  Begin(&client, "first");
  EXPECT_TRUE(Send("second piece"));
  EXPECT_TRUE(Send(""));
  OnLane([this] { flow_->End(); });
  EXPECT_FALSE(Send("too late"));
  const std::string all = Rest(&client);
  EXPECT_THAT(all, HasSubstr("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(all, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(all.substr(all.find("\r\n\r\n") + 4), "5\r\nfirst\r\nc\r\nsecond piece\r\n0\r\n\r\n");
}

TEST_F(FlowTest, EndsWithTheConnectionInHttp10) {
  Client client(port());
  client.Send("GET /flow HTTP/1.0\r\n\r\n");
  Begun begun = begun_.get_future().get();
  flow_ = std::move(begun.flow);
  lane_ = begun.lane;
  EXPECT_TRUE(Send("plain"));
  OnLane([this] { flow_.reset(); });  // dropping it is an end as well
  const std::string all = Rest(&client);
  EXPECT_THAT(all, Not(HasSubstr("chunked")));
  EXPECT_EQ(all.substr(all.find("\r\n\r\n") + 4), "plain");
}

TEST_F(FlowTest, TellsThatTheClientHasGone) {
  Client client(port());
  Begin(&client);
  EXPECT_TRUE(AwaitConnections(1));
  client.Close();
  EXPECT_TRUE(AwaitConnections(0));
  EXPECT_FALSE(Send("nobody there"));
}

TEST_F(FlowTest, LetsAClientGoThatDoesNotKeepUp) {
  Client client(port(), "127.0.0.1", 4096);
  Begin(&client);
  bool alive = true;
  for (int i = 0; i < 10'000 && alive; ++i) alive = Send(std::string(10'000, 'x'));
  EXPECT_FALSE(alive);
  EXPECT_TRUE(AwaitConnections(0));
}

TEST_F(FlowTest, TakesNoFurtherRequests) {
  Client client(port());
  client.Send(Post("/flow", "") + Post("/echo", "never answered"));
  Begun begun = begun_.get_future().get();
  flow_ = std::move(begun.flow);
  lane_ = begun.lane;
  OnLane([this] { flow_->End(); });
  EXPECT_THAT(Rest(&client), Not(HasSubstr("never answered")));
  EXPECT_EQ(handler_.handled, 1);
}

TEST_F(FlowTest, EndsWithTheServer) {
  Client client(port());
  Begin(&client);
  EXPECT_TRUE(Send("x"));
  Stop(milliseconds(kPatienceMillis)).wait();
  EXPECT_THAT(Rest(&client), HasSubstr("1\r\nx\r\n0\r\n\r\n"));
  EXPECT_FALSE(Send("y"));
  lanes_.StopAndJoin();
  listener_.reset();
}

}  // namespace
}  // namespace stator::http
