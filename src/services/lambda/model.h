// The shapes that several families share: the model of the Lambda API. Texts and bounds: notes/lambda.md, section 1.3,
// and AWS's published model.
#pragma once

#include "dispatch/shape_make.h"
#include "functions/name.h"

namespace stator::services::lambda::model {

using dispatch::Shape;
using dispatch::ShapeMember;
using dispatch::make::Boolean;
using dispatch::make::Enum;
using dispatch::make::Integer;
using dispatch::make::List;
using dispatch::make::Long;
using dispatch::make::Map;
using dispatch::make::Matching;
using dispatch::make::String;
using dispatch::make::Structure;

// Names. A name that is longer than 64 characters passes here and is not found.
inline constexpr Shape kFunctionName =
    Matching("FunctionName", 1, 140, functions::kFunctionNamePattern, functions::IsFunctionName);
inline constexpr Shape kNamespacedFunctionName = Matching(
    "NamespacedFunctionName", 1, 170, functions::kNamespacedFunctionNamePattern, functions::IsNamespacedFunctionName);
inline constexpr Shape kQualifier = Matching("Qualifier", 1, 128, functions::kQualifierPattern, functions::IsQualifier);
inline constexpr Shape kAlias = Matching("Alias", 1, 128, functions::kAliasPattern, functions::IsAlias);
inline constexpr Shape kRoleArn = Matching("RoleArn", -1, -1, functions::kRoleArnPattern, functions::IsRoleArn);

inline constexpr Shape kText = String("String");
inline constexpr Shape kFlag = Boolean("Boolean");
inline constexpr Shape kDescription = String("Description", 0, 256);
inline constexpr Shape kMaxItems = Integer("MaxListItems", 1, 10000);
inline constexpr Shape kMaxFewItems = Integer("MaxItems", 1, 50);

inline constexpr ShapeMember kFunctionOnlyMembers[] = {{"FunctionName", &kFunctionName, true}};
inline constexpr Shape kFunctionOnly = Structure("FunctionOnly", kFunctionOnlyMembers);
inline constexpr ShapeMember kQualifiedMembers[] = {{"FunctionName", &kNamespacedFunctionName, true},
                                                    {"Qualifier", &kQualifier}};
inline constexpr Shape kQualified = Structure("Qualified", kQualifiedMembers);

}  // namespace stator::services::lambda::model
