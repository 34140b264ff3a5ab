// Unpacking the zip of a function, which a stranger may have made: nothing is written outside the folder, and nothing
// beyond the limits.
#pragma once

#include <cstdint>
#include <string>

#include "errors/result.h"

namespace stator::functions {

struct ZipLimits {
  int64_t unpacked_bytes = 262'144'000;
  int64_t entries = 100'000;
};

// Unpacks `file` into `folder`, which is there and empty. Stored and deflated entries, data descriptors and zip64;
// permissions (made readable by all) and symbolic links are kept. Refused as unreadable: what is no zip, encrypted or
// otherwise compressed entries, a wrong checksum, names with "..", links that lead out of the folder or are absolute,
// entries below a link. On failure the folder holds what was written so far. Blocks.
Status Unzip(const std::string& file, const std::string& folder, const ZipLimits& limits = {});

}  // namespace stator::functions
