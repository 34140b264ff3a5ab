// Runs a planned SELECT: one page of its rows.
//
// Rows go to `each` as they are read, in the statement's order, as dataplane/read.h has it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dataplane/read.h"
#include "statements/plan.h"

namespace stator::statements {

// Where a page ended: after that row.
struct Position {
  uint32_t partition = 0;  // its place in SelectPlan::partitions
  std::string key;         // as LastEvaluatedKey has it, stored form
};

struct SelectOptions {
  bool consistent = false;
  std::optional<int64_t> limit;   // rows evaluated
  std::optional<Position> after;  // where the page before ended
};

struct SelectResult {
  std::optional<Position> next;  // none: the end was reached
  dataplane::Capacity capacity;
};

// A kGet, which waits for nothing. Takes no notice of limit and position.
Result<SelectResult> RunGet(const engine::View& view, const SelectPlan& plan, bool consistent, dataplane::Sink each);

// `plan` is borrowed until the task is done. Fails as Get, Query and Scan do.
Task<Result<SelectResult>> RunSelect(const dataplane::Reader& reader, const SelectPlan& plan, SelectOptions options,
                                     Lane& lane, dataplane::Sink each);

// The request for the hash key at that place of a kQuery.
dataplane::QueryRequest QueryOf(const SelectPlan& plan, size_t partition, bool consistent);

}  // namespace stator::statements
