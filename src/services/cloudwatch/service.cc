#include "services/cloudwatch/service.h"

namespace stator::services::cloudwatch {

void RegisterAll(dispatch::Registry& registry, Needs needs) {
  RegisterDataOps(registry, needs);
  RegisterListOps(registry, needs);
}

void AddOperation(dispatch::Registry& registry, Needs needs, std::string_view name, const dispatch::Shape& input,
                  const dispatch::Shape& output, Run run) {
  dispatch::Operation operation{kTargetPrefix, name, &input, false,
                                [needs, run](const dispatch::Call& call) { return run(needs, call); }};
  operation.protocol = dispatch::Protocol::kQuery;
  operation.query = {"2010-08-01", "http://monitoring.amazonaws.com/doc/2010-08-01/", &output};
  registry.Add(std::move(operation));
}

}  // namespace stator::services::cloudwatch
