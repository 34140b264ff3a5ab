#include "base/check.h"
#include "dispatch/operation.h"

namespace stator::dispatch {

void Registry::Add(Operation operation) {
  std::string target = std::string(operation.target_prefix) + "." + std::string(operation.name);
  const auto [at, added] = operations_.try_emplace(std::move(target), std::move(operation));
  STATOR_CHECK(added);
  const Operation& placed = at->second.operation;
  if (placed.protocol == Protocol::kRest) routes_.Add(placed.route.method, placed.route.path, &at->second);
}

const RegisteredOperation* Registry::Find(Bytes target) const {
  const auto found = operations_.find(target);
  return found == operations_.end() ? nullptr : &found->second;
}

const RegisteredOperation* Registry::FindAction(Bytes action, Bytes version) const {
  for (const auto& [target, registered] : operations_) {
    const Operation& operation = registered.operation;
    if (operation.protocol != Protocol::kQuery || operation.name != action) continue;
    if (operation.query.version == version) return &registered;
  }
  return nullptr;
}

}  // namespace stator::dispatch
