// GetItem, Query and Scan as typed calls.
//
// Items go to `each` one by one as they are read, in order, before the call is done; nothing is collected here.
// Threads: call on `lane`, which is where a task finishes; `each` may run on a worker thread meanwhile, never at the
// same time as the caller.
#pragma once

#include <absl/functional/function_ref.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/lane.h"
#include "base/task.h"
#include "catalog/schema.h"
#include "dataplane/capacity.h"
#include "dataplane/limits.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "expression/expression.h"

namespace stator::dataplane {

// Reads one item by its Key member (stored form); `out` is set when there is one.
Result<bool> Get(const engine::View& view, const catalog::TableSchema& table, item::ItemView key, engine::Value* out);

// No path of a read may lead into a key attribute of the table or of an index. `nested`: the attributes that the paths
// of its projection and filter lead into.
Status CheckPaths(const catalog::TableSchema& table, const std::vector<std::string>& nested);

enum class Select : uint8_t { kAllAttributes, kAllProjected, kSpecific, kCount };

// What Query and Scan share.
struct PageRequest {
  catalog::TableRef table;
  const catalog::IndexSchema* index = nullptr;  // in `table`
  bool consistent = false;
  Select select = Select::kAllAttributes;
  std::vector<std::string> wanted;  // kSpecific: the top-level attributes
  std::vector<std::string> nested;  // for CheckPaths
  std::optional<expression::Condition> filter;
  bool legacy_filter = false;  // from QueryFilter: errors name it
  // A statement's: it may name key attributes, whatever else is a condition on the key.
  bool statement_filter = false;
  std::optional<int64_t> limit;   // items evaluated
  size_t max_bytes = kPageBytes;  // of the items evaluated: the page ends with the one that reaches it
  std::string start_key;          // ExclusiveStartKey, stored form; empty: none
};

struct QueryRequest : PageRequest {
  std::vector<expression::KeyComparison> key;
  // Further comparisons of the range attribute after those that `key` gives one value; a statement may have several.
  // REQUIRES: orders or BETWEEN, with values of its type.
  std::vector<expression::KeyComparison> range;
  bool legacy_key = false;  // from KeyConditions
  bool forward = true;
};

struct ScanRequest : PageRequest {
  int64_t segment = 0;
  int64_t segments = 1;
};

struct PageResult {
  int64_t count = 0;     // after the filter
  int64_t scanned = 0;   // before it
  size_t bytes = 0;      // of what was evaluated
  std::string last_key;  // LastEvaluatedKey, stored form; empty: the end was reached
  Capacity capacity;
};

using Sink = absl::FunctionRef<void(item::ItemView)>;

struct Reader {
  const engine::Engine& engine;
  WorkerPool& workers;
};

// The index of that name, or kIndexNotFound; null for an empty name.
Result<const catalog::IndexSchema*> FindIndex(const catalog::TableSchema& table, Bytes name);

Task<Result<PageResult>> Query(const Reader& reader, const QueryRequest& request, Lane& lane, Sink each);
Task<Result<PageResult>> Scan(const Reader& reader, const ScanRequest& request, Lane& lane, Sink each);

}  // namespace stator::dataplane
