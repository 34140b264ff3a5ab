// Exports to S3, imports and bulk puts from it, of which there are none.
#include "catalog/name.h"
#include "errors/catalog.h"
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

// --- Read fields, run, reply. ---

// The TableArn by which lists are narrowed down; its table need not be there.
Status CheckListed(json::Value body) {
  const json::Value arn = json::Given(body, "TableArn");
  if (!arn.valid()) return {};
  const Result<Bytes> name = catalog::TableNameOfResource(arn.text());
  return name.ok() ? Status() : Status(name.error());
}

Answer ExportTableToPointInTime(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const Bytes name, catalog::TableNameOfResource(TextField(call.body, "TableArn")));
  if (!tables.catalog.Find(catalog::kSharedNamespace, name)) return Fail(errors::kBackupTableNotFound, name);
  return Fail(errors::kRecoveryUnavailable, name);
}

Answer DescribeExport(const TableAccess& /*tables*/, const Call& call) {
  const Bytes arn = TextField(call.body, "ExportArn");
  STATOR_OK(CheckChildArn(arn, "export", "ExportArn"));
  return Fail(errors::kExportNotFound, arn);
}

Answer ListExports(const TableAccess& /*tables*/, const Call& call) {
  STATOR_OK(CheckListed(call.body));
  return EmptyPage(call.body, "ExportSummaries");
}

Answer ImportTable(const TableAccess& tables, const Call& call) {
  const Bytes name = TextField(call.body.Find("TableCreationParameters"), "TableName");
  if (tables.catalog.Find(catalog::kSharedNamespace, name)) return Fail(errors::kTableInUse, name);
  return Fail(errors::kOperationUnavailable, "ImportTable");
}

Answer DescribeImport(const TableAccess& /*tables*/, const Call& call) {
  const Bytes arn = TextField(call.body, "ImportArn");
  STATOR_OK(CheckChildArn(arn, "import", "ImportArn"));
  return Fail(errors::kImportNotFound, arn);
}

Answer ListImports(const TableAccess& /*tables*/, const Call& call) {
  STATOR_OK(CheckListed(call.body));
  return EmptyPage(call.body, "ImportSummaryList");
}

Answer StartBulkPutItems(const TableAccess& tables, const Call& call) {
  const Result<TableRef> table = FindTable(tables, call.body, errors::kTableNotFound);
  if (!table.ok()) return table.error();
  return Fail(errors::kOperationUnavailable, "StartBulkPutItems");
}

// DescribeBulkOperation, CancelBulkOperation. What follows "arn:PARTITION:dynamodb:" is not looked at: it names
// nothing.
Answer FindBulkOperation(const TableAccess& /*tables*/, const Call& call) {
  const Bytes arn = TextField(call.body, "BulkOperationArn");
  const size_t service = arn.find(":dynamodb:");
  if (arn.substr(0, 4) != "arn:" || service == Bytes::npos || arn.find(':', 4) != service) {
    return Fail(errors::kResourceArnInvalid, "BulkOperationArn", arn);
  }
  return Fail(errors::kBulkOperationNotFound, arn);
}

Answer ListBulkOperations(const TableAccess& /*tables*/, const Call& call) {
  return EmptyPage(call.body, "BulkOperationsSummaryList");
}

}  // namespace

// --- Register. ---

void RegisterTransferOps(dispatch::Registry& registry, const TableAccess& tables) {
  AddReply(
      registry, tables, "ExportTableToPointInTime", model::kExportTableToPointInTimeInput, ExportTableToPointInTime,
      Unavailable("nothing is kept to export from; PointInTimeRecoveryUnavailableException. `stator dump` writes a "
                  "table to a file."));
  AddReply(registry, tables, "DescribeExport", model::kDescribeExportInput, DescribeExport,
           Partly("there are no exports; ExportNotFoundException for whatever is named."));
  AddReply(registry, tables, "ListExports", model::kListExportsInput, ListExports,
           Partly("there are no exports, and so the list is empty."));
  AddReply(registry, tables, "ImportTable", model::kImportTableInput, ImportTable,
           Unavailable("nothing is read from S3; ValidationException. `stator load` reads a table from a file."));
  AddReply(registry, tables, "DescribeImport", model::kDescribeImportInput, DescribeImport,
           Partly("there are no imports; ImportNotFoundException for whatever is named."));
  AddReply(registry, tables, "ListImports", model::kListImportsInput, ListImports,
           Partly("there are no imports, and so the list is empty."));
  AddReply(registry, tables, "StartBulkPutItems", model::kStartBulkPutItemsInput, StartBulkPutItems,
           Unavailable("nothing is read from S3; ValidationException for a table that is there."));
  AddReply(registry, tables, "DescribeBulkOperation", model::kDescribeBulkOperationInput, FindBulkOperation,
           Partly("there are no bulk operations; ResourceNotFoundException for whatever is named."));
  AddReply(registry, tables, "CancelBulkOperation", model::kCancelBulkOperationInput, FindBulkOperation,
           Partly("there are no bulk operations; ResourceNotFoundException for whatever is named."));
  AddReply(registry, tables, "ListBulkOperations", model::kListBulkOperationsInput, ListBulkOperations,
           Partly("there are no bulk operations, and so the list is empty."));
}

}  // namespace stator::services::dynamodb
