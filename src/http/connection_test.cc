// Connections, listener and TLS through real loopback sockets.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <coroutine>
#include <cstdio>
#include <future>
#include <mutex>
#include <thread>

#include "base/random.h"
#include "http/compress.h"
#include "http/cors.h"
#include "http/listener.h"

namespace stator::http {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int kPatienceMillis = 20'000;

// A door at which tasks wait until the test opens it.
class Gate {
 public:
  struct Waiting {
    Gate& gate;
    Lane& lane;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> task) {
      const std::lock_guard lock(gate.mutex_);
      gate.tasks_.emplace_back(task, &lane);
      gate.arrived_.notify_all();
    }
    void await_resume() const {}
  };
  Waiting Pass(Lane& lane) { return {*this, lane}; }
  void AwaitArrival(size_t count = 1) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return tasks_.size() >= count; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    for (auto& [task, lane] : tasks_) lane->Post([task = task] { task.resume(); });
    tasks_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::pair<std::coroutine_handle<>, Lane*>> tasks_;
};

class TestHandler final : public Handler {
 public:
  std::optional<Reply> Admit(const RequestHead& head) override {
    ++admitted;
    if (auto verdict = policy.Admit(head)) return verdict;
    if (head.path != "/deny") return std::nullopt;
    Reply reply;
    reply.status = 403;
    reply.body = "denied";
    return reply;
  }

  Task<Reply> Handle(const Request& request, Lane& lane) override {
    ++handled;
    Reply reply;
    reply.content_type = "text/plain";
    if (request.head.path == "/wait") {
      co_await gate.Pass(lane);
      reply.body = "waited ";
    }
    if (request.head.path == "/close") reply.close = true;
    if (request.head.path == "/big") reply.body.assign(std::stoul(std::string(request.head.query)), 'b');
    if (request.head.path == "/crc") reply.crc32 = reply.compress = true;
    if (request.head.path == "/who") {
      reply.body = std::string(request.head.peer) + (request.head.loopback_listener ? " loopback" : "") +
                   (request.head.tls ? " tls" : "");
    }
    if (request.head.path == "/split") reply.headers.emplace_back("X-Bad", "a\r\nInjected: yes");
    reply.body.append(request.body);
    co_return reply;
  }

  Reply Refuse(int status, Bytes reason) override {
    Reply reply;
    reply.status = status;
    reply.body = "refused: " + std::string(reason);
    return reply;
  }

  OriginPolicy policy;
  Gate gate;
  std::atomic<int> admitted{0};
  std::atomic<int> handled{0};
};

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

// A blocking client that gives up, failing the test, after a while.
class Client {
 public:
  explicit Client(int port, Bytes host = "127.0.0.1", int receive_buffer = 0) {
    const bool v6 = host.find(':') != Bytes::npos;
    fd_ = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const auto network_port = htons(static_cast<uint16_t>(port));
    sockaddr_in6 six{.sin6_family = AF_INET6, .sin6_port = network_port, .sin6_addr = in6addr_loopback};
    sockaddr_in four{.sin_family = AF_INET, .sin_port = network_port, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    connected_ = v6 ? connect(fd_, reinterpret_cast<sockaddr*>(&six), sizeof six) == 0
                    : connect(fd_, reinterpret_cast<sockaddr*>(&four), sizeof four) == 0;
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { Close(); }

  bool connected() const { return connected_; }
  int fd() const { return fd_; }
  void Close() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }
  void FinishWriting() { shutdown(fd_, SHUT_WR); }
  // False when the server has closed.
  bool Send(Bytes bytes) {
    while (!bytes.empty()) {
      const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }
  // More input; false at the end.
  bool Fill() {
    pollfd waiting{fd_, POLLIN, 0};
    if (poll(&waiting, 1, kPatienceMillis) != 1) {
      ADD_FAILURE() << "the server is silent";
      return false;
    }
    char buffer[65536];
    const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    input_.append(buffer, static_cast<size_t>(n));
    return true;
  }
  // The next reply; status 0 if the connection ended before it was whole.
  Answer Receive(bool has_body = true) {
    Answer answer;
    size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!Fill()) return answer;
    }
    answer.head = input_.substr(0, end + 2);
    input_.erase(0, end + 4);
    const size_t length_at = answer.head.find("Content-Length: ");
    size_t length = 0;
    if (has_body && length_at != std::string::npos) length = std::stoul(answer.head.substr(length_at + 16));
    while (input_.size() < length) {
      if (!Fill()) return answer;
    }
    answer.body = input_.substr(0, length);
    input_.erase(0, length);
    answer.status = std::stoi(answer.head.substr(9, 3));
    return answer;
  }
  // True when nothing is left and the server closes.
  bool AtEnd() {
    if (!input_.empty()) return false;
    while (Fill()) {
    }
    return input_.empty();
  }

