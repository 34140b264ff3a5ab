// Small files, as a whole. They block: not for lanes.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace stator {

// Nothing if it cannot be read.
std::optional<std::string> ReadFile(const std::string& path);

// Writes a new file beside it, synced, which then takes its name: another reader sees the old or the new one, whole.
// `mode` as in chmod. Empty: done; else the system's reason.
std::string ReplaceFile(const std::string& path, Bytes content, int mode);

// Makes what a descriptor stands for outlive the loss of power; false with errno set if that fails.
using Sync = std::function<bool(int fd, const std::string& path)>;
bool SyncNow(int fd, const std::string& path);

// As ReplaceFile, and on disk under its name when it returns: every folder that got an entry is synced after it, also
// those above that were missing and are made. Tests look at the order through `sync`.
std::string WriteDurably(const std::string& path, Bytes content, int mode, const Sync& sync = SyncNow);

// A new folder only its owner may enter, below the system's place for temporary files. Empty: not possible.
std::string MakeTemporaryFolder(const std::string& prefix);
// Makes the folder, its owner's alone unless `mode` says more; one that is there is fine. Empty: done.
std::string MakeFolder(const std::string& path, int mode);

}  // namespace stator
