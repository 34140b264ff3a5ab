// Connections through real loopback sockets: framing, order, refusals, time-outs, bodies that are compressed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "base/random.h"
#include "http/compress.h"
#include "http/server_fixture.h"

namespace stator::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ConnectionTest : public ServerTest {};

TEST_F(ConnectionTest, AnswersOneRequestAfterTheOther) {
  StartServer();
  Client client(port());
  for (int i = 0; i < 3; ++i) {
    client.Send(Post("/echo", "body " + std::to_string(i)));
    const Answer answer = client.Receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "body " + std::to_string(i));
    EXPECT_THAT(answer.head, StartsWith("HTTP/1.1 200 OK\r\nServer: Stator\r\nDate: "));
    EXPECT_THAT(answer.head, HasSubstr("GMT\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n"));
    EXPECT_THAT(answer.head, Not(HasSubstr("Connection:")));
  }
  EXPECT_EQ(listener_->figures().requests, 3u);
  EXPECT_EQ(listener_->figures().connections, 1u);
}

TEST_F(ConnectionTest, AnswersPipelinedRequestsInOrder) {
  StartServer();
  Client client(port());
  std::string all;
  for (int i = 0; i < 200; ++i)
    all += i % 50 == 7 ? Post("/wait", std::to_string(i)) : Post("/echo", std::to_string(i));
  client.Send(all);
  for (int i = 0; i < 200; ++i) {
    if (i % 50 == 7) {
      handler_.gate.AwaitArrival();
      handler_.gate.Open();
    }
    const Answer answer = client.Receive();
    ASSERT_EQ(answer.status, 200);
    ASSERT_EQ(answer.body, (i % 50 == 7 ? "waited " : "") + std::to_string(i));
  }
}

TEST_F(ConnectionTest, SendsEarlierAnswersWhileALaterRequestIsHandled) {
  StartServer();
  Client client(port());
  client.Send(Post("/echo", "first") + Post("/wait", "second"));
  EXPECT_EQ(client.Receive().body, "first");
  handler_.gate.AwaitArrival();
  handler_.gate.Open();
  EXPECT_EQ(client.Receive().body, "waited second");
}

