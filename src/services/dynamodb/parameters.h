// Reading what several item operations take: expressions, their legacy forms, return values, capacity detail. The
// request's shape is already checked (dispatch/shape.h); what is checked here is what the model cannot say.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "catalog/catalog.h"
#include "dataplane/write.h"
#include "errors/result.h"
#include "expression/expression.h"
#include "expression/legacy.h"
#include "json/value.h"

namespace stator::services::dynamodb {

// An absent member and null are the same; such a Value is invalid.
json::Value Field(json::Value body, Bytes name);
Bytes TextField(json::Value body, Bytes name);  // empty when absent
bool FlagField(json::Value body, Bytes name);   // false when absent
std::optional<int64_t> NumberField(json::Value body, Bytes name);

enum class CapacityDetail : uint8_t { kNone, kTotal, kIndexes };
CapacityDetail ReadCapacityDetail(json::Value body);

// Names and values of the request, for the expressions it has. `parameters`: the expression members the operation
// knows. `absent` names those that could have used values: the end of the error when there are values and no
// expression. Empty: the operation has no member for values, and one that is there is ignored like any unknown member.
Result<expression::Binder> ReadBinder(json::Value body, std::initializer_list<Bytes> parameters, Bytes absent = {});

// ConditionExpression or Expected.
Result<std::optional<expression::Condition>> ReadCondition(json::Value body, expression::Binder& binder);
// FilterExpression, or the legacy member of that name ("QueryFilter", "ScanFilter").
Result<std::optional<expression::Condition>> ReadFilter(json::Value body, expression::Binder& binder, Bytes legacy);
// ProjectionExpression or AttributesToGet.
Result<std::optional<expression::Projection>> ReadProjection(json::Value body, expression::Binder& binder);

// A Key or ExclusiveStartKey member in stored form.
Result<std::string> ReadKey(json::Value wire);

// ReturnValues of PutItem and DeleteItem (NONE, ALL_OLD) and UpdateItem (all five), and
// ReturnValuesOnConditionCheckFailure.
Status ReadReturnValues(json::Value body, bool update, dataplane::WriteRequest* request);

// The table named by TableName, for items.
inline Result<catalog::TableRef> TableOf(const catalog::Catalog& catalog, Bytes name_or_arn) {
  return catalog.ForItems(catalog::kSharedNamespace, name_or_arn);
}

}  // namespace stator::services::dynamodb
