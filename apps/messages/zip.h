// A zip file in memory, as Lambda takes it: entries stored, not compressed, and nothing in it that changes from one
// making to the next, so that equal code has an equal hash.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace stator::messages {

struct ZipEntry {
  std::string name;
  std::string content;  // under 4 GB
  int mode = 0644;      // of the unpacked file
};

std::string MakeZip(const std::vector<ZipEntry>& entries);

}  // namespace stator::messages
