// The smallest server behind `http`: proves the seam, and measures what HTTP alone costs.
//
//   http_echo PORT [LANES]
//
// GET answers a fixed body of 300 bytes, POST its own body with its checksum.
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "http/listener.h"
#include "http/stop_listener.h"

namespace stator::http {
namespace {

class Echo final : public Handler {
 public:
  std::optional<Reply> Admit(const RequestHead&) override { return std::nullopt; }

  Task<Reply> Handle(const Request& request, Lane&) override {
    Reply reply;
    reply.content_type = "application/x-amz-json-1.0";
    reply.crc32 = true;
    reply.compress = true;
    if (request.head.method == "POST") {
      reply.body = request.body;
    } else {
      reply.body.assign(300, 'x');
    }
    co_return reply;
  }

  Reply Refuse(int status, Bytes reason) override {
    Reply reply;
    reply.status = status;
    reply.content_type = "text/plain";
    reply.body = reason;
    return reply;
  }
};

int Run(int port, int lane_count) {
  // Blocked before there are lanes, so that they inherit it and only sigwait sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Lanes lanes(lane_count);
  Echo echo;
  ListenerOptions options;
  options.port = port;
  auto listener = Listener::Open(options, lanes, echo);
  if (!listener.ok()) {
    std::fprintf(stderr, "http_echo: %s\n", listener.error().text.c_str());
    return 1;
  }
  lanes.Start();
  std::printf("http_echo: listening on http://127.0.0.1:%d\n", (*listener)->port());
  std::fflush(stdout);

  int signal = 0;
  sigwait(&signals, &signal);
  StopListener(**listener, std::chrono::seconds(5)).wait();
  lanes.StopAndJoin();
  return 0;
}

}  // namespace
}  // namespace stator::http

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 0;
  const int lanes = argc > 2 ? std::atoi(argv[2]) : static_cast<int>(std::thread::hardware_concurrency());
  return stator::http::Run(port, lanes > 0 ? lanes : 1);
}
