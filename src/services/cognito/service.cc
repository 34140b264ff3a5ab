#include "services/cognito/service.h"

namespace stator::services::cognito {

void AddOperation(dispatch::Registry& registry, std::string_view name, const dispatch::Shape& input, bool writes,
                  Run run) {
  dispatch::Operation operation{kTargetPrefix, name, &input, writes, std::move(run)};
  operation.protocol = dispatch::Protocol::kJson11;
  operation.invalid = ErrorType::CognitoInvalidParameter;
  registry.Add(std::move(operation));
}

void RegisterAll(dispatch::Registry& registry, Needs needs) {
  RegisterPoolOps(registry, needs);
  RegisterClientOps(registry, needs);
  RegisterSignUpOps(registry, needs);
  RegisterAuthOps(registry, needs);
  RegisterProfileOps(registry, needs);
  RegisterPasswordOps(registry, needs);
  RegisterSignOutOps(registry, needs);
  RegisterKeyOps(registry, needs);
}

}  // namespace stator::services::cognito
