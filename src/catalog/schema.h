// What a table is: the validated, immutable form of a table description that every other folder works from.
//
// A TableSchema never changes; a change of the table makes a new one (catalog/catalog.h) and readers keep what they
// hold.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "item/value.h"

namespace stator::catalog {

// 0 is the one shared namespace; dispatch chooses.
enum class NamespaceId : uint32_t {};
inline constexpr NamespaceId kSharedNamespace{0};

struct KeyAttribute {
  std::string name;
  item::Tag type;  // kString, kNumber or kBinary
  bool operator==(const KeyAttribute&) const = default;
};

// Hash and range are lists: a table has one and at most one; a global index up to four and four.
struct KeySchema {
  std::vector<KeyAttribute> hash;
  std::vector<KeyAttribute> range;
  bool operator==(const KeySchema&) const = default;
};

enum class State : uint8_t { kCreating, kActive, kUpdating, kDeleting };
enum class ProjectionType : uint8_t { kAll, kKeysOnly, kInclude };
enum class BillingMode : uint8_t { kProvisioned, kPayPerRequest };
enum class TableClass : uint8_t { kStandard, kStandardInfrequentAccess };

struct Throughput {
  int64_t read = 0;
  int64_t write = 0;
  std::optional<Time> last_increase, last_decrease;
  int64_t decreases_today = 0;
};
struct OnDemandThroughput {
  std::optional<int64_t> max_read, max_write;  // -1: no cap
};
struct WarmThroughput {
  int64_t read = 0;
  int64_t write = 0;
};

struct IndexSchema {
  std::string name;
  std::string arn;
  bool local = false;
  engine::Space space{};
  KeySchema key;
  ProjectionType projection = ProjectionType::kAll;
  std::vector<std::string> non_key_attributes;  // kInclude, as given
  // What an entry holds, sorted by name, unless projection is kAll: index key, table key, non_key_attributes.
  std::vector<std::string> projected;
  State state = State::kActive;
  bool backfilling = false;
  Throughput throughput;                        // global indexes
  std::optional<OnDemandThroughput> on_demand;  // as given
  std::optional<WarmThroughput> warm;           // as given
};

struct StreamSpecification {
  bool enabled = false;
  std::string view_type;  // KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES
  std::string label;      // "2026-11-20T10:00:00.123"; the ARN's last part
};

struct SseSpecification {
  bool enabled = false;
  std::string kms_key_arn;
};

// Expiry (UpdateTimeToLive): the attribute that says when an item goes.
struct TimeToLive {
  std::string attribute;  // of the last specification; empty: there was none
  bool enabled = false;
  engine::Space space{};        // while enabled: what finds the items that are due (table/expiry_index.h)
  bool backfilling = false;     // items from before it was enabled may not be found yet
  std::optional<Time> changed;  // enabled or disabled, last
};

// Of a table, or of one of its streams (catalog/resource_policy.h).
struct ResourcePolicy {
  std::string stream;  // label; empty: the table's own
  std::string text;    // as given
  std::string revision;
  bool operator==(const ResourcePolicy&) const = default;
};

struct TableSchema {
  NamespaceId name_space{};
  std::string name;
  std::string arn;  // arn:aws:dynamodb:REGION:ACCOUNT:table/NAME, made at creation
  std::string id;   // TableId, a UUID
  engine::Space space{};
  KeySchema key;
  // AttributeDefinitions, in the order they were given.
  std::vector<KeyAttribute> attributes;
  std::vector<IndexSchema> indexes;  // local and global, each kind in the order of creation
  State state = State::kActive;
  Time created;
  BillingMode billing = BillingMode::kProvisioned;
  std::optional<Time> on_demand_since;
  Throughput throughput;
  std::optional<OnDemandThroughput> on_demand;
  std::optional<WarmThroughput> warm;
  StreamSpecification stream;
  std::optional<SseSpecification> sse;
  std::optional<TableClass> table_class;  // as given
  bool deletion_protection = false;
  TimeToLive ttl;
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<ResourcePolicy> policies;  // at most one of a table or stream

  const IndexSchema* FindIndex(Bytes index_name) const {
    for (const IndexSchema& index : indexes) {
      if (index.name == index_name) return &index;
    }
    return nullptr;
  }
  bool has_local_index() const {
    for (const IndexSchema& index : indexes) {
      if (index.local) return true;
    }
    return false;
  }
};

using TableRef = std::shared_ptr<const TableSchema>;

}  // namespace stator::catalog
