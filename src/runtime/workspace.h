// The folder that functions run in: the bootstraps, and a /tmp for each environment. Below /var/tmp, readable by its
// owner only; it goes at a clean stop, and what a killed server left goes at the next start.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "errors/result.h"

namespace stator::runtime {

// Threads: any; each call works on files and may block.
class Workspace {
 public:
  // `folder`: to be used instead of a new one; made when missing.
  static Result<std::unique_ptr<Workspace>> Open(const std::string& folder);
  ~Workspace();

  const std::string& folder() const { return folder_; }
  std::string runtime_dir() const { return folder_ + "/runtime"; }
  // A new folder for one environment. Empty: it could not be made.
  std::string MakeTemporary();
  void RemoveTemporary(const std::string& folder);

  // True the first time it is asked about `what`: for remarks that are made once.
  bool First(const std::string& what);

 private:
  explicit Workspace(std::string folder) : folder_(std::move(folder)) {}
  Status WriteBootstraps();

  const std::string folder_;
  std::mutex mutex_;
  std::set<std::string> said_;
};

// A number that differs when a file below the folder was changed, added or removed. What lies in node_modules, .git and
// __pycache__ is not looked at, nor anything beyond the first ten thousand files.
uint64_t FingerprintOf(const std::string& folder);

}  // namespace stator::runtime
