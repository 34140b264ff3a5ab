// What a function's process sees of the file system, where the system allows that it differs from ours: the data folder
// empty but for the function's own code, the code read-only, /tmp its own.
//
// It keeps accidents from the data, not attackers: a process of the same user has other ways (docs/functions.md).
#pragma once

#include <string>
#include <vector>

#include "base/os/process.h"
#include "runtime/variables.h"

namespace stator::runtime {

struct Sight {
  std::string data_folder;  // to be hidden; empty: nothing
  std::string code_folder;
  std::string ca_bundle;  // a file that stays; may be empty
};

// Changes `layout` to what the process will see. What must stay visible below /tmp keeps /tmp from being replaced: then
// only TMPDIR leads to the environment's own. Looks at files; blocks.
std::vector<Mount> MountsFor(const Sight& sight, Layout* layout);

}  // namespace stator::runtime
