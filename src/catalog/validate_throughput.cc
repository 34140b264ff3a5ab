#include "catalog/validate_throughput.h"

#include <algorithm>

#include "errors/catalog.h"
#include "json/lenient.h"

namespace stator::catalog {
namespace {

constexpr int64_t kMaxUnits = 1'000'000'000'000;
constexpr WarmThroughput kOnDemandStart{.read = 12'000, .write = 4'000};

Result<int64_t> ReadUnits(json::Value provisioned, Bytes name) {
  const int64_t units = json::WholeNumber(provisioned.Find(name));
  if (units > kMaxUnits) return Fail(errors::kUnitsOutOfBounds, units, name);
  return units;
}

Result<std::optional<int64_t>> ReadCap(json::Value on_demand, Bytes name, BillingMode billing, Creating creating) {
  const json::Value given = json::Given(on_demand, name);
  if (!given.valid()) return std::optional<int64_t>();
  if (billing == BillingMode::kProvisioned) {
    return Fail(creating == Creating::kYes ? errors::kOnDemandWhenProvisioned : errors::kOnDemandOnProvisioned, name);
  }
  const int64_t cap = json::WholeNumber(given);
  if (cap < -1 || cap == 0 || cap > kMaxUnits) return Fail(errors::kOnDemandRange, name);
  return std::optional<int64_t>(cap);
}

Status ReadWarmUnits(json::Value given, Bytes name, int64_t current, Creating creating, int64_t* units) {
  *units = current;
  const json::Value value = json::Given(given, name);
  if (!value.valid()) return {};
  *units = json::WholeNumber(value);
  if (*units < 1 || *units > kMaxUnits) return Fail(errors::kUnitsOutOfBounds, *units, name);
  if (creating == Creating::kNo && *units < current) return Fail(errors::kWarmDecrease, name);
  return {};
}

}  // namespace

BillingMode ReadBillingMode(json::Value request, BillingMode otherwise) {
  const json::Value given = json::Given(request, "BillingMode");
  if (!given.valid()) return otherwise;
  return given.text() == "PAY_PER_REQUEST" ? BillingMode::kPayPerRequest : BillingMode::kProvisioned;
}

Result<Throughput> ReadProvisioned(json::Value provisioned) {
  Throughput throughput;
  STATOR_TRY(throughput.read, ReadUnits(provisioned, "ReadCapacityUnits"));
  STATOR_TRY(throughput.write, ReadUnits(provisioned, "WriteCapacityUnits"));
  return throughput;
}

Result<Throughput> ReadTableThroughput(json::Value request, BillingMode billing) {
  const json::Value provisioned = json::Given(request, "ProvisionedThroughput");
  if (billing == BillingMode::kPayPerRequest) {
    if (provisioned.valid()) return Fail(errors::kUnitsWhenOnDemand);
    return Throughput();
  }
  if (!provisioned.valid()) return Fail(errors::kUnitsMissing);
  return ReadProvisioned(provisioned);
}

Result<std::optional<OnDemandThroughput>> ReadOnDemand(json::Value given, BillingMode billing, Creating creating) {
  if (!given.valid()) return std::optional<OnDemandThroughput>();
  OnDemandThroughput caps;
  STATOR_TRY(caps.max_read, ReadCap(given, "MaxReadRequestUnits", billing, creating));
  STATOR_TRY(caps.max_write, ReadCap(given, "MaxWriteRequestUnits", billing, creating));
  return std::optional<OnDemandThroughput>(caps);
}

Result<std::optional<WarmThroughput>> ReadWarm(json::Value given, const WarmThroughput& current, Creating creating) {
  if (!given.valid()) return std::optional<WarmThroughput>();
  WarmThroughput warm;
  STATOR_OK(ReadWarmUnits(given, "ReadUnitsPerSecond", current.read, creating, &warm.read));
  STATOR_OK(ReadWarmUnits(given, "WriteUnitsPerSecond", current.write, creating, &warm.write));
  return std::optional<WarmThroughput>(warm);
}

WarmThroughput WarmOf(const std::optional<WarmThroughput>& given, BillingMode billing, const Throughput& provisioned) {
  WarmThroughput warm =
      billing == BillingMode::kPayPerRequest ? kOnDemandStart : WarmThroughput{provisioned.read, provisioned.write};
  if (given) {
    warm.read = std::max(warm.read, given->read);
    warm.write = std::max(warm.write, given->write);
  }
  return warm;
}

}  // namespace stator::catalog
