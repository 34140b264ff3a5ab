// Backups on demand and continuous ones, of which there are none.
//
// ContinuousBackupsStatus is ENABLED, as it is for every table on AWS from its creation, where it does not mean that
// anything is kept either: that is PointInTimeRecoveryStatus, which is DISABLED and stays so.
#include "catalog/name.h"
#include "errors/infrastructure.h"
#include "json/lenient.h"
#include "services/dynamodb/infrastructure.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/parameters.h"

namespace stator::services::dynamodb {
namespace {

using catalog::TableRef;
using dispatch::Answer;
using dispatch::Call;

// --- Act. ---

std::string ContinuousReply() {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("ContinuousBackupsDescription").BeginObject();
  out.Key("ContinuousBackupsStatus").String("ENABLED");
  out.Key("PointInTimeRecoveryDescription").BeginObject();
  out.Key("PointInTimeRecoveryStatus").String("DISABLED");
  out.EndObject().EndObject().EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

Answer CreateBackup(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const TableRef table, FindTable(tables, call.body, errors::kBackupTableNotFound));
  return Fail(errors::kBackupsUnavailable, table->name);
}

// DescribeBackup, DeleteBackup: whatever they name is not there.
Answer FindBackup(const TableAccess& /*tables*/, const Call& call) {
  const Bytes arn = TextField(call.body, "BackupArn");
  STATOR_OK(CheckChildArn(arn, "backup", "BackupArn"));
  return Fail(errors::kBackupNotFound, arn);
}

Answer ListBackups(const TableAccess& /*tables*/, const Call& call) {
  const json::Value table = json::Given(call.body, "TableName");
  if (table.valid()) {
    const Result<Bytes> name = catalog::TableNameOf(table.text(), catalog::NameFor::kTable);
    if (!name.ok()) return name.error();
  }
  const json::Value from = json::Given(call.body, "TimeRangeLowerBound");
  const json::Value to = json::Given(call.body, "TimeRangeUpperBound");
  if (from.valid() && to.valid() && from.real() > to.real()) return Fail(errors::kBackupTimesReversed);
  const json::Value after = json::Given(call.body, "ExclusiveStartBackupArn");
  if (after.valid()) STATOR_OK(CheckChildArn(after.text(), "backup", "ExclusiveStartBackupArn"));
  return std::string(R"({"BackupSummaries":[]})");
}

Answer DescribeContinuousBackups(const TableAccess& tables, const Call& call) {
  const Result<TableRef> table = FindTable(tables, call.body, errors::kBackupTableNotFound);
  if (!table.ok()) return table.error();
  return ContinuousReply();
}

// What is disabled may be disabled.
Answer UpdateContinuousBackups(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const TableRef table, FindTable(tables, call.body, errors::kBackupTableNotFound));
  const json::Value wanted = call.body.Find("PointInTimeRecoverySpecification");
  if (FlagField(wanted, "PointInTimeRecoveryEnabled")) return Fail(errors::kBackupsUnavailable, table->name);
  return ContinuousReply();
}

Result<Bytes> ReadSource(json::Value body) {
  if (const json::Value arn = json::Given(body, "SourceTableArn"); arn.valid()) {
    return catalog::TableNameOfResource(arn.text());
  }
  const json::Value name = json::Given(body, "SourceTableName");
  if (!name.valid()) return Fail(errors::kRestoreSourceMissing);
  return name.text();
}

Status CheckRestoreTime(json::Value body) {
  const bool latest = FlagField(body, "UseLatestRestorableTime");
  const bool time = json::Given(body, "RestoreDateTime").valid();
  if (latest && time) return Fail(errors::kRestoreTimeTwice);
  return latest || time ? Status() : Status(Fail(errors::kRestoreTimeMissing));
}

Answer RestoreTableToPointInTime(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const Bytes source, ReadSource(call.body));
  STATOR_OK(CheckRestoreTime(call.body));
  if (!tables.catalog.Find(catalog::kSharedNamespace, source)) return Fail(errors::kBackupTableNotFound, source);
  const Bytes target = TextField(call.body, "TargetTableName");
  if (tables.catalog.Find(catalog::kSharedNamespace, target)) return Fail(errors::kRestoreTargetExists, target);
  return Fail(errors::kRecoveryUnavailable, source);
}

}  // namespace

// --- Register. ---

void RegisterBackupOps(dispatch::Registry& registry, const TableAccess& tables) {
  AddReply(registry, tables, "CreateBackup", model::kCreateBackupInput, CreateBackup,
           Unavailable("no backups are made; ContinuousBackupsUnavailableException for a table that is there."));
  AddReply(registry, tables, "DescribeBackup", model::kDescribeBackupInput, FindBackup,
           Partly("there are no backups; BackupNotFoundException for whatever is named."));
  AddReply(registry, tables, "DeleteBackup", model::kDeleteBackupInput, FindBackup,
           Partly("there are no backups; BackupNotFoundException for whatever is named."));
  AddReply(registry, tables, "ListBackups", model::kListBackupsInput, ListBackups,
           Partly("there are no backups, and so the list is empty."));
  AddReply(registry, tables, "RestoreTableFromBackup", model::kRestoreTableFromBackupInput, FindBackup,
           Unavailable("there are no backups; BackupNotFoundException for whatever is named."));
  AddReply(
      registry, tables, "DescribeContinuousBackups", model::kDescribeContinuousBackupsInput, DescribeContinuousBackups,
      Partly("PointInTimeRecoveryStatus is DISABLED. ContinuousBackupsStatus is ENABLED as for every table on AWS, "
             "where it does not mean either that anything is kept."));
  AddReply(registry, tables, "UpdateContinuousBackups", model::kUpdateContinuousBackupsInput, UpdateContinuousBackups,
           Partly("disabling changes nothing and succeeds; enabling answers ContinuousBackupsUnavailableException."));
  AddReply(registry, tables, "RestoreTableToPointInTime", model::kRestoreTableToPointInTimeInput,
           RestoreTableToPointInTime,
           Unavailable("nothing is kept to restore from; PointInTimeRecoveryUnavailableException."));
}

}  // namespace stator::services::dynamodb
