#include "triggers/caller.h"

#include <algorithm>
#include <utility>

namespace stator::triggers {
namespace {

void AddIteratorAge(const Ports& ports, const functions::Function& function, Time newest) {
  const Time now = ports.clock.Now();
  const auto age = static_cast<double>(std::max<int64_t>((now - newest).count(), 0)) / 1000;
  ports.metrics.Add(function.name, metrics::Metric::kIteratorAge, age, now);
}

Called::Is OutcomeOf(runtime::Invoked::Kind kind) {
  switch (kind) {
    case runtime::Invoked::Kind::kReturned:
      return Called::Is::kReturned;
    case runtime::Invoked::Kind::kFailed:
      return Called::Is::kFailed;
    case runtime::Invoked::Kind::kThrottled:
      return Called::Is::kNotNow;
  }
  return Called::Is::kNotNow;
}

}  // namespace

Task<Called> CallFunction(const Ports& ports, const Mapping& mapping, std::string event, std::optional<Time> newest,
                          Lane& lane) {
  Called called;
  runtime::Invocation invocation;
  invocation.function = ports.functions.Resolve(mapping.function_arn, {});
  if (!invocation.function) co_return called;
  if (newest) AddIteratorAge(ports, *invocation.function, *newest);
  invocation.invoked_arn = mapping.function_arn;
  invocation.payload = std::move(event);
  runtime::Invoked invoked = co_await ports.invoker.Invoke(std::move(invocation), lane);
  called.is = OutcomeOf(invoked.kind);
  called.payload = std::move(invoked.payload);
  called.request_id = std::move(invoked.request_id);
  called.executed_version = std::move(invoked.executed_version);
  co_return called;
}

}  // namespace stator::triggers
