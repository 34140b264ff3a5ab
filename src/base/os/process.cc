// Processes that are there: their output, their end, their memory. How one begins is in spawn.cc.
#include "base/os/process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "base/check.h"

namespace stator {
namespace {

constexpr int kMaxDescendants = 512;

int64_t ResidentOf(int fd) {
  char text[128];
  const ssize_t size = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
  if (size <= 0) return 0;
  text[size] = 0;
  const char* second = std::strchr(text, ' ');
  return second ? std::strtoll(second, nullptr, 10) * sysconf(_SC_PAGESIZE) : 0;
}

// Appends the children of a process, those of its first thread: where interpreters begin theirs.
void AddChildren(int pid, std::vector<int>* found) {
  const std::string id = std::to_string(pid);
  const File list(open(("/proc/" + id + "/task/" + id + "/children").c_str(), O_RDONLY | O_CLOEXEC));
  char text[4096];
  const ssize_t size = list.open() ? read(list.fd(), text, sizeof text) : 0;
  const char* at = text;
  const char* const end = text + (size > 0 ? size : 0);
  while (at < end && found->size() < kMaxDescendants) {
    int child = 0;
    const auto [next, error] = std::from_chars(at, end, child);
    if (error != std::errc()) break;
    found->push_back(child);
    at = next + 1;
  }
}

const char* SignalName(int number) {
  // As Go names them, which is what AWS shows.
  switch (number) {
    case SIGHUP:
      return "hangup";
    case SIGINT:
      return "interrupt";
    case SIGQUIT:
      return "quit";
    case SIGILL:
      return "illegal instruction";
    case SIGTRAP:
      return "trace/breakpoint trap";
    case SIGABRT:
      return "aborted";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "floating point exception";
    case SIGKILL:
      return "killed";
    case SIGUSR1:
      return "user defined signal 1";
    case SIGSEGV:
      return "segmentation fault";
    case SIGUSR2:
      return "user defined signal 2";
    case SIGPIPE:
      return "broken pipe";
    case SIGALRM:
      return "alarm clock";
    case SIGTERM:
      return "terminated";
    default:
      return nullptr;
  }
}

}  // namespace

void File::Close() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

Pipe MakePipe() {
  int ends[2];
  Pipe pipe;
  if (pipe2(ends, O_CLOEXEC) != 0) return pipe;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  pipe.reading = File(ends[0]);
  pipe.writing = File(ends[1]);
  return pipe;
}

PipeRead ReadPipe(const File& pipe, char* to, size_t size) {
  while (true) {
    const ssize_t n = read(pipe.fd(), to, size);
    if (n > 0) return {PipeRead::Outcome::kDone, static_cast<size_t>(n)};
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {PipeRead::Outcome::kNotNow, 0};
    return {PipeRead::Outcome::kEnded, 0};
  }
}

std::string ToText(ExitStatus status) {
  if (!status.by_signal) return "exit status " + std::to_string(status.code);
  const char* name = SignalName(status.code);
  return "signal: " + (name ? std::string(name) : "signal " + std::to_string(status.code));
}

void Process::KillGroup() {
  if (pid_ > 0) kill(-pid_, SIGKILL);
}

// The leader is not reaped yet, so its number still names this group and no other.
ExitStatus Process::Reap() {
  STATOR_CHECK(pid_ > 0);
  KillGroup();
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  exit_.Close();
  statm_.Close();
  if (WIFSIGNALED(status)) return {true, WTERMSIG(status)};
  return {false, WEXITSTATUS(status)};
}

ExitStatus Process::WaitAndReap() {
  siginfo_t info;
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  return Reap();
}

int64_t Process::LeaderMemory() const { return ResidentOf(statm_.fd()); }

int64_t Process::GroupMemory() const {
  int64_t sum = LeaderMemory();
  std::vector<int> found;
  AddChildren(pid_, &found);
  for (size_t i = 0; i < found.size(); ++i) {
    const File statm(open(("/proc/" + std::to_string(found[i]) + "/statm").c_str(), O_RDONLY | O_CLOEXEC));
    sum += ResidentOf(statm.fd());
    AddChildren(found[i], &found);
  }
  return sum;
}

}  // namespace stator