 private:
  int fd_ = -1;
  bool connected_ = false;
  std::string input_;
};

std::string Post(Bytes path, Bytes body, Bytes more = "") {
  std::string request = "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more);
  request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  return request;
}
std::string Get(Bytes path, Bytes more = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) + "\r\n";
}

class ConnectionTest : public ::testing::Test {
 protected:
  ConnectionTest() {
    options_.hosts = {"127.0.0.1"};
    options_.limits.drain_time = milliseconds(300);
  }
  ~ConnectionTest() override { StopNow(); }

  void StartServer() {
    auto listener = Listener::Open(options_, lanes_, handler_);
    ASSERT_TRUE(listener.ok()) << listener.error().text;
    listener_ = std::move(listener).value();
    lanes_.Start();
  }
  std::future<void> Stop(milliseconds grace) {
    auto stopped = std::make_shared<std::promise<void>>();
    listener_->Stop(grace, [stopped] { stopped->set_value(); });
    return stopped->get_future();
  }
  void StopNow() {
    if (!listener_) return;
    handler_.gate.Open();
    Stop(milliseconds(0)).wait();
    lanes_.StopAndJoin();
    listener_.reset();
  }
  int port() const { return listener_->port(); }
  // Waits for the server's own account to come to `open`.
  bool AwaitConnections(uint64_t open) {
    const auto until = MonotonicNow() + milliseconds(kPatienceMillis);
    while (listener_->figures().connections != open) {
      if (MonotonicNow() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }

  TestHandler handler_;
  Lanes lanes_{2};
  ListenerOptions options_;
  std::unique_ptr<Listener> listener_;
};

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
  options_.limits.idle_time = milliseconds(300);
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

TEST_F(ConnectionTest, HeadHasNoBody) {
  StartServer();
  Client client(port());
  client.Send("HEAD /big?50000 HTTP/1.1\r\nHost: localhost\r\n\r\n" + Get("/echo"));
  const Answer head = client.Receive(false);
  EXPECT_EQ(head.status, 200);
  EXPECT_THAT(head.head, HasSubstr("Content-Length: 50000\r\n"));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST_F(ConnectionTest, HeadersCannotBeSplit) {
  StartServer();
  Client client(port());
  client.Send(Get("/split"));
  EXPECT_THAT(client.Receive().head, Not(HasSubstr("Injected")));
}

std::string Gzip(std::string text) {
  text.resize(std::max<size_t>(text.size(), 4096), ' ');
  EXPECT_EQ(CompressReply("gzip", &text), "gzip");
  return text;
}

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

TEST_F(ConnectionTest, ChecksumCoversWhatIsSent) {
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

TEST_F(ConnectionTest, LargeRepliesArriveWhole) {
  StartServer();
  Client client(port(), "127.0.0.1", 4096);
  client.Send(Get("/big?7000000") + Get("/big?20000") + Get("/echo"));
  EXPECT_EQ(client.Receive().body, std::string(7'000'000, 'b'));
  EXPECT_EQ(client.Receive().body, std::string(20'000, 'b'));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST_F(ConnectionTest, AClientThatDoesNotReadIsCutOff) {
  options_.limits.transfer_time = milliseconds(100);
  options_.limits.bytes_per_second = 100'000'000;
  StartServer();
  Client client(port(), "127.0.0.1", 4096);
  client.Send(Get("/big?15000000"));
  EXPECT_TRUE(AwaitConnections(1));
  EXPECT_TRUE(AwaitConnections(0));
}

TEST_F(ConnectionTest, BodiesInMemoryAreLimited) {
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

TEST_F(ConnectionTest, TheLongestWaitingMakesPlaceForANewOne) {
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

TEST_F(ConnectionTest, BusyConnectionsAreNotDrivenOut) {
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

TEST_F(ConnectionTest, ListensOnBothLoopbacks) {
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

TEST_F(ConnectionTest, SaysWhyItCannotListen) {
  StartServer();
  ListenerOptions same = options_;
  same.port = port();
  const auto taken = Listener::Open(same, lanes_, handler_);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().id, ErrorId::kHttpPortTaken);
  same.hosts = {"not an address"};
  EXPECT_EQ(Listener::Open(same, lanes_, handler_).error().id, ErrorId::kHttpAddress);
  same.hosts = {"192.0.2.1"};
  EXPECT_EQ(Listener::Open(same, lanes_, handler_).error().id, ErrorId::kHttpListen);
  same.hosts = {"127.0.0.1"};
  same.certificate_file = same.key_file = "/nonexistent";
  EXPECT_EQ(Listener::Open(same, lanes_, handler_).error().id, ErrorId::kHttpCertificate);
}

TEST_F(ConnectionTest, StopsGracefully) {
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

TEST_F(ConnectionTest, StopDoesNotWaitForEverForTheClient) {
  StartServer();
  Client half(port());
  half.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_TRUE(AwaitConnections(1));
  EXPECT_EQ(Stop(milliseconds(50)).wait_for(milliseconds(kPatienceMillis)), std::future_status::ready);
  EXPECT_EQ(half.Receive().status, 0);
  lanes_.StopAndJoin();
  listener_.reset();
}

// A certificate of this process's own, in files that go away with it.
class TlsTest : public ConnectionTest {
 protected:
  TlsTest() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    options_.certificate_file = ::testing::TempDir() + "/stator-http-" + NewUuid() + ".crt";
    options_.key_file = options_.certificate_file + ".key";
    FILE* out = std::fopen(options_.certificate_file.c_str(), "w");
    PEM_write_X509(out, certificate);
    std::fclose(out);
    out = std::fopen(options_.key_file.c_str(), "w");
    PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~TlsTest() override {
    std::remove(options_.certificate_file.c_str());
    std::remove(options_.key_file.c_str());
  }
};

TEST_F(TlsTest, SpeaksHttpOverTls) {
  StartServer();
  Client client(port());
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, client.fd());
  ASSERT_EQ(SSL_connect(ssl), 1);
  const unsigned char* protocol = nullptr;
  unsigned int protocol_size = 0;
  SSL_get0_alpn_selected(ssl, &protocol, &protocol_size);
  EXPECT_EQ(Bytes(reinterpret_cast<const char*>(protocol), protocol_size), "http/1.1");

  const std::string body(300'000, 'x');
  const std::string wire = Get("/who") + Post("/echo", body);
  EXPECT_EQ(SSL_write(ssl, wire.data(), static_cast<int>(wire.size())), static_cast<int>(wire.size()));
  std::string input;
  char buffer[16384];
  while (!input.ends_with(body)) {
    const int n = SSL_read(ssl, buffer, sizeof buffer);
    ASSERT_GT(n, 0);
    input.append(buffer, static_cast<size_t>(n));
  }
  EXPECT_THAT(input, HasSubstr("127.0.0.1 loopback tls"));
  SSL_free(ssl);
  SSL_CTX_free(context);
}

TEST_F(TlsTest, DropsWhatIsNotTls) {
  StartServer();
  Client client(port());
  client.Send(Get("/echo") + std::string(1000, 'x'));
  while (client.Fill()) {
  }
  EXPECT_TRUE(AwaitConnections(0));
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(TlsTest, ASilentHandshakeIsCutOff) {
  options_.limits.handshake_time = milliseconds(100);
  StartServer();
  Client client(port());
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(TlsTest, RefusesAKeyFileWithoutAKey) {
  ListenerOptions mixed = options_;
  mixed.key_file = options_.certificate_file;
  EXPECT_EQ(Listener::Open(mixed, lanes_, handler_).error().id, ErrorId::kHttpCertificate);
}

}  // namespace
}  // namespace stator::http
