// bench_signins: how many people sign in per second. It makes a pool with some users and signs them in over kept-alive
// connections, one thread each, by SRP (two requests) or with a password (one).
//
//   stator serve --port 8000 --data /tmp/bench & bench_signins --port 8000 --flow srp --connections 8 --seconds 5
//
// Prints one JSON object. SRP costs a client as much as the server: client_cpu_seconds says what it took here.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "signins/srp_client.h"

namespace signins {
namespace {

using Clock = std::chrono::steady_clock;
constexpr char kPassword[] = "Passw0rd!";

class Connection {
 public:
  explicit Connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) Die("cannot connect");
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The body of the answer, which must be a success.
  std::string Call(const std::string& operation, const std::string& body) {
    const std::string request =
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.1\r\n"
        "X-Amz-Target: AWSCognitoIdentityProviderService." +
        operation + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
      Die("cannot send");
    }
    std::string reply;
    size_t head = std::string::npos;
    size_t length = 0;
    while (head == std::string::npos || reply.size() < head + 4 + length) {
      char buffer[16384];
      const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
      if (got <= 0) Die("the connection was closed");
      reply.append(buffer, static_cast<size_t>(got));
      if (head == std::string::npos && (head = reply.find("\r\n\r\n")) != std::string::npos) {
        length = LengthOf(reply.substr(0, head));
      }
    }
    const std::string answer = reply.substr(head + 4);
    if (reply.compare(9, 3, "200") != 0) Die((operation + ": " + answer).c_str());
    return answer;
  }

  [[noreturn]] static void Die(const char* why) {
    std::fprintf(stderr, "bench_signins: %s\n", why);
    std::exit(1);
  }

 private:
  static size_t LengthOf(std::string head) {
    std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
    const size_t at = head.find("content-length:");
    return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 15, nullptr, 10);
  }

  int socket_;
};

// The string member of that name; the answers have no escapes in those that are asked for.
std::string Member(const std::string& json, const std::string& name) {
  const std::string mark = "\"" + name + "\":\"";
  const size_t at = json.find(mark);
  if (at == std::string::npos) return {};
  return json.substr(at + mark.size(), json.find('"', at + mark.size()) - at - mark.size());
}

struct Plan {
  int port = 8000;
  int connections = 8;
  int users = 100;
  double seconds = 5;
  bool srp = true;
};

struct World {
  std::string pool, client;
};

World MakeWorld(const Plan& plan) {
  Connection connection(plan.port);
  World world;
  world.pool = Member(connection.Call("CreateUserPool", R"({"PoolName":"bench"})"), "Id");
  const std::string pool = R"({"UserPoolId":")" + world.pool + "\"";
  world.client =
      Member(connection.Call(
                 "CreateUserPoolClient",
                 pool + R"(,"ClientName":"b","ExplicitAuthFlows":["ALLOW_USER_SRP_AUTH","ALLOW_USER_PASSWORD_AUTH"]})"),
             "ClientId");
  for (int i = 0; i < plan.users; ++i) {
    const std::string user = pool + R"(,"Username":"user)" + std::to_string(i) + "\"";
    connection.Call("AdminCreateUser", user + R"(,"MessageAction":"SUPPRESS"})");
    connection.Call("AdminSetUserPassword", user + R"(,"Permanent":true,"Password":")" + kPassword + "\"}");
  }
  return world;
}

void SignIn(Connection& connection, const World& world, const SrpClient& srp, const Plan& plan, int user) {
  const std::string name = "user" + std::to_string(user);
  const std::string client = R"({"ClientId":")" + world.client + "\",";
  if (!plan.srp) {
    connection.Call("InitiateAuth", client + R"("AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":")" +
                                        name + R"(","PASSWORD":")" + kPassword + "\"}}");
    return;
  }
  const std::string challenge =
      connection.Call("InitiateAuth", client + R"("AuthFlow":"USER_SRP_AUTH","AuthParameters":{"USERNAME":")" + name +
                                          R"(","SRP_A":")" + srp.public_a() + "\"}}");
  const std::string block = Member(challenge, "SECRET_BLOCK");
  const std::string time = SrpTime();
  const std::string signature =
      srp.Sign(name, kPassword, Member(challenge, "SALT"), Member(challenge, "SRP_B"), block, time);
  connection.Call("RespondToAuthChallenge",
                  client + R"("ChallengeName":"PASSWORD_VERIFIER","ChallengeResponses":{"USERNAME":")" + name +
                      R"(","PASSWORD_CLAIM_SECRET_BLOCK":")" + block + R"(","TIMESTAMP":")" + time +
                      R"(","PASSWORD_CLAIM_SIGNATURE":")" + signature + "\"}}");
}

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void Run(const Plan& plan) {
  const World world = MakeWorld(plan);
  std::mutex mutex;
  std::vector<double> millis;
  std::vector<std::thread> threads;
  std::atomic<int> next{0};
  const double cpu = CpuSeconds();
  const auto begun = Clock::now();
  const auto end = begun + std::chrono::duration<double>(plan.seconds);
  for (int i = 0; i < plan.connections; ++i) {
    threads.emplace_back([&] {
      Connection connection(plan.port);
      const SrpClient srp(world.pool.substr(world.pool.find('_') + 1));
      std::vector<double> own;
      while (Clock::now() < end) {
        const auto from = Clock::now();
        SignIn(connection, world, srp, plan, next++ % plan.users);
        own.push_back(std::chrono::duration<double, std::milli>(Clock::now() - from).count());
      }
      const std::lock_guard lock(mutex);
      millis.insert(millis.end(), own.begin(), own.end());
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  const double client_cpu = CpuSeconds() - cpu;
  if (millis.empty()) Connection::Die("nobody signed in");
  std::sort(millis.begin(), millis.end());
  std::printf(
      "{\"flow\":\"%s\",\"connections\":%d,\"sign_ins\":%zu,\"per_second\":%.0f,\"p50_ms\":%.1f,\"p99_ms\":%.1f,"
      "\"client_cpu_seconds\":%.1f,\"seconds\":%.1f}\n",
      plan.srp ? "srp" : "password", plan.connections, millis.size(), static_cast<double>(millis.size()) / seconds,
      millis[millis.size() / 2], millis[millis.size() * 99 / 100], client_cpu, seconds);
}

}  // namespace
}  // namespace signins

int main(int argc, char** argv) {
  signins::Plan plan;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    const char* value = argv[i + 1];
    if (flag == "--port") plan.port = std::atoi(value);
    if (flag == "--connections") plan.connections = std::max(1, std::atoi(value));
    if (flag == "--users") plan.users = std::max(1, std::atoi(value));
    if (flag == "--seconds") plan.seconds = std::atof(value);
    if (flag == "--flow") plan.srp = std::strcmp(value, "password") != 0;
  }
  signins::Run(plan);
  return 0;
}
