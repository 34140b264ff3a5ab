// Requests on functions, their code and configuration.
#pragma once

#include "services/lambda/model.h"

namespace stator::services::lambda::model {

// A request that brings code may be this large: 50 MiB of zip in base64, and 256 KiB for the rest.
inline constexpr size_t kCodeRequestBytes = 70'167'211;

extern const Shape kCreateFunctionInput;
extern const Shape kListFunctionsInput;
extern const Shape kUpdateFunctionCodeInput;
extern const Shape kUpdateFunctionConfigurationInput;

}  // namespace stator::services::lambda::model
