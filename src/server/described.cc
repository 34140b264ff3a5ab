#include "server/described.h"

#include <map>

namespace stator::server {
namespace {

constexpr char kThroughput[] = "stored and described; nothing is throttled";
constexpr char kStored[] = "stored and described";
constexpr char kRefused[] = "refused: the feature is not served";

const std::map<std::string, std::string>& Exceptions() {
  static const std::map<std::string, std::string> exceptions = {
      {"ProvisionedThroughput", kThroughput},
      {"OnDemandThroughput", kThroughput},
      {"WarmThroughput", kThroughput},
      {"SSESpecification", "stored and described; the data folder is not encrypted"},
      {"TableClass", kStored},
      {"ResourcePolicy", "stored, as by PutResourcePolicy; nothing is allowed or refused because of it yet"},
      {"GlobalTableSourceArn", kRefused},
      {"GlobalTableSettingsReplicationMode", kRefused},
      {"VectorIndexes", kRefused},
      {"VectorIndexUpdates", kRefused},
      {"ReplicaUpdates", kRefused},
      {"MultiRegionConsistency", kRefused},
      {"GlobalTableWitnessUpdates", kRefused},
      {"DisassociationProtectionEnabled", kRefused},
  };
  return exceptions;
}

}  // namespace

std::string StateOfMember(const std::string& member) {
  const auto found = Exceptions().find(member);
  return found == Exceptions().end() ? "served" : found->second;
}

}  // namespace stator::server
