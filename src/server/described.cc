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

const char kOperationsIntroduction[] =
    R"(# Operations

This page is written by `build/release/stator_describe > docs/operations.md`; a test keeps the two equal. It lists what
the server answers: operations, the members of their requests, and every error text. An operation that is not listed
answers `UnknownOperationException`, as AWS answers a name it does not know, or one that another endpoint serves
(SearchVectors).

Unless a member's state says otherwise it works as on AWS. In general:

- All credentials and regions see the same tables. An ARN carries the region of the request that created the table and
  the account given by `--account`; a table ARN is accepted wherever a table name is.
- Signatures are accepted and not checked (`--auth off`).
- Nothing is throttled. Consumed capacity is counted and returned as AWS does.
- Read after write is always consistent; `ConsistentRead` changes the capacity that is reported, not the answer. Global
  indexes are updated together with the item.
- `ItemCount` and `TableSizeBytes` are live. After an unclean stop they are counted again in the background.
- BatchWriteItem writes all its items in one commit, which is more than AWS promises, unless large items meet many
  indexes; `UnprocessedItems` is always empty.
- A stream has one shard, or as many as `--stream-shards` says, each for a range of key hashes. Shards roll over after
  four hours (`--stream-shard-age`). Records are there as soon as the write is acknowledged, for 24 hours.
- Items whose time to live has passed are removed within seconds (`--ttl-interval`); docs/ttl.md says more.
- A new global index is filled in the background: its state is CREATING until it is complete.
- Numbers in sets come back in ascending order, strings and binaries in byte order.
)";

std::string StateOfMember(const std::string& member) {
  const auto found = Exceptions().find(member);
  return found == Exceptions().end() ? "served" : found->second;
}

}  // namespace stator::server
