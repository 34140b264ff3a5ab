// A server with a scripted handler, and a blocking client, for the tests of connections, listener and TLS.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <coroutine>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/cors.h"
#include "http/listener.h"
#include "http/stop_listener.h"

namespace stator::http {

using std::chrono::milliseconds;

inline constexpr int kPatienceMillis = 20'000;

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

// What `/crc?size` answers.
inline std::string Text(size_t size) {
  std::string text;
  for (size_t i = 0; text.size() < size; ++i) text += std::to_string(i * i) + " ";
  text.resize(size);
  return text;
}

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
    if (request.head.path == "/crc") {
      reply.crc32 = reply.compress = true;
      if (!request.head.query.empty()) reply.body = Text(std::stoul(std::string(request.head.query)));
    }
    if (request.head.path == "/who") {
      reply.body = std::string(request.head.peer) + (request.head.loopback_listener ? " loopback" : "") +
                   (request.head.tls ? " tls" : "");
    }
    if (request.head.path == "/split") reply.headers.emplace_back("X-Bad", "a\r\nInjected: yes");
    if (request.head.path == "/flow") reply.go_on = on_flow;
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
  std::function<void(std::shared_ptr<Outflow>)> on_flow;  // of /flow; set before the server starts
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
  // Something has arrived, or the server has closed.
  bool Readable() const {
    pollfd ready{fd_, POLLIN, 0};
    return !input_.empty() || poll(&ready, 1, 0) == 1;
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
  // What has arrived and was not received.
  std::string Take() { return std::exchange(input_, {}); }
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

inline std::string Post(Bytes path, Bytes body, Bytes more = "") {
  std::string request = "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more);
  request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  return request;
}
inline std::string Get(Bytes path, Bytes more = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) + "\r\n";
}

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    options_.hosts = {"127.0.0.1"};
    options_.limits.drain_time = milliseconds(300);
  }
  ~ServerTest() override { StopNow(); }

  void StartServer() {
    auto listener = Listener::Open(options_, lanes_, handler_);
    ASSERT_TRUE(listener.ok()) << listener.error().text;
    listener_ = std::move(listener).value();
    lanes_.Start();
  }
  std::future<void> Stop(milliseconds grace) { return StopListener(*listener_, grace); }
  void StopNow() {
    if (!listener_) return;
    handler_.gate.Open();
    Stop(milliseconds(0)).wait();
    lanes_.StopAndJoin();
    listener_.reset();
  }
  int port() const { return listener_->port(); }
  // Waits until that many requests have reached the handler.
  bool AwaitHandled(int count) {
    const auto until = MonotonicNow() + milliseconds(kPatienceMillis);
    while (handler_.handled < count) {
      if (MonotonicNow() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }
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
  WorkerPool workers_{1};
  ListenerOptions options_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace stator::http
