// Child processes that are strangers: each leads a session and a process group of its own, is killed with the thread
// that began it, inherits nothing but its output, and may be kept from parts of the file system.
//
// Threads: Spawn blocks for about a millisecond, and the child dies with the calling thread (PR_SET_PDEATHSIG): call it
// on a worker that lives as long as the children may. The rest: any thread, one at a time for one Process.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace stator {

// Owns a file descriptor.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File() { Close(); }
  int fd() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void Close();

 private:
  int fd_ = -1;
};

// A pipe: the reading end never blocks the reader, the writing end is for a child. Not open: the system refuses.
struct Pipe {
  File reading;
  File writing;
};
Pipe MakePipe();

// What happened to a read that does not wait.
struct PipeRead {
  enum class Outcome { kDone, kNotNow, kEnded } outcome = Outcome::kEnded;
  size_t bytes = 0;
};
PipeRead ReadPipe(const File& pipe, char* to, size_t size);

// A change of what the child sees of the file system; done in order, in a mount namespace of its own.
struct Mount {
  enum class Kind : uint8_t {
    kEmpty,     // `to` becomes an empty folder in memory
    kFolder,    // makes the folder `to`; it may be there
    kFile,      // makes the empty file `to`; it may be there
    kShow,      // `from`, as it was before the first change, appears at `to`
    kShowOnly,  // the same, read-only
  };
  Kind kind = Kind::kEmpty;
  std::string to;
  std::string from;
};

struct SpawnRequest {
  std::string program;                   // a path
  std::vector<std::string> arguments;    // the program's own name first
  std::vector<std::string> environment;  // "NAME=value"
  std::string folder;                    // it begins there
  int output = -1;                       // becomes its standard output and error
  int open_files = 1024;                 // limit
  std::vector<Mount> mounts;             // empty: it sees what we see
};

// How a process ended.
struct ExitStatus {
  bool by_signal = false;
  int code = 0;  // the exit status, or the signal's number
};
// "exit status 1", "signal: killed".
std::string ToText(ExitStatus status);

class Process {
 public:
  Process() = default;
  Process(Process&&) noexcept = default;
  Process& operator=(Process&&) noexcept = default;

  int pid() const { return pid_; }
  // Readable when it has ended; for a Poller.
  int exit_fd() const { return exit_.fd(); }
  // SIGKILL to the whole group. REQUIRES: not yet reaped.
  void KillGroup();
  // Ends what is left of the group and takes the status. REQUIRES: it has ended, once.
  ExitStatus Reap();
  // The same, waiting for its end.
  ExitStatus WaitAndReap();

  // Resident memory in bytes: of the leader alone, cheap; and with its descendants. 0 when it is gone.
  int64_t LeaderMemory() const;
  int64_t GroupMemory() const;

 private:
  friend struct Spawner;
  int pid_ = -1;
  File exit_;
  File statm_;
};

struct Spawned {
  bool ok = false;
  Process process;
  const char* step = "";  // what failed: "mount", "execve", ...
  int error = 0;          // errno
};
Spawned Spawn(const SpawnRequest& request);

// Whether children may have a mount namespace of their own. Tries it once; blocks for some milliseconds.
bool CanIsolate();

}  // namespace stator
