// The durable engine: one RocksDB in one folder. docs/formats/engine.md shows the bytes.
//
// Memory: the caches of rows and blocks grow to `cache_bytes` together as they are used; write buffers take up to three
// times `write_buffer_bytes` for rows and as much for logs while data is written, and next to nothing at rest.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace rocksdb {
class FileSystem;
}

namespace stator::engine {

enum class Durability : uint8_t {
  kStrict,   // an acknowledged commit survives the loss of power
  kRelaxed,  // an acknowledged commit survives the end of the process; loss of power takes the last `sync_interval`
};

struct RocksOptions {
  std::string path;  // the folder; made, with those above it, if missing
  // Names that others may have put beside the database; a folder without a database that holds any other is not
  // touched.
  std::vector<std::string> beside;
  Durability durability = Durability::kStrict;
  Duration sync_interval = std::chrono::milliseconds(100);  // kRelaxed only
  size_t cache_bytes = size_t{256} << 20;
  size_t write_buffer_bytes = size_t{8} << 20;
  size_t queue_bytes = size_t{64} << 20;  // commits that wait beyond it are answered kUnavailable
  uint64_t reserve_bytes =
      uint64_t{64} << 20;  // with less free on the device, puts are answered kFull; erasures are not
  std::shared_ptr<rocksdb::FileSystem> file_system;  // tests: another disk; null: the real one
};

// kEngineLocked, kEngineNewer, kEngineCorrupt, kEngineIo. `clock` must outlive the engine; the engine must outlive its
// views, cursors and the values read from it.
Result<std::unique_ptr<Engine>> OpenRocksEngine(const RocksOptions& options, const Clock& clock);

}  // namespace stator::engine
