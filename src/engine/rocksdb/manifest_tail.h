// A MANIFEST whose last, unsynced record the loss of power tore: RocksDB takes a short record for the end of the file,
// and a mangled one for damage. Both are the same accident, so the mangled one is cut off before RocksDB looks.
#pragma once

#include <rocksdb/env.h>

#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::engine {

// Damage that begins earlier than this many bytes before the end is no torn tail and stays for RocksDB to report.
inline constexpr size_t kLongestTornTail = size_t{64} << 10;

// Length of the whole records at the front of a file in RocksDB's log format (32 KB blocks; checksum, length, type).
size_t WholeRecords(Bytes file);

// Repairs the MANIFEST that CURRENT names, if there is one.
Status CutTornManifest(rocksdb::Env* env, const std::string& path);

}  // namespace stator::engine
