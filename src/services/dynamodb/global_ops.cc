// Global tables of 2017 and auto scaling of replicas: there is one region, and no table has a replica.
#include "errors/catalog.h"
#include "errors/infrastructure.h"
#include "services/dynamodb/infrastructure.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/parameters.h"

namespace stator::services::dynamodb {
namespace {

using catalog::TableRef;
using dispatch::Answer;
using dispatch::Call;

// --- Read fields, run, reply. ---

Answer CreateGlobalTable(const TableAccess& tables, const Call& call) {
  const Bytes name = TextField(call.body, "GlobalTableName");
  if (!tables.catalog.Find(catalog::kSharedNamespace, name)) return Fail(errors::kBackupTableNotFound, name);
  return Fail(errors::kOperationUnavailable, "CreateGlobalTable");
}

// What describes or changes a global table: whatever is named is not there.
Answer FindGlobalTable(const TableAccess& /*tables*/, const Call& call) {
  return Fail(errors::kGlobalTableNotFound, TextField(call.body, "GlobalTableName"));
}

Answer ListGlobalTables(const TableAccess& /*tables*/, const Call& /*call*/) {
  return std::string(R"({"GlobalTables":[]})");
}

Answer DescribeScaling(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const TableRef table, FindTable(tables, call.body, errors::kTableNotFound));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("TableAutoScalingDescription").BeginObject();
  out.Key("TableName").String(table->name);
  out.Key("TableStatus").String(StateName(table->state));
  out.Key("Replicas").BeginArray().EndArray();
  out.EndObject().EndObject();
  return reply;
}

Answer UpdateScaling(const TableAccess& tables, const Call& call) {
  const Result<TableRef> table = FindTable(tables, call.body, errors::kTableNotFound);
  if (!table.ok()) return table.error();
  return Fail(errors::kOperationUnavailable, "UpdateTableReplicaAutoScaling");
}

}  // namespace

// --- Register. ---

void RegisterGlobalOps(dispatch::Registry& registry, const TableAccess& tables) {
  const dispatch::Support none = Partly("there are no global tables; GlobalTableNotFoundException for every name.");
  AddReply(registry, tables, "CreateGlobalTable", model::kCreateGlobalTableInput, CreateGlobalTable,
           Unavailable("there is one region; ValidationException for a table that is there."));
  AddReply(registry, tables, "UpdateGlobalTable", model::kUpdateGlobalTableInput, FindGlobalTable,
           Unavailable("there are no global tables; GlobalTableNotFoundException for every name."));
  AddReply(registry, tables, "DescribeGlobalTable", model::kDescribeGlobalTableInput, FindGlobalTable, none);
  AddReply(registry, tables, "ListGlobalTables", model::kListGlobalTablesInput, ListGlobalTables,
           Partly("there are no global tables, and so the list is empty."));
  AddReply(registry, tables, "UpdateGlobalTableSettings", model::kUpdateGlobalTableSettingsInput, FindGlobalTable,
           Unavailable("there are no global tables; GlobalTableNotFoundException for every name."));
  AddReply(registry, tables, "DescribeGlobalTableSettings", model::kDescribeGlobalTableSettingsInput, FindGlobalTable,
           none);
  AddReply(registry, tables, "DescribeTableReplicaAutoScaling", model::kDescribeTableReplicaAutoScalingInput,
           DescribeScaling, Partly("no table has replicas, and so the list of them is empty."));
  AddReply(registry, tables, "UpdateTableReplicaAutoScaling", model::kUpdateTableReplicaAutoScalingInput, UpdateScaling,
           Unavailable("no table has replicas; ValidationException for a table that is there."));
}

}  // namespace stator::services::dynamodb
