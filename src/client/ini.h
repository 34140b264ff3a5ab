// The form of ~/.aws/config and ~/.aws/credentials: [sections], name = value, comments with # or ;, and indented
// lines below a name without a value, which become "name.inner".
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"

namespace stator::client {

using IniSection = std::map<std::string, std::string, std::less<>>;
using Ini = std::map<std::string, IniSection, std::less<>>;

// Never fails: a line that means nothing is passed over, as AWS's own tools do.
Ini ParseIni(Bytes text);

}  // namespace stator::client
