// Addresses, limits over all connections, and the graceful stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "errors/http.h"
#include "http/server_fixture.h"

namespace stator::http {
namespace {

using ::testing::HasSubstr;

class ListenerTest : public ServerTest {};

TEST_F(ListenerTest, BodiesInMemoryAreLimited) {
  options_.limits.buffered_bytes = 300'000;
  StartServer();
  Client first(port());
  first.Send(Post("/wait", std::string(200'000, 'x')));
  handler_.gate.AwaitArrival();
  Client second(port());
  second.Send(Post("/echo", std::string(200'000, 'x')));
  EXPECT_EQ(second.Receive().status, 503);
  handler_.gate.Open();
  EXPECT_EQ(first.Receive().status, 200);
  first.Send(Post("/echo", std::string(200'000, 'x')));
  EXPECT_EQ(first.Receive().status, 200);
}

TEST_F(ListenerTest, TheLongestWaitingMakesPlaceForANewOne) {
  options_.limits.connections = 4;
  StartServer();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<Client>(port()));
    clients.back()->Send(Get("/echo"));
    EXPECT_EQ(clients.back()->Receive().status, 200);
  }
  Client fifth(port());
  fifth.Send(Get("/echo"));
  EXPECT_EQ(fifth.Receive().status, 200);
  EXPECT_TRUE(clients[0]->AtEnd());
  clients[3]->Send(Get("/echo"));
  EXPECT_EQ(clients[3]->Receive().status, 200);
}

TEST_F(ListenerTest, BusyConnectionsAreNotDrivenOut) {
  options_.limits.connections = 2;
  StartServer();
  Client a(port());
  Client b(port());
  a.Send(Post("/wait", ""));
  handler_.gate.AwaitArrival();
  b.Send(Post("/wait", ""));
  handler_.gate.AwaitArrival(2);
  Client c(port());
  EXPECT_TRUE(c.AtEnd());
  handler_.gate.Open();
  EXPECT_EQ(b.Receive().status, 200);
  EXPECT_EQ(a.Receive().status, 200);
}

TEST_F(ListenerTest, ListensOnBothLoopbacks) {
  options_.hosts = {"127.0.0.1", "::1"};
  StartServer();
  Client four(port());
  four.Send(Get("/who"));
  EXPECT_EQ(four.Receive().body, "127.0.0.1 loopback");
  Client six(port(), "::1");
  if (!six.connected()) GTEST_SKIP() << "no IPv6 here";
  six.Send(Get("/who"));
  EXPECT_EQ(six.Receive().body, "::1 loopback");
}

TEST_F(ListenerTest, SaysWhyItCannotListen) {
  StartServer();
  ListenerOptions same = options_;
  same.port = port();
  const auto taken = Listener::Open(same, lanes_, handler_);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().id, errors::kHttpPortTaken);
  same.hosts = {"not an address"};
  EXPECT_EQ(Listener::Open(same, lanes_, handler_).error().id, errors::kHttpAddress);
  same.hosts = {"192.0.2.1"};
  EXPECT_EQ(Listener::Open(same, lanes_, handler_).error().id, errors::kHttpListen);
  same.hosts = {"127.0.0.1"};
  same.certificate_file = same.key_file = "/nonexistent";
  EXPECT_EQ(Listener::Open(same, lanes_, handler_).error().id, errors::kHttpCertificate);
}

TEST_F(ListenerTest, StopsGracefully) {
  StartServer();
  Client idle(port());
  idle.Send(Get("/echo"));
  EXPECT_EQ(idle.Receive().status, 200);
  Client busy(port());
  busy.Send(Post("/wait", "work"));
  handler_.gate.AwaitArrival();
  auto stopped = Stop(milliseconds(kPatienceMillis));
  EXPECT_TRUE(idle.AtEnd());
  EXPECT_FALSE(Client(port()).connected());
  EXPECT_EQ(stopped.wait_for(milliseconds(0)), std::future_status::timeout);
  handler_.gate.Open();
  const Answer answer = busy.Receive();
  EXPECT_EQ(answer.body, "waited work");
  EXPECT_THAT(answer.head, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(stopped.wait_for(milliseconds(kPatienceMillis)), std::future_status::ready);
  lanes_.StopAndJoin();
  listener_.reset();
}

TEST_F(ListenerTest, StopDoesNotWaitForEverForTheClient) {
  StartServer();
  Client half(port());
  half.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_TRUE(AwaitConnections(1));
  EXPECT_EQ(Stop(milliseconds(50)).wait_for(milliseconds(kPatienceMillis)), std::future_status::ready);
  EXPECT_EQ(half.Receive().status, 0);
  lanes_.StopAndJoin();
  listener_.reset();
}

}  // namespace
}  // namespace stator::http
