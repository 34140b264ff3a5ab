// What stands in the data folder beside the database (docs/formats/engine.md).
#pragma once

#include <string>
#include <vector>

namespace stator::server {

inline constexpr char kAuthorityFolder[] = "ca";
inline constexpr char kFunctionsFolder[] = "functions";
inline constexpr char kDestinationsFolder[] = "destinations";
inline constexpr char kOutboxFolder[] = "outbox";

inline std::vector<std::string> FoldersBesideDatabase() {
  return {kAuthorityFolder, kFunctionsFolder, kDestinationsFolder, kOutboxFolder};
}

}  // namespace stator::server
