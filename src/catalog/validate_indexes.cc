#include "catalog/validate_indexes.h"

#include <algorithm>

#include "catalog/validate_throughput.h"
#include "errors/catalog.h"
#include "json/lenient.h"

namespace stator::catalog {
namespace {

constexpr int64_t kMaxLocalIndexes = 5;
constexpr int64_t kMaxGlobalIndexes = 20;
constexpr size_t kMaxProjectedNames = 100;  // over all indexes of a table, each mention counted

Status ReadProjection(json::Value projection, IndexSchema* index) {
  const json::Value type = json::Given(projection, "ProjectionType");
  if (!type.valid()) return Fail(errors::kProjectionTypeMissing);
  const json::Value names = json::Given(projection, "NonKeyAttributes");
  if (type.text() == "INCLUDE") {
    index->projection = ProjectionType::kInclude;
    if (!names.valid()) return Fail(errors::kProjectionWithoutNames);
    for (const json::Value name : names.elements()) index->non_key_attributes.emplace_back(name.text());
    return {};
  }
  if (names.valid()) return Fail(errors::kProjectionWithNames, type.text());
  index->projection = type.text() == "ALL" ? ProjectionType::kAll : ProjectionType::kKeysOnly;
  return {};
}

Status ReadIndexThroughput(json::Value given, BillingMode billing, IndexSchema* index) {
  const json::Value provisioned = json::Given(given, "ProvisionedThroughput");
  if (billing == BillingMode::kPayPerRequest) {
    if (provisioned.valid()) return Fail(errors::kIndexUnitsWhenOnDemand, index->name);
  } else {
    if (!provisioned.valid()) return Fail(errors::kIndexUnitsMissing, index->name);
    STATOR_TRY(index->throughput, ReadProvisioned(provisioned));
  }
  STATOR_TRY(index->on_demand, ReadOnDemand(json::Given(given, "OnDemandThroughput"), billing, Creating::kYes));
  const WarmThroughput warm = WarmOf(std::nullopt, billing, index->throughput);
  STATOR_TRY(index->warm, ReadWarm(json::Given(given, "WarmThroughput"), warm, Creating::kYes));
  return {};
}

Status CheckName(const std::vector<IndexSchema>& indexes, const std::string& name) {
  for (const IndexSchema& index : indexes) {
    if (index.name == name) return Fail(errors::kIndexNameRepeated, name);
  }
  return {};
}

Result<IndexSchema> ReadLocalIndex(json::Value given, const std::string& path, const IndexFrame& frame) {
  IndexSchema index;
  index.name = given.Find("IndexName").text();
  index.local = true;
  STATOR_TRY(index.key, ReadKeySchema(given.Find("KeySchema"), KeyOf::kLocalIndex, path + ".KeySchema", frame.defined,
                                      frame.listed));
  if (index.key.range.empty()) return Fail(errors::kLocalIndexWithoutRange, index.name);
  const std::string& hash = index.key.hash.front().name;
  const std::string& table_hash = frame.table_key.hash.front().name;
  if (hash != table_hash) return Fail(errors::kLocalIndexOtherHash, index.name, hash, table_hash);
  STATOR_OK(ReadProjection(given.Find("Projection"), &index));
  return index;
}

std::string PathOf(Bytes list, size_t index) {
  return std::string(list).append(".").append(std::to_string(index + 1)).append(".member");
}

}  // namespace

Status ReadLocalIndexes(json::Value list, const IndexFrame& frame, std::vector<IndexSchema>* indexes) {
  if (!list.valid()) return {};
  if (list.size() == 0) return Fail(errors::kIndexListEmpty, "LocalSecondaryIndexes");
  if (frame.table_key.range.empty()) return Fail(errors::kLocalIndexTableWithoutRange);
  size_t at = 0;
  for (const json::Value given : list.elements()) {
    STATOR_TRY(IndexSchema index, ReadLocalIndex(given, PathOf("LocalSecondaryIndexes", at++), frame));
    STATOR_OK(CheckName(*indexes, index.name));
    indexes->push_back(std::move(index));
  }
  return {};
}

Status ReadGlobalIndexes(json::Value list, const IndexFrame& frame, std::vector<IndexSchema>* indexes) {
  if (!list.valid()) return {};
  if (list.size() == 0) return Fail(errors::kIndexListEmpty, "GlobalSecondaryIndexes");
  size_t at = 0;
  for (const json::Value given : list.elements()) {
    STATOR_TRY(IndexSchema index, ReadGlobalIndex(given, PathOf("GlobalSecondaryIndexes", at++), frame));
    STATOR_OK(CheckName(*indexes, index.name));
    indexes->push_back(std::move(index));
  }
  return {};
}

Result<IndexSchema> ReadGlobalIndex(json::Value given, const std::string& path, const IndexFrame& frame) {
  IndexSchema index;
  index.name = given.Find("IndexName").text();
  STATOR_TRY(index.key, ReadKeySchema(given.Find("KeySchema"), KeyOf::kGlobalIndex, path + ".KeySchema", frame.defined,
                                      frame.listed));
  STATOR_OK(ReadProjection(given.Find("Projection"), &index));
  STATOR_OK(ReadIndexThroughput(given, frame.billing, &index));
  return index;
}

Status CheckIndexLimits(const std::vector<IndexSchema>& indexes) {
  const auto locals =
      std::count_if(indexes.begin(), indexes.end(), [](const IndexSchema& index) { return index.local; });
  const auto globals = static_cast<int64_t>(indexes.size()) - locals;
  if (locals > kMaxLocalIndexes) return Fail(errors::kTooManyLocalIndexes, kMaxLocalIndexes);
  if (globals > kMaxGlobalIndexes) return Fail(errors::kTooManyGlobalIndexes, kMaxGlobalIndexes);
  size_t projected = 0;
  for (const IndexSchema& index : indexes) projected += index.non_key_attributes.size();
  if (projected > kMaxProjectedNames) return Fail(errors::kTooManyProjectedNames);
  return {};
}

}  // namespace stator::catalog
