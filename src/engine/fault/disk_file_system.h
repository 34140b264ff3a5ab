// A DiskImage as RocksDB sees a file system. Give it to RocksOptions::file_system.
#pragma once

#include <memory>

#include "engine/fault/disk_image.h"

namespace rocksdb {
class FileSystem;
}

namespace stator::engine {

std::shared_ptr<rocksdb::FileSystem> NewDiskFileSystem(std::shared_ptr<DiskImage> disk);

}  // namespace stator::engine
