// The TOML file of `--config`: the flags' names and their values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "errors/result.h"

namespace stator::server {

// Each name with its value, or its values if it is a list, as a flag would carry them. Fails with kConfigUnreadable
// (the line and what is wrong with it) and on values no flag takes (tables, dates).
Result<std::map<std::string, std::vector<std::string>>> ReadConfigFile(const std::string& path);

}  // namespace stator::server
