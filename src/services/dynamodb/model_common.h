// The shapes that several families share. Enums stand in the order in which the service prints them.
#pragma once

#include <span>
#include <string_view>

#include "dispatch/shape_make.h"

namespace stator::services::dynamodb::model {

using dispatch::Shape;
using dispatch::ShapeMember;

using dispatch::make::Boolean;
using dispatch::make::Enum;
using dispatch::make::Integer;
using dispatch::make::List;
using dispatch::make::Long;
using dispatch::make::Map;
using dispatch::make::String;
using dispatch::make::Structure;

// Names. The data plane's TableName is a name or an ARN: its form is looked at when the table is (catalog/name.h). The
// control plane words a missing name and a wrong length in its own way, so its shape leaves both to the operation.
inline constexpr std::string_view kNamePattern = "[a-zA-Z0-9_.-]+";
inline constexpr Shape kTableArn = String("TableArn", 1, 1024);
inline constexpr Shape kControlTableName = String("TableArn", -1, 1024);
inline constexpr Shape kTableName = String("TableName", 3, 255, kNamePattern);
inline constexpr Shape kIndexName = String("IndexName", 3, 255, kNamePattern);
inline constexpr Shape kText = String("String");
inline constexpr Shape kFlag = Boolean("Boolean");
inline constexpr Shape kLongObject = Long("Long");
inline constexpr Shape kPositiveLong = Long("PositiveLongObject", 1);
inline constexpr Shape kPositiveInteger = Integer("PositiveIntegerObject", 1);

// Attribute values and what is made of them.
inline constexpr Shape kAttributeValue{.kind = Shape::Kind::kAttributeValue, .model_name = "AttributeValue"};
inline constexpr Shape kAttributeMap = Map("AttributeMap", &kAttributeValue);
inline constexpr Shape kAttributeName = String("AttributeName", -1, 65535);
inline constexpr Shape kAttributeNameList = List("AttributeNameList", &kAttributeName, 1, 255);
inline constexpr Shape kAttributeValueList = List("AttributeValueList", &kAttributeValue);
inline constexpr Shape kExpressionNames = Map("ExpressionAttributeNameMap", &kAttributeName);
inline constexpr Shape kExpressionValues = Map("ExpressionAttributeValueMap", &kAttributeValue);

// What a request asks back.
inline constexpr std::string_view kReturnConsumedCapacityValues[] = {"INDEXES", "TOTAL", "NONE"};
inline constexpr Shape kReturnConsumedCapacity = Enum("ReturnConsumedCapacity", kReturnConsumedCapacityValues);
inline constexpr std::string_view kReturnItemCollectionMetricsValues[] = {"SIZE", "NONE"};
inline constexpr Shape kReturnItemCollectionMetrics =
    Enum("ReturnItemCollectionMetrics", kReturnItemCollectionMetricsValues);

inline constexpr std::string_view kOnConditionFailureValues[] = {"ALL_OLD", "NONE"};
inline constexpr Shape kOnConditionFailure = Enum("ReturnValuesOnConditionCheckFailure", kOnConditionFailureValues);

// Legacy conditions.
inline constexpr std::string_view kConditionalOperatorValues[] = {"OR", "AND"};
inline constexpr Shape kConditionalOperator = Enum("ConditionalOperator", kConditionalOperatorValues);
inline constexpr std::string_view kComparisonOperatorValues[] = {
    "IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE", "BEGINS_WITH", "GE", "CONTAINS"};
inline constexpr Shape kComparisonOperator = Enum("ComparisonOperator", kComparisonOperatorValues);

}  // namespace stator::services::dynamodb::model
