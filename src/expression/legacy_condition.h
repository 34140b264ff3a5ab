// ComparisonOperator with its values: what Expected, QueryFilter, ScanFilter and KeyConditions have in common.
#pragma once

#include <string>
#include <vector>

#include "errors/result.h"
#include "expression/condition_tree.h"
#include "json/value.h"

namespace stator::expression::internal {

enum class LegacyOp : uint8_t {
  kEq,
  kNe,
  kLe,
  kLt,
  kGe,
  kGt,
  kIn,
  kBetween,
  kBeginsWith,
  kContains,
  kNotContains,
  kNull,
  kNotNull,
};

struct LegacyComparison {
  LegacyOp op = LegacyOp::kEq;
  std::vector<std::string> values;  // encoded
};

// The member of that name, or an invalid Value if it is absent or null.
json::Value Given(json::Value object, Bytes name);

// Encodes the values of a list.
Status ReadLegacyValues(json::Value list, std::vector<std::string>* values);
// Number and types of the values for the operator named `op`; fills comparison.op.
Status CheckLegacyComparison(Bytes op, LegacyComparison* comparison);

}  // namespace stator::expression::internal
