// The program `stator`: serves, checks a folder, and hands every other command to stator-cli beside it.
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "base/log.h"
#include "server/check_command.h"
#include "server/config.h"
#include "server/server.h"

namespace stator::server {
namespace {

int Complain(const Error& error) {
  std::fprintf(stderr, "stator: %s\n", error.text.c_str());
  return 1;
}

// SIGTERM and SIGINT are taken by sigwait on the main thread; the others inherit the mask.
sigset_t BlockSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return set;
}

int Serve(const Config& config) {
  // Few arenas: each would keep freed memory of its own.
  mallopt(M_ARENA_MAX, 2);
  const sigset_t signals = BlockSignals();
  auto server = Server::Start(config);
  if (!server.ok()) return Complain(server.error());
  const std::string& host = config.hosts.front();
  const bool v6 = host.find(':') != std::string::npos;
  std::printf("stator: listening on %s://%s:%d\n", config.certificate_file.empty() ? "http" : "https",
              v6 ? ("[" + host + "]").c_str() : host.c_str(), (*server)->port());
  std::fflush(stdout);
  malloc_trim(0);  // what only the start needed
  int signal_number = 0;
  sigwait(&signals, &signal_number);
  if (const Status stopped = (*server)->Stop(); !stopped.ok()) return Complain(stopped.error());
  return 0;
}

// stator-cli stands beside this program, or in ../lib/stator of an installation.
int RunClient(char** argv) {
  char self[4096];
  const ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
  const std::string path(self, size > 0 ? static_cast<size_t>(size) : 0);
  const std::string folder = path.substr(0, path.rfind('/'));
  for (const char* place : {"/stator-cli", "/../lib/stator/stator-cli"}) {
    const std::string program = folder + place;
    if (access(program.c_str(), X_OK) != 0) continue;
    execv(program.c_str(), argv);
  }
  std::fprintf(stderr, "stator: cannot run stator-cli, which serves `stator %s`; it belongs beside %s\n", argv[1],
               path.c_str());
  return 1;
}

int Main(int argc, char** argv) {
  if (argc > 1 && IsClientCommand(argv[1])) return RunClient(argv);
  const Invocation invocation = ReadCommandLine(argc, argv);
  switch (invocation.action) {
    case Invocation::Action::kServe:
      return Serve(invocation.config);
    case Invocation::Action::kCheck:
      return CheckFolder(invocation.check, invocation.json);
    case Invocation::Action::kExit:
      return invocation.exit_code;
  }
  return 1;
}

}  // namespace
}  // namespace stator::server

int main(int argc, char** argv) { return stator::server::Main(argc, argv); }
