// Making a version of $LATEST.
#pragma once

#include <string>

#include "functions/functions.h"

namespace stator::services::lambda {

// Adds a version that is $LATEST as it is, with another description if one is given, and gives it; the newest version
// instead, with nothing added, if $LATEST has not changed since.
functions::FunctionRef Publish(const functions::Functions& functions, functions::Entry* entry,
                               const std::string* description);

}  // namespace stator::services::lambda
