// Begins a process. The child shares our memory until it execs (CLONE_VM | CLONE_VFORK), so that spawning costs the
// same however large the server is; what runs in it makes system calls and nothing else. Everything it needs is laid
// out before. Tests: process_test.cc.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <memory>
#include <new>

#include "base/check.h"
#include "base/os/process.h"

namespace stator {
namespace {

constexpr size_t kChildStack = size_t{64} << 10;
constexpr int kCapSysPtrace = 19;
constexpr int kCapSysAdmin = 21;

// What the child needs, as plain pointers.
struct Plan {
  const SpawnRequest* request = nullptr;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::vector<int> sources;  // of mounts; filled by the child
  std::string id_map;        // "uid uid 1"; empty: no user namespace
  std::string group_map;
  pid_t parent = 0;
  struct Failure {
    const char* volatile step = nullptr;
    volatile int error = 0;
  };
  Failure* failure = nullptr;  // written by the child
};

// The thread sanitizer keeps an account of each thread where the thread is: a child on its parent's memory garbles it.
// There the child has a copy, and only its failure is shared.
#ifdef __SANITIZE_THREAD__
constexpr int kShareMemory = 0;
#else
constexpr int kShareMemory = CLONE_VM;
#endif

// A failure that the child can write whether it shares the rest of our memory or not.
class SharedFailure {
 public:
  SharedFailure()
      : at_(mmap(nullptr, sizeof(Plan::Failure), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    STATOR_CHECK(at_ != MAP_FAILED);
    new (at_) Plan::Failure();
  }
  ~SharedFailure() { munmap(at_, sizeof(Plan::Failure)); }
  SharedFailure(const SharedFailure&) = delete;
  SharedFailure& operator=(const SharedFailure&) = delete;
  Plan::Failure* get() const { return static_cast<Plan::Failure*>(at_); }

 private:
  void* const at_;
};

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

bool WriteTo(const char* path, const char* text, size_t size) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool ok = write(fd, text, size) == static_cast<ssize_t>(size);
  close(fd);
  return ok;
}

void Default(int signal_number) {
  struct sigaction action;
  std::memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  sigaction(signal_number, &action, nullptr);
}

// "/proc/self/fd/N"
void NameOf(int fd, char* to) {
  std::memcpy(to, "/proc/self/fd/", 14);
  *std::to_chars(to + 14, to + 30, fd).ptr = 0;
}

bool Show(int source, const char* to, bool only) {
  char name[32];
  NameOf(source, name);
  if (mount(name, to, nullptr, MS_BIND | MS_REC, nullptr) != 0) return false;
  if (!only) return true;
  // A user namespace may not take away what the mount already forbids.
  struct statvfs facts;
  unsigned long kept = 0;
  if (statvfs(to, &facts) == 0) {
    if (facts.f_flag & ST_NOSUID) kept |= MS_NOSUID;
    if (facts.f_flag & ST_NODEV) kept |= MS_NODEV;
    if (facts.f_flag & ST_NOEXEC) kept |= MS_NOEXEC;
    if (facts.f_flag & ST_NOATIME) kept |= MS_NOATIME;
    if (facts.f_flag & ST_RELATIME) kept |= MS_RELATIME;
  }
  return mount(nullptr, to, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | kept, nullptr) == 0;
}

bool Change(const Mount& change, int source) {
  const char* to = change.to.c_str();
  switch (change.kind) {
    case Mount::Kind::kEmpty:
      return mount("tmpfs", to, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755") == 0;
    case Mount::Kind::kFolder:
      return mkdir(to, 0755) == 0 || errno == EEXIST;
    case Mount::Kind::kFile: {
      const int fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
      if (fd >= 0) close(fd);
      return fd >= 0;
    }
    case Mount::Kind::kShow:
      return Show(source, to, false);
    case Mount::Kind::kShowOnly:
      return Show(source, to, true);
  }
  return false;
}

bool EnterNamespace(Plan& plan) {
  if (plan.id_map.empty()) return true;
  WriteTo("/proc/self/setgroups", "deny", 4);
  return WriteTo("/proc/self/uid_map", plan.id_map.data(), plan.id_map.size()) &&
         WriteTo("/proc/self/gid_map", plan.group_map.data(), plan.group_map.size());
}

bool ChangeMounts(Plan& plan) {
  const auto& mounts = plan.request->mounts;
  if (mounts.empty()) return true;
  if (!EnterNamespace(plan)) return false;
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  for (size_t i = 0; i < mounts.size(); ++i) {
    if (mounts[i].from.empty()) continue;
    plan.sources[i] = open(mounts[i].from.c_str(), O_PATH | O_CLOEXEC);
    if (plan.sources[i] < 0) return false;
  }
  for (size_t i = 0; i < mounts.size(); ++i) {
    if (!Change(mounts[i], plan.sources[i])) return false;
  }
  // What was hidden stays hidden, also from root.
  prctl(PR_CAPBSET_DROP, kCapSysAdmin, 0, 0, 0);
  prctl(PR_CAPBSET_DROP, kCapSysPtrace, 0, 0, 0);
  return true;
}

bool TakeOutput(int output) {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return nothing >= 0 && dup2(nothing, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2;
}

void Limit(int open_files) {
  const rlimit files{static_cast<rlim_t>(open_files), static_cast<rlim_t>(open_files)};
  setrlimit(RLIMIT_NOFILE, &files);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  setpriority(PRIO_PROCESS, 0, 0);
  WriteTo("/proc/self/oom_score_adj", "1000", 4);  // when memory is scarce, functions go first
}

// Gives the step that failed, or does not return.
const char* Become(Plan& plan) {
  const SpawnRequest& request = *plan.request;
  for (const int number : {SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGCHLD, SIGUSR1, SIGUSR2}) Default(number);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (setsid() < 0) return "setsid";
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != plan.parent) return "prctl";
  if (!ChangeMounts(plan)) return "mount";
  if (chdir(request.folder.c_str()) != 0) return "chdir";
  if (!TakeOutput(request.output)) return "dup2";
  Limit(request.open_files);
  if (syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) != 0) return "close_range";
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  execve(request.program.c_str(), plan.arguments.data(), plan.environment.data());
  return "execve";
}

int Child(void* argument) {
  Plan& plan = *static_cast<Plan*>(argument);
  const char* step = Become(plan);
  plan.failure->error = errno;
  plan.failure->step = step;
  _exit(127);
}

std::string IdMap(unsigned id) { return std::to_string(id) + " " + std::to_string(id) + " 1"; }

}  // namespace

struct Spawner {
  static Spawned Run(const SpawnRequest& request) {
    Plan plan;
    plan.request = &request;
    plan.arguments = Pointers(request.arguments);
    plan.environment = Pointers(request.environment);
    plan.sources.assign(request.mounts.size(), -1);
    plan.parent = getpid();
    const SharedFailure failure;
    plan.failure = failure.get();
    int flags = kShareMemory | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
    if (!request.mounts.empty()) {
      flags |= CLONE_NEWNS;
      if (geteuid() != 0) {
        flags |= CLONE_NEWUSER;
        plan.id_map = IdMap(geteuid());
        plan.group_map = IdMap(getegid());
      }
    }
    // No handler of ours may run in the child, whose memory is ours.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const auto stack = std::make_unique_for_overwrite<char[]>(kChildStack);
    char* top = stack.get() + kChildStack;
    top -= reinterpret_cast<uintptr_t>(top) % 16;
    int exit_fd = -1;
    const int pid = clone(Child, top, flags, &plan, &exit_fd);
    const int clone_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);

