// One open RocksDB with its two families, and how its failures read.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <memory>
#include <string>

#include "engine/rocksdb/folder_files.h"
#include "engine/rocksdb/layout.h"
#include "engine/rocksdb/log_gap.h"
#include "engine/rocksdb/rocksdb_engine.h"

namespace stator::engine {

struct Database {
  std::string path;
  std::shared_ptr<FolderFiles> files;
  std::unique_ptr<rocksdb::Env> env;  // over `files`
  bool is_new = false;                // Finish before the first write
  std::shared_ptr<rocksdb::Cache> cache;
  StopAtLogGap log_gap;  // RocksDB keeps a pointer to it
  std::shared_ptr<LogSwitches> log_switches = std::make_shared<LogSwitches>();
  std::unique_ptr<rocksdb::DB> db;
  std::unique_ptr<rocksdb::ColumnFamilyHandle> rows_handle;
  std::unique_ptr<rocksdb::ColumnFamilyHandle> log_handle;

  rocksdb::ColumnFamilyHandle* rows() const { return rows_handle.get(); }
  rocksdb::ColumnFamilyHandle* log() const { return log_handle.get(); }
  // Makes a new folder durable. What was held back from the device is lost if this fails: then nothing may be written.
  Status Finish();
  Error Failed(const rocksdb::Status& status) const;

  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();
};

// Of `cache_bytes` what RocksDB gets; rows get the rest. Blocks are read in place, where the system caches files.
inline size_t BlockCacheBytes(const RocksOptions& options) { return options.cache_bytes / 8; }

// Makes or checks the folder and its format, then opens what is in it.
Status OpenDatabase(const RocksOptions& options, Database* database);

}  // namespace stator::engine
