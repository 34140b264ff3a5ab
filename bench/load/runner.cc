#include "load/runner.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "load/process.h"
#include "load/reply.h"

namespace load {
namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
  explicit Connection(Protocol protocol) : reader(protocol) {}
  ~Connection() {
    if (fd >= 0) close(fd);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd = -1;
  ReplyReader reader;
  Turns* turns = nullptr;
  size_t turn = 0;
  uint64_t number = 0;
  Clock::time_point began;
};

class Loop {
 public:
  Loop(const Plan& plan, Workload work) : plan_(plan), work_(std::move(work)), chance_(plan.seed) {}
  ~Loop() {
    if (epoll_ >= 0) close(epoll_);
  }

  Outcome Run();

 private:
  bool Connect();
  bool Open(Connection* connection);
  void Pump(uint64_t replies_wanted);
  void Send(Connection* connection);
  void Push(int fd, const std::string& bytes);
  void Receive(Connection* connection);
  void Count(Connection* connection);
  uint64_t Draw();
  uint64_t NextNumber();
  void Fail(const std::string& what) { outcome_.failure = what + ": " + std::strerror(errno); }

  const Plan& plan_;
  Workload work_;
  uint64_t chance_;
  uint64_t next_in_order_ = 0;
  int epoll_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> idle_;
  std::vector<char> buffer_ = std::vector<char>(1 << 18);
  uint64_t done_ = 0;
  uint64_t issued_ = 0;
  uint64_t allowed_ = 0;  // requests this phase may issue
  bool counting_ = false;
  Clock::time_point deadline_ = Clock::time_point::max();
  Outcome outcome_;
};

bool Loop::Open(Connection* connection) {
  connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(plan_.port));
  inet_pton(AF_INET, plan_.host.c_str(), &address.sin_addr);
  if (connect(connection->fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    Fail("cannot connect to " + plan_.host + ":" + std::to_string(plan_.port));
    return false;
  }
  const int on = 1;
  setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = connection;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, connection->fd, &event);
  return true;
}

bool Loop::Connect() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < plan_.connections; ++i) {
    auto connection = std::make_unique<Connection>(work_.protocol);
    if (!Open(connection.get())) return false;
    idle_.push_back(connection.get());
    connections_.push_back(std::move(connection));
  }
  return true;
}

uint64_t Loop::Draw() {
  // splitmix64
  uint64_t z = (chance_ += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

uint64_t Loop::NextNumber() {
  if (work_.in_order) return next_in_order_++ * work_.multiplier;
  return work_.range == 0 ? 0 : Draw() % work_.range;
}

void Loop::Send(Connection* connection) {
  if (connection->turn == 0) {
    connection->number = NextNumber();
    connection->turns = &work_.variants[Draw() % work_.variants.size()];
  }
  Template& request = (*connection->turns)[connection->turn];
  request.Fill(connection->number, work_.stride, plan_.items);
  connection->began = Clock::now();
  ++issued_;
  Push(connection->fd, request.bytes());
}

// The sockets block: a request is small, and the server reads it before it can answer. So a request is gone when Push
// returns, and all connections share the templates.
void Loop::Push(int fd, const std::string& bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return Fail("the server closed a connection");
    sent += static_cast<size_t>(n);
  }
}

void Loop::Count(Connection* connection) {
  ++done_;
  connection->turn = (connection->turn + 1) % connection->turns->size();
  const ReplyReader& reply = connection->reader;
  if (!reply.ok()) {
    ++outcome_.errors;
    if (outcome_.first_error.empty()) outcome_.first_error = reply.start();
  }
  if (!counting_) return;
  const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - connection->began).count();
  outcome_.latency.Add(static_cast<uint64_t>(took));
  ++outcome_.replies;
  outcome_.reply_bytes += reply.size();
}

void Loop::Receive(Connection* connection) {
  const ssize_t n = recv(connection->fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) return Fail("the server closed a connection");
  switch (connection->reader.Feed({buffer_.data(), static_cast<size_t>(n)})) {
    case ReplyReader::State::kMore:
      return;
    case ReplyReader::State::kBroken:
      outcome_.failure = "not a reply: " + connection->reader.start().substr(0, 300);
      return;
    case ReplyReader::State::kDone:
      break;
  }
  Count(connection);
  if (issued_ < allowed_ && Clock::now() < deadline_) {
    Send(connection);
  } else {
    idle_.push_back(connection);
  }
}

// Runs until `replies_wanted` requests were issued and answered, or the deadline passed and all are answered.
void Loop::Pump(uint64_t replies_wanted) {
  allowed_ = issued_ + replies_wanted;
  std::vector<Connection*> starting;
  starting.swap(idle_);
  for (Connection* connection : starting) {
    if (issued_ < allowed_) {
      Send(connection);
    } else {
      idle_.push_back(connection);
    }
  }
  std::array<epoll_event, 64> events;
  while (done_ < issued_ && outcome_.failure.empty()) {
    const int n = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 30'000);
    if (n == 0) outcome_.failure = "no reply for 30 seconds";
    for (int i = 0; i < n && outcome_.failure.empty(); ++i) {
      Receive(static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr));
    }
  }
}

Outcome Loop::Run() {
  if (!Connect()) return std::move(outcome_);
  if (plan_.warmup > 0) Pump(plan_.warmup);
  outcome_.errors = 0;
  counting_ = true;
  const double server_cpu = CpuSeconds(plan_.servers);
  const double client_cpu = OwnCpuSeconds();
  const Clock::time_point begin = Clock::now();
  if (plan_.seconds > 0) {
    deadline_ = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(plan_.seconds));
  }
  constexpr uint64_t kNoLimit = UINT64_MAX / 2;
  if (outcome_.failure.empty()) Pump(plan_.requests > 0 ? plan_.requests : kNoLimit);
  outcome_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  outcome_.client_cpu = OwnCpuSeconds() - client_cpu;
  outcome_.server_cpu = CpuSeconds(plan_.servers) - server_cpu;
  return std::move(outcome_);
}

}  // namespace

Outcome Run(const Plan& plan, Workload work) { return Loop(plan, std::move(work)).Run(); }

}  // namespace load