    Spawned spawned;
    if (pid < 0) {
      spawned.step = "clone";
      spawned.error = clone_error;
      return spawned;
    }
    spawned.process.pid_ = pid;
    spawned.process.exit_ = File(exit_fd);
    if (failure.get()->step) {
      spawned.step = failure.get()->step;
      spawned.error = failure.get()->error;
      spawned.process.WaitAndReap();
      return spawned;
    }
    spawned.process.statm_ = File(open(("/proc/" + std::to_string(pid) + "/statm").c_str(), O_RDONLY | O_CLOEXEC));
    spawned.ok = true;
    return spawned;
  }
};

Spawned Spawn(const SpawnRequest& request) { return Spawner::Run(request); }

bool CanIsolate() {
  static const bool can = [] {
    Pipe pipe = MakePipe();
    SpawnRequest request;
    request.program = "/bin/true";
    request.arguments = {"true"};
    request.folder = "/";
    request.output = pipe.writing.fd();
    request.mounts = {{Mount::Kind::kEmpty, "/mnt", ""}, {Mount::Kind::kShowOnly, "/mnt", "/usr"}};
    Spawned spawned = Spawn(request);
    if (!spawned.ok) return false;
    const ExitStatus status = spawned.process.WaitAndReap();
    return !status.by_signal && status.code == 0;
  }();
  return can;
}

}  // namespace stator
