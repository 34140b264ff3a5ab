// The forms in which a function is named: notes/lambda.md, section 1.2.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::functions {

struct Name {
  std::string name;
  std::string qualifier;  // "$LATEST", a number, an alias; empty: none was given
  std::string region;     // of a full ARN; empty: it was none
};

// "name", "name:qualifier", "123456789012:function:name[:qualifier]", "function:name[:qualifier]" or
// "arn:aws:lambda:REGION:ACCOUNT:function:name[:qualifier]". False: it is none of these.
bool ParseName(Bytes text, Name* name);

// With the Qualifier a request gives beside the name: InvalidParameterValueException if both are there and differ.
Result<Name> ReadName(Bytes text, Bytes qualifier);

// Whether a qualifier is a number, or $LATEST.
bool IsVersion(Bytes qualifier);

// The patterns of the API's model. The texts beside them are what a refusal prints.
bool IsFunctionName(std::string_view text);            // with everything ParseName takes
bool IsNamespacedFunctionName(std::string_view text);  // the same; the name may have dots
bool IsQualifier(std::string_view text);
bool IsRoleArn(std::string_view text);
bool IsAlias(std::string_view text);
inline constexpr std::string_view kFunctionNamePattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?)"
    R"(([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?)";
inline constexpr std::string_view kNamespacedFunctionNamePattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?)"
    R"(([a-zA-Z0-9-_\.]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?)";
inline constexpr std::string_view kQualifierPattern = "(|[a-zA-Z0-9$_-]+)";
inline constexpr std::string_view kRoleArnPattern = R"(arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+)";
inline constexpr std::string_view kAliasPattern = "((?!^[0-9]+$)([a-zA-Z0-9-_]+))";

}  // namespace stator::functions
