#include "services/lambda/service.h"

namespace stator::services::lambda {

void AddOperation(dispatch::Registry& registry, std::string_view name, const dispatch::RestRoute& route,
                  const dispatch::Shape& input, Run run) {
  registry.Add({.target_prefix = "Lambda",
                .name = name,
                .input = &input,
                .writes = route.method != "GET",
                .run = std::move(run),
                .protocol = dispatch::Protocol::kRest,
                .route = route});
}

void RegisterAll(dispatch::Registry& registry, const Needs& needs) {
  RegisterFunctionOps(registry, needs);
  RegisterUpdateOps(registry, needs);
  RegisterInvokeOps(registry, needs);
  RegisterVersionOps(registry, needs);
  RegisterAliasOps(registry, needs);
  RegisterConcurrencyOps(registry, needs);
  RegisterEventInvokeOps(registry, needs);
  RegisterPermissionOps(registry, needs);
  RegisterTagOps(registry, needs);
  RegisterLayerOps(registry, needs);
}

}  // namespace stator::services::lambda
