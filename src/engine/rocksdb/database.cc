// Options are chosen for: few syscalls per commit, little memory at rest, cheap reverse walks (a memtable walks
// backwards at four times the price, so write buffers are small), and a short recovery (a bounded log).
#include "engine/rocksdb/database.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <vector>

#include "base/log.h"
#include "engine/rocksdb/folder.h"
#include "engine/rocksdb/manifest_tail.h"
#include "errors/engine.h"

namespace stator::engine {
namespace {

constexpr size_t kFill = size_t{1} << 20;  // by which log files are filled ahead

// RocksDB's errors go where our own diagnostics go; it keeps no LOG files.
class ErrorsOnly final : public rocksdb::Logger {
 public:
  ErrorsOnly() : rocksdb::Logger(rocksdb::InfoLogLevel::ERROR_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list args) override {
    char line[512];
    std::vsnprintf(line, sizeof line, format, args);
    if (std::strstr(line, "DB::Open() failed")) return;  // OpenDatabase answers it, in our words
    LogError(std::string("rocksdb: ") + line);
  }
};

rocksdb::DBOptions DbOptions(const RocksOptions& options, rocksdb::Env* env) {
  rocksdb::DBOptions db;
  db.env = env;
  db.create_missing_column_families = true;
  db.info_log = std::make_shared<ErrorsOnly>();
  db.info_log_level = rocksdb::InfoLogLevel::ERROR_LEVEL;
  // A prefix of what was written, whatever the last sync left behind: nothing acknowledged stands behind a torn record.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // Writing over an old log file spares the file system a journal entry on every sync. Not where syncs lag behind:
  // RocksDB takes a torn record in such a file for its end, and would go on with the next file over a hole.
  db.recycle_log_file_num = options.durability == Durability::kStrict ? 1 : 0;
  db.max_total_wal_size = 4 * options.write_buffer_bytes;  // bounds recovery
  db.max_open_files = -1;
  db.max_file_opening_threads = 1;
  db.skip_stats_update_on_db_open = true;
  // Blocks stored as they are need neither a system call nor a copy: of a table beyond any cache a row costs 4.5
  // instead of 7 microseconds. The price: a device that fails to read ends the process instead of the request.
  db.allow_mmap_reads = true;
  db.max_background_jobs = 2;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  db.bytes_per_sync = 1 << 20;
  db.max_manifest_file_size = 16 << 20;
  // One thread writes.
  db.allow_concurrent_memtable_write = false;
  db.enable_write_thread_adaptive_yield = false;
  return db;
}

rocksdb::ColumnFamilyOptions FamilyOptions(const RocksOptions& options, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = true;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family.write_buffer_size = options.write_buffer_bytes;
  family.max_write_buffer_number = 3;
  family.arena_block_size = std::min<size_t>(256 << 10, options.write_buffer_bytes / 8);
  family.memtable_prefix_bloom_size_ratio = 0.02;
  family.memtable_whole_key_filtering = true;
  family.prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(kPartitionPrefix));
  // Small write buffers make many small files, and the filters keep them from costing a read much: let a burst of
  // writes pile up more of them before it is slowed down.
  family.level0_slowdown_writes_trigger = 40;
  family.level0_stop_writes_trigger = 80;
  family.level_compaction_dynamic_level_bytes = true;
  family.target_file_size_base = 32 << 20;
  family.max_bytes_for_level_base = 128 << 20;
  // Messages would shrink by a third, and every read of a block that is not cached would unpack it first.
  family.compression = rocksdb::kNoCompression;
  return family;
}

rocksdb::ColumnFamilyOptions LogFamilyOptions(const RocksOptions& options,
                                              const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family = FamilyOptions(options, cache);
  rocksdb::BlockBasedTableOptions table;  // read in order only: no filter
  table.block_cache = cache;
  table.block_size = 16 << 10;
  table.format_version = 5;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family.memtable_prefix_bloom_size_ratio = 0;
  family.memtable_whole_key_filtering = false;
  family.prefix_extractor.reset();
  return family;
}

}  // namespace

Status Database::Finish() {
  if (!is_new) return {};
  return FinishFolder(env.get(), *files, path);
}

Error Database::Failed(const rocksdb::Status& status) const {
  if (status.IsCorruption()) return Fail(errors::kEngineCorrupt, path, status.ToString());
  return Fail(errors::kEngineIo, status.ToString());
}

Database::~Database() {
  rows_handle.reset();
  log_handle.reset();
  if (db) (void)db->Close();
}

Status OpenDatabase(const RocksOptions& options, Database* database) {
  database->path = options.path;
  // Where syncs lag behind, zeros would hide where the log was torn from a recovery that must stop there.
  const size_t fill = options.durability == Durability::kStrict ? std::min(kFill, options.write_buffer_bytes / 4) : 0;
  database->files =
      std::make_shared<FolderFiles>(options.file_system ? options.file_system : rocksdb::FileSystem::Default(), fill);
  database->env = rocksdb::NewCompositeEnv(database->files);
  rocksdb::Env* env = database->env.get();
  STATOR_TRY(database->is_new, PrepareFolder(env, *database->files, options.path, options.beside));
  if (!database->is_new) STATOR_OK(CutTornManifest(env, options.path));

  database->cache = rocksdb::NewLRUCache(BlockCacheBytes(options), /*num_shard_bits=*/4);
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, FamilyOptions(options, database->cache)},
      {kLogFamily, LogFamilyOptions(options, database->cache)}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  rocksdb::DBOptions db_options = DbOptions(options, env);
  db_options.create_if_missing = database->is_new;
  db_options.wal_filter = &database->log_gap;
  db_options.listeners.push_back(database->log_switches);
  const rocksdb::Status status = rocksdb::DB::Open(db_options, options.path, families, &handles, &db);
  if (status.IsInvalidArgument()) return Fail(errors::kEngineCorrupt, options.path, status.ToString());
  if (!status.ok()) return database->Failed(status);
  database->db.reset(db);
  database->rows_handle.reset(handles[0]);
  database->log_handle.reset(handles[1]);
  return {};
}

}  // namespace stator::engine
