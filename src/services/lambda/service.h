// The Lambda API: what its operations work on, and their registration, one function and file per family.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/lane.h"
#include "dispatch/operation.h"
#include "functions/functions.h"
#include "runtime/async_queue.h"
#include "runtime/invoker.h"
#include "services/lambda/downloads.h"

namespace stator::services::lambda {

// Borrowed by every operation; outlives the registry.
struct Needs {
  functions::Functions& functions;
  runtime::Invoker& invoker;
  runtime::AsyncQueue& events;
  Downloads& downloads;
  const Clock& clock;
};

void RegisterFunctionOps(dispatch::Registry& registry, const Needs& needs);     // create, get, list, delete
void RegisterUpdateOps(dispatch::Registry& registry, const Needs& needs);       // code, configuration
void RegisterInvokeOps(dispatch::Registry& registry, const Needs& needs);       // Invoke
void RegisterVersionOps(dispatch::Registry& registry, const Needs& needs);      // PublishVersion, ...
void RegisterAliasOps(dispatch::Registry& registry, const Needs& needs);        // CreateAlias, ...
void RegisterConcurrencyOps(dispatch::Registry& registry, const Needs& needs);  // reserved, account, recursion
void RegisterEventInvokeOps(dispatch::Registry& registry, const Needs& needs);  // PutFunctionEventInvokeConfig, ...
void RegisterPermissionOps(dispatch::Registry& registry, const Needs& needs);   // AddPermission, ...
void RegisterTagOps(dispatch::Registry& registry, const Needs& needs);          // TagResource, ...
void RegisterLayerOps(dispatch::Registry& registry, const Needs& needs);        // what is not there: layers, signing
// All of them. The operations on event source mappings register themselves (mapping_ops.h).
void RegisterAll(dispatch::Registry& registry, const Needs& needs);

// How a family registers an operation:
//   AddOperation(registry, "GetAlias", {.method = "GET", .path = ".../aliases/{Name}"}, model::kGetAliasInput,
//                [needs](const dispatch::Call& call) { return GetAlias(needs, call); });
// `route.success` is the status of an answer; {Parameters} are members of the input's shape.
using Run = std::function<Task<dispatch::Answer>(const dispatch::Call&)>;
void AddOperation(dispatch::Registry& registry, std::string_view name, const dispatch::RestRoute& route,
                  const dispatch::Shape& input, Run run);

}  // namespace stator::services::lambda
