// What becomes of replies, through real loopback sockets: heads, checksums, compression, slow readers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "http/compress.h"
#include "http/server_fixture.h"

namespace stator::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ConnectionReplyTest : public ServerTest {
 protected:
  // The worker, who compresses large replies, does nothing until `released_` is set.
  void StartServerWithHeldWorker() {
    workers_.Post([held = released_.get_future()] { held.wait(); });
    options_.workers = &workers_;
    StartServer();
  }

  std::promise<void> released_;
};

TEST_F(ConnectionReplyTest, HeadHasNoBody) {
  StartServer();
  Client client(port());
  client.Send("HEAD /big?50000 HTTP/1.1\r\nHost: localhost\r\n\r\n" + Get("/echo"));
  const Answer head = client.Receive(false);
  EXPECT_EQ(head.status, 200);
  EXPECT_THAT(head.head, HasSubstr("Content-Length: 50000\r\n"));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST_F(ConnectionReplyTest, HeadersCannotBeSplit) {
  StartServer();
  Client client(port());
  client.Send(Get("/split"));
  EXPECT_THAT(client.Receive().head, Not(HasSubstr("Injected")));
}

TEST_F(ConnectionReplyTest, ChecksumCoversWhatIsSent) {
  StartServer();
  Client client(port());
  const std::string text(5000, 'x');
  for (Bytes accept : {"", "Accept-Encoding: gzip\r\n", "Accept-Encoding: deflate\r\n"}) {
    client.Send(Post("/crc", text, accept));
    const Answer answer = client.Receive();
    EXPECT_THAT(answer.head, HasSubstr("x-amz-crc32: " + std::to_string(Crc32(answer.body)) + "\r\n"));
    if (accept.empty()) {
      EXPECT_EQ(answer.body, text);
      EXPECT_THAT(answer.head, Not(HasSubstr("Content-Encoding")));
      continue;
    }
    const Bytes coding = accept.substr(17, accept.size() - 19);
    EXPECT_THAT(answer.head, HasSubstr("Content-Encoding: " + std::string(coding) + "\r\n"));
    std::string inflated;
    EXPECT_EQ(Inflate(coding, answer.body, 10'000, &inflated), Inflated::kDone);
    EXPECT_EQ(inflated, text);
  }
}

// Whatever arrives while the worker is held was not waiting for the large reply.
TEST_F(ConnectionReplyTest, ALargeReplyIsCompressedElsewhere) {
  StartServerWithHeldWorker();
  constexpr size_t kSize = size_t{16} << 20;
  Client large(port());
  Client neighbour(port());
  Client of_the_same_lane(port());
  large.Send(Get("/crc?" + std::to_string(kSize), "Accept-Encoding: gzip\r\n") + Post("/echo", "the next"));
  ASSERT_TRUE(AwaitHandled(1));
  for (Client* client : {&neighbour, &of_the_same_lane}) {
    client->Send(Post("/echo", "small"));
    EXPECT_EQ(client->Receive().body, "small");
  }
  EXPECT_FALSE(large.Readable());
  EXPECT_EQ(listener_->figures().buffered_bytes, kSize);
  released_.set_value();

  const Answer answer = large.Receive();
  EXPECT_THAT(answer.head, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_THAT(answer.head, HasSubstr("x-amz-crc32: " + std::to_string(Crc32(answer.body)) + "\r\n"));
  std::string inflated;
  EXPECT_EQ(Inflate("gzip", answer.body, kSize, &inflated), Inflated::kDone);
  EXPECT_TRUE(inflated == Text(kSize));
  EXPECT_EQ(large.Receive().body, "the next");
  EXPECT_EQ(listener_->figures().buffered_bytes, 0u);
}

TEST_F(ConnectionReplyTest, ALargeReplyIsSentAsItIsWhenMemoryIsShort) {
  options_.workers = &workers_;
  options_.limits.buffered_bytes = 1'000'000;
  StartServer();
  Client client(port());
  client.Send(Get("/crc?2000000", "Accept-Encoding: gzip\r\n"));
  const Answer answer = client.Receive();
  EXPECT_TRUE(answer.body == Text(2'000'000));
  EXPECT_THAT(answer.head, HasSubstr("x-amz-crc32: " + std::to_string(Crc32(answer.body)) + "\r\n"));
  EXPECT_THAT(answer.head, Not(HasSubstr("Content-Encoding")));
}

TEST_F(ConnectionReplyTest, SurvivesAClientThatLeavesWhileItsReplyIsCompressed) {
  StartServerWithHeldWorker();
  {
    Client client(port());
    client.Send(Get("/crc?1000000", "Accept-Encoding: gzip\r\n"));
    ASSERT_TRUE(AwaitHandled(1));
  }
  released_.set_value();
  EXPECT_TRUE(AwaitConnections(0));
  EXPECT_EQ(listener_->figures().buffered_bytes, 0u);
}

TEST_F(ConnectionReplyTest, StopsWhileAReplyIsCompressed) {
  StartServerWithHeldWorker();
  Client client(port());
  client.Send(Get("/crc?1000000", "Accept-Encoding: gzip\r\n"));
  ASSERT_TRUE(AwaitHandled(1));
  const std::future<void> stopped = Stop(milliseconds(kPatienceMillis));
  released_.set_value();
  const Answer answer = client.Receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, HasSubstr("Connection: close\r\n"));
  stopped.wait();
  lanes_.StopAndJoin();
  listener_.reset();
}

TEST_F(ConnectionReplyTest, LargeRepliesArriveWhole) {
  StartServer();
  Client client(port(), "127.0.0.1", 4096);
  client.Send(Get("/big?7000000") + Get("/big?20000") + Get("/echo"));
  EXPECT_EQ(client.Receive().body, std::string(7'000'000, 'b'));
  EXPECT_EQ(client.Receive().body, std::string(20'000, 'b'));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST_F(ConnectionReplyTest, AClientThatDoesNotReadIsCutOff) {
  options_.limits.transfer_time = milliseconds(100);
  options_.limits.bytes_per_second = 100'000'000;
  StartServer();
  Client client(port(), "127.0.0.1", 4096);
  client.Send(Get("/big?15000000"));
  EXPECT_TRUE(AwaitHandled(1));
  EXPECT_TRUE(AwaitConnections(0));
}

}  // namespace
}  // namespace stator::http
