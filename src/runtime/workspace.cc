#include "runtime/workspace.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/random.h"
#include "errors/runtime.h"
#include "runtime/bootstraps.h"

namespace stator::runtime {
namespace {

namespace fs = std::filesystem;

constexpr char kParent[] = "/var/tmp";
constexpr int kMostFiles = 10'000;
constexpr int kDeepest = 32;

std::string Prefix() { return "stator-" + std::to_string(geteuid()) + "-"; }

bool Alive(int pid) { return kill(pid, 0) == 0 || errno == EPERM; }

// Folders of ours are named for the process that made them.
void RemoveLeftovers() {
  std::error_code error;
  const std::string prefix = Prefix();
  std::vector<fs::path> dead;
  for (fs::directory_iterator it(kParent, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(prefix)) continue;
    int pid = 0;
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), pid);
    if (pid > 0 && !Alive(pid)) dead.push_back(it->path());
  }
  for (const fs::path& path : dead) fs::remove_all(path, error);
}

bool Passed(const fs::path& name) { return name == "node_modules" || name == ".git" || name == "__pycache__"; }

uint64_t Mix(uint64_t hash, uint64_t value) {
  hash ^= value + 0x9e3779b97f4a7c15 + (hash << 6) + (hash >> 2);
  return hash * 0xff51afd7ed558ccd;
}

}  // namespace

Result<std::unique_ptr<Workspace>> Workspace::Open(const std::string& folder) {
  std::string path = folder;
  if (path.empty()) {
    RemoveLeftovers();
    static std::atomic<int> count{0};
    path = std::string(kParent) + "/" + Prefix() + std::to_string(getpid()) + "-" + std::to_string(count++);
  }
  auto workspace = std::unique_ptr<Workspace>(new Workspace(path));
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  for (const char* part : {"/runtime", "/tmp"}) {
    if (!error) fs::create_directories(path + part, error);
  }
  if (error) return Fail(errors::kRuntimeFolder, path, error.message());
  STATOR_OK(workspace->WriteBootstraps());
  return workspace;
}

Workspace::~Workspace() {
  std::error_code error;
  fs::remove_all(folder_, error);
}

Status Workspace::WriteBootstraps() {
  for (const BootstrapFile& file : BootstrapFiles()) {
    std::ofstream out(runtime_dir() + "/" + std::string(file.name), std::ios::binary | std::ios::trunc);
    out.write(file.text.data(), static_cast<std::streamsize>(file.text.size()));
    out.close();
    if (!out) return Fail(errors::kRuntimeFolder, runtime_dir(), "a bootstrap cannot be written");
  }
  return {};
}

std::string Workspace::MakeTemporary() {
  const std::string path = folder_ + "/tmp/" + NewUuid();
  std::error_code error;
  return fs::create_directory(path, error) ? path : "";
}

void Workspace::RemoveTemporary(const std::string& folder) {
  std::error_code error;
  if (!folder.empty()) fs::remove_all(folder, error);
}

bool Workspace::First(const std::string& what) {
  const std::lock_guard lock(mutex_);
  return said_.size() < 10'000 && said_.insert(what).second;
}

uint64_t FingerprintOf(const std::string& folder) {
  std::error_code error;
  uint64_t sum = 0;
  int files = 0;
  fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
  for (const fs::recursive_directory_iterator end; !error && it != end && files < kMostFiles; it.increment(error)) {
    if (Passed(it->path().filename()) || it.depth() >= kDeepest) {
      it.disable_recursion_pending();
      continue;
    }
    std::error_code gone;
    if (it->is_directory(gone)) continue;
    ++files;
    uint64_t one = std::hash<std::string>()(it->path().string());
    one = Mix(one, static_cast<uint64_t>(it->last_write_time(gone).time_since_epoch().count()));
    one = Mix(one, it->file_size(gone));
    sum += one;  // the order of a folder's entries says nothing
  }
  return Mix(sum, static_cast<uint64_t>(files));
}

}  // namespace stator::runtime
