// Billing mode and the three kinds of throughput: provisioned, on-demand caps, warm.
#pragma once

#include <optional>

#include "catalog/schema.h"
#include "errors/result.h"
#include "json/value.h"

namespace stator::catalog {

// PROVISIONED unless the request says otherwise.
BillingMode ReadBillingMode(json::Value request, BillingMode otherwise);

// The units of a ProvisionedThroughput structure, with the bounds the model does not have.
Result<Throughput> ReadProvisioned(json::Value provisioned);

// What CreateTable's BillingMode and ProvisionedThroughput come to.
Result<Throughput> ReadTableThroughput(json::Value request, BillingMode billing);

// OnDemandThroughput of a table or an index, nothing when it is not given. -1 removes a cap.
enum class Creating : uint8_t { kNo, kYes };
Result<std::optional<OnDemandThroughput>> ReadOnDemand(json::Value given, BillingMode billing, Creating creating);

// WarmThroughput of a table or an index; a part that is not given is taken from `current`, which it may not undercut.
Result<std::optional<WarmThroughput>> ReadWarm(json::Value given, const WarmThroughput& current, Creating creating);
// The warm throughput that has not been set: what is provisioned, or what an on-demand table starts with.
WarmThroughput WarmOf(const std::optional<WarmThroughput>& given, BillingMode billing, const Throughput& provisioned);

}  // namespace stator::catalog
