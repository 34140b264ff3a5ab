// The programs that run Python and Node.js functions, carried inside this one (bootstrap/*).
#pragma once

#include <vector>

#include "base/bytes.h"

namespace stator::runtime {

struct BootstrapFile {
  Bytes name;  // "bootstrap.py"
  Bytes text;
};
const std::vector<BootstrapFile>& BootstrapFiles();

}  // namespace stator::runtime
