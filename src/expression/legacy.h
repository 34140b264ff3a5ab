// The parameters from before expressions, turned into the same trees: Expected, AttributeUpdates, QueryFilter,
// ScanFilter, KeyConditions, AttributesToGet, ConditionalOperator. Values are the request's members; their JSON types
// are already checked. Mixing with expressions is refused by the services, with RefuseMixed's text.
#pragma once

#include "expression/expression.h"

namespace stator::expression {

enum class Conjunction : uint8_t { kAnd, kOr };

Result<Condition> ConditionFromExpected(json::Value expected, Conjunction);
// QueryFilter and ScanFilter. `parameter` names itself in errors.
Result<Condition> ConditionFromFilter(json::Value filter, Conjunction, Bytes parameter);
Result<std::vector<KeyComparison>> KeyComparisonsFromKeyConditions(json::Value conditions);
Result<Update> UpdateFromAttributeUpdates(json::Value updates);
// Fails on an empty list or a repeated name.
Result<Projection> ProjectionFromAttributesToGet(json::Value names);

// "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {...}
// Expression parameters: {...}", or ok when only one kind is present. `body`: the request.
Status RefuseMixed(json::Value body);

}  // namespace stator::expression