TEST_F(ConnectionTest, RepliesDoNotHangOnHowRequestsAreCut) {
  StartServer();
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (int round = 0; round < 30; ++round) {
    std::string wire;
    std::vector<std::string> expected;
    for (int i = 0; i < 10; ++i) {
      std::string body(random.Below(3) ? random.Below(50) : random.Below(100'000), 'a');
      for (char& c : body) c = static_cast<char>(random.Next());
      if (random.Below(2)) {
        wire += Post("/echo", body);
      } else {
        wire += "PUT /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (Bytes left = body; !left.empty();) {
          const Bytes chunk = left.substr(0, random.Below(20'000) + 1);
          char size[20];
          std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
          wire.append(size).append(chunk).append("\r\n");
          left.remove_prefix(chunk.size());
        }
        wire += "0\r\nTrailer: x\r\n\r\n";
      }
      expected.push_back(std::move(body));
    }
    Client client(port());
    std::thread sender([&client, wire, cut = random.Next()] {
      Random cuts(cut);
      for (Bytes left = wire; !left.empty();) {
        const Bytes piece = left.substr(0, cuts.Below(cuts.Below(4) ? 40'000 : 20) + 1);
        client.Send(piece);
        left.remove_prefix(piece.size());
      }
    });
    for (const std::string& body : expected) {
      const Answer answer = client.Receive();
      EXPECT_EQ(answer.status, 200);
      EXPECT_EQ(answer.body, body);
    }
    sender.join();
  }
}

TEST_F(ConnectionTest, ContinuesOnlyWhatIsAdmitted) {
  StartServer();
  Client client(port());
  const std::string expect = "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n";
  client.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\n" + expect);
  EXPECT_EQ(client.Receive().status, 100);
  client.Send("body");
  EXPECT_EQ(client.Receive().body, "body");
  // Sent along with the head: no need to ask for it.
  client.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\n" + expect + "more");
  EXPECT_EQ(client.Receive().body, "more");

  client.Send("POST /deny HTTP/1.1\r\nHost: localhost\r\n" + expect);
  const Answer denied = client.Receive();
  EXPECT_EQ(denied.status, 403);
  EXPECT_THAT(denied.head, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(client.AtEnd());
  EXPECT_EQ(handler_.handled, 2);
}

TEST_F(ConnectionTest, RefusedRequestWithoutBodyKeepsTheConnection) {
  StartServer();
  Client client(port());
  client.Send(Get("/deny") + Post("/deny", "in the same packet") + Get("/echo"));
  EXPECT_EQ(client.Receive().status, 403);
  EXPECT_EQ(client.Receive().status, 403);
  EXPECT_EQ(client.Receive().status, 200);
}

TEST_F(ConnectionTest, HostilePagesAreRefusedBeforeTheirBody) {
  StartServer();
  Client client(port());
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 403);
  EXPECT_EQ(handler_.handled, 0);
  Client rebound(port());
  rebound.Send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  EXPECT_EQ(rebound.Receive().status, 403);
}

TEST_F(ConnectionTest, RefusesMalformedRequestsAndCloses) {
  StartServer();
  const std::pair<std::string, int> cases[] = {
      {"NONSENSE\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz", 400},
      {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", 413},
      {"GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n\r\n", 414},
      {"GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n", 431},
  };
  for (const auto& [request, status] : cases) {
    Client client(port());
    client.Send(request);
    const Answer answer = client.Receive();
    EXPECT_EQ(answer.status, status) << request.substr(0, 60);
    EXPECT_THAT(answer.head, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(answer.body, StartsWith("refused: "));
    EXPECT_TRUE(client.AtEnd());
  }
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(ConnectionTest, EndlessBodyIsRefusedAndTheAnswerArrives) {
  options_.limits.body_bytes = 100'000;
  StartServer();
  Client client(port());
  client.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  std::thread sender([&] {
    while (client.Send(chunk)) {
    }
  });
  EXPECT_EQ(client.Receive().status, 413);
  sender.join();  // the server has closed
}

TEST_F(ConnectionTest, SlowRequestsAreCutOff) {
  options_.limits.head_time = milliseconds(150);
  options_.limits.transfer_time = milliseconds(150);
  options_.limits.idle_time = milliseconds(1500);  // longer than a busy machine needs for the sending
  StartServer();
  Client head(port());
  Client body(port());
  Client chunked(port());
  Client silent(port());
  Client idle(port());
  head.Send("GET / HTTP/1.1\r\nHost: local");
  body.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nabc");
  chunked.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
  idle.Send(Get("/echo"));
  EXPECT_EQ(idle.Receive().status, 200);
  for (Client* client : {&head, &body, &chunked}) {
    EXPECT_EQ(client->Receive().status, 408);
    EXPECT_TRUE(client->AtEnd());
  }
  EXPECT_TRUE(silent.AtEnd());
  EXPECT_TRUE(idle.AtEnd());
  EXPECT_TRUE(AwaitConnections(0));
}

TEST_F(ConnectionTest, DrippingAHeadDoesNotExtendItsTime) {
  options_.limits.head_time = milliseconds(300);
  StartServer();
  Client client(port());
  client.Send("GET / HTTP/1.1\r\nX: ");
  const auto begin = MonotonicNow();
  pollfd waiting{client.fd(), POLLIN, 0};
  while (poll(&waiting, 1, 20) == 0 && MonotonicNow() - begin < milliseconds(kPatienceMillis)) client.Send("x");
  EXPECT_EQ(client.Receive().status, 408);
}

TEST_F(ConnectionTest, AnswersAClientThatHasFinishedSending) {
  StartServer();
  Client client(port());
  client.Send(Post("/echo", "one") + Post("/wait", "two") + Post("/echo", "three"));
  client.FinishWriting();
  handler_.gate.AwaitArrival();
  handler_.gate.Open();
  EXPECT_EQ(client.Receive().body, "one");
  EXPECT_EQ(client.Receive().body, "waited two");
  EXPECT_EQ(client.Receive().body, "three");
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(ConnectionTest, SurvivesAClientThatLeavesWhileItsRequestIsHandled) {
  StartServer();
  {
    Client client(port());
    client.Send(Post("/wait", std::string(50'000, 'x')));
    handler_.gate.AwaitArrival();
    const linger hard{1, 0};
    setsockopt(client.fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  handler_.gate.Open();
  EXPECT_TRUE(AwaitConnections(0));
  EXPECT_EQ(listener_->figures().buffered_bytes, 0u);
}

TEST_F(ConnectionTest, ClosesWhenAskedTo) {
  StartServer();
  const std::string cases[] = {"GET /echo HTTP/1.0\r\n\r\n", Get("/echo", "Connection: close\r\n"), Get("/close")};
  for (const std::string& request : cases) {
    Client client(port());
    client.Send(request);
    const Answer answer = client.Receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.head, HasSubstr("Connection: close\r\n"));
    EXPECT_TRUE(client.AtEnd());
  }
  Client old(port());
  for (int i = 0; i < 2; ++i) {
    old.Send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(old.Receive().head, HasSubstr("Connection: keep-alive\r\n"));
  }
  // What follows a request that closes is not answered, and does not cost the answer.
  Client more(port());
  more.Send(Get("/close") + Get("/echo") + std::string(10'000, 'x'));
  EXPECT_EQ(more.Receive().status, 200);
  EXPECT_TRUE(more.AtEnd());
}

std::string Gzip(const std::string& text) { return Compress(Coding::kGzip, text); }

TEST_F(ConnectionTest, InflatesRequests) {
  StartServer();
  Client client(port());
  const std::string text(5000, 'x');
  client.Send(Post("/echo", Gzip(text), "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(client.Receive().body, text);
  client.Send(Post("/echo", "not gzip", "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(client.Receive().status, 500);
  client.Send(Post("/echo", "x", "Content-Encoding: br\r\n"));
  EXPECT_EQ(client.Receive().status, 500);
  client.Send(Post("/echo", "plain", "Content-Encoding: identity\r\n"));
  EXPECT_EQ(client.Receive().body, "plain");
  client.Send(Post("/echo", Gzip(std::string(options_.limits.body_bytes + 1, 'x')), "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(client.Receive().status, 413);
  client.Send(Get("/echo"));
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(listener_->figures().buffered_bytes, 0u);
}

TEST_F(ConnectionTest, ABodyMayBeAsLargeAsTheLimitAndNoLarger) {
  options_.limits.body_bytes = 1000;
  StartServer();
  Client client(port());
  const std::string text(1000, 'x');
  client.Send(Post("/echo", text));
  EXPECT_EQ(client.Receive().body, text);
  client.Send(Post("/echo", Gzip(text), "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(client.Receive().body, text);
  client.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + text +
              "\r\n0\r\n\r\n");
  EXPECT_EQ(client.Receive().body, text);
  client.Send(Post("/echo", Gzip(text + "x"), "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(client.Receive().status, 413);
  client.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 413);
}

}  // namespace
}  // namespace stator::http
