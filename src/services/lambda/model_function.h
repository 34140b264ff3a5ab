// Requests on functions, their code and configuration.
#pragma once

#include "services/lambda/model.h"

namespace stator::services::lambda::model {

extern const Shape kCreateFunctionInput;
extern const Shape kListFunctionsInput;
extern const Shape kUpdateFunctionCodeInput;
extern const Shape kUpdateFunctionConfigurationInput;

}  // namespace stator::services::lambda::model
