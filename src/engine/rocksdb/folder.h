// The data folder: made when missing, and its FORMAT file checked before anything in it is opened.
#pragma once

#include <rocksdb/env.h>

#include <string>

#include "errors/result.h"

namespace stator::engine {

// kEngineNewer for a folder of a later version; kEngineCorrupt for one that is not ours or lost its FORMAT.
Status PrepareFolder(rocksdb::Env* env, const std::string& path);
// Makes the names in a folder durable.
Status SyncFolder(rocksdb::Env* env, const std::string& path);

}  // namespace stator::engine
