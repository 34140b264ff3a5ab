#include "runtime/isolation.h"

#include <filesystem>

namespace stator::runtime {
namespace {

namespace fs = std::filesystem;

bool Within(const std::string& path, const std::string& folder) {
  return path == folder || (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
}

std::string Real(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  return error ? "" : real.string();
}

// The folders between `base`, which is there, and `path`, itself included or not.
void MakeFolders(const std::string& base, const std::string& path, bool itself, std::vector<Mount>* mounts) {
  for (size_t at = base.size() + 1; (at = path.find('/', at)) != std::string::npos; ++at) {
    mounts->push_back({Mount::Kind::kFolder, path.substr(0, at), ""});
  }
  if (itself) mounts->push_back({Mount::Kind::kFolder, path, ""});
}

}  // namespace

std::vector<Mount> MountsFor(const Sight& sight, Layout* layout) {
  std::vector<Mount> mounts;
  const std::string code = Real(sight.code_folder);
  const std::string data = sight.data_folder.empty() ? "" : Real(sight.data_folder);
  const std::string bundle = sight.ca_bundle.empty() ? "" : Real(sight.ca_bundle);
  if (code.empty()) return mounts;  // the process will fail, and say so
  bool own_tmp = true;
  for (const std::string& needed : {code, data, bundle, layout->temporary, layout->runtime_dir}) {
    if (Within(needed, "/tmp")) own_tmp = false;
  }
  if (own_tmp) {
    mounts.push_back({Mount::Kind::kShow, "/tmp", layout->temporary});
    layout->temporary = "/tmp";
  }
  const bool code_in_data = !data.empty() && Within(code, data);
  if (!code_in_data) mounts.push_back({Mount::Kind::kShowOnly, code, code});
  if (!data.empty() && code != data) {
    mounts.push_back({Mount::Kind::kEmpty, data, ""});
    if (code_in_data) {
      MakeFolders(data, code, true, &mounts);
      mounts.push_back({Mount::Kind::kShowOnly, code, code});
    }
    if (Within(bundle, data)) {
      MakeFolders(data, bundle, false, &mounts);
      mounts.push_back({Mount::Kind::kFile, bundle, ""});
      mounts.push_back({Mount::Kind::kShowOnly, bundle, bundle});
    }
  }
  std::error_code error;
  if (fs::is_directory("/var/task", error)) {
    mounts.push_back({Mount::Kind::kShowOnly, "/var/task", code});
    layout->task_root = "/var/task";
  }
  return mounts;
}

}  // namespace stator::runtime
