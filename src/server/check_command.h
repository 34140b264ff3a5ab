// `stator check DATA`.
#pragma once

#include <string>

namespace stator::server {

// Verifies the folder and prints a report to stdout. Exit code: 0 clean, 1 faults found or the folder cannot be opened.
int CheckFolder(const std::string& path, bool json);

}  // namespace stator::server
