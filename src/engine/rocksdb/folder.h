// The data folder: made when missing, locked, and its FORMAT file checked before anything in it is opened.
//
// A new folder is made without waiting for the device: PrepareFolder has syncs held back, and FinishFolder makes up for
// them and writes FORMAT last. So a folder without FORMAT whose log files are empty and which has no tables is one
// whose making was cut short (or which lost nothing but its FORMAT), and is made anew; nothing was ever acknowledged
// from it.
#pragma once

#include <rocksdb/env.h>

#include <string>
#include <vector>

#include "engine/rocksdb/folder_files.h"
#include "errors/result.h"

namespace stator::engine {

// Whether the folder is new: then a database is to be made in it and FinishFolder called before the first commit.
// kEngineNewer for a folder of a later version; kEngineCorrupt for one that is not ours or lost its FORMAT;
// kEngineLocked.
// `beside`: what may stand there that is not the database's.
Result<bool> PrepareFolder(rocksdb::Env* env, FolderFiles& files, const std::string& path,
                           const std::vector<std::string>& beside);
// Makes a new folder and what is in it durable.
Status FinishFolder(rocksdb::Env* env, FolderFiles& files, const std::string& path);
// Makes the names in a folder durable.
Status SyncFolder(rocksdb::Env* env, const std::string& path);

}  // namespace stator::engine
