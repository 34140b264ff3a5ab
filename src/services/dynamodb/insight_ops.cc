// Kinesis destinations and Contributor Insights: disabled for every table. There is no Kinesis service behind this
// endpoint, so that a stream a client names is one that does not exist.
#include "errors/catalog.h"
#include "errors/infrastructure.h"
#include "errors/streams.h"
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

std::string InsightReply(const catalog::TableSchema& table, Bytes index) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("TableName").String(table.name);
  if (!index.empty()) out.Key("IndexName").String(index);
  out.Key("ContributorInsightsStatus").String("DISABLED").EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

Answer DescribeDestination(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const TableRef table, FindTable(tables, call.body, errors::kTableNotFound));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("TableName").String(table->name);
  out.Key("KinesisDataStreamDestinations").BeginArray().EndArray().EndObject();
  return reply;
}

// StreamArn is that of a Kinesis data stream: arn:PARTITION:kinesis:REGION:ACCOUNT:stream/NAME
Result<Bytes> ReadStream(json::Value body) {
  const Bytes arn = TextField(body, "StreamArn");
  const size_t service = arn.find(":kinesis:");
  const size_t stream = arn.find(":stream/");
  const bool formed = arn.substr(0, 4) == "arn:" && service != Bytes::npos && arn.find(':', 4) == service &&
                      stream != Bytes::npos && stream > service && stream + 8 < arn.size();
  if (!formed) return Fail(errors::kStreamArnInvalid, arn);
  return arn;
}

Answer EnableDestination(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const Bytes stream, ReadStream(call.body));
  const Result<TableRef> table = FindTable(tables, call.body, errors::kTableNotFound);
  if (!table.ok()) return table.error();
  return Fail(errors::kStreamNotFound, stream);
}

Answer DisableDestination(const TableAccess& tables, const Call& call) {
  const Result<Bytes> stream = ReadStream(call.body);
  if (!stream.ok()) return stream.error();
  const Result<TableRef> table = FindTable(tables, call.body, errors::kTableNotFound);
  if (!table.ok()) return table.error();
  return Fail(errors::kKinesisNotActive);
}

Answer UpdateDestination(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const Bytes stream, ReadStream(call.body));
  const json::Value wanted = json::Given(call.body, "UpdateKinesisStreamingConfiguration");
  if (!wanted.valid() || !json::Given(wanted, "ApproximateCreationDateTimePrecision").valid()) {
    return Fail(errors::kKinesisUnchanged);
  }
  STATOR_TRY(const TableRef table, FindTable(tables, call.body, errors::kTableNotFound));
  return Fail(errors::kKinesisUnknown, stream, table->name);
}

// The table of TableName, which has the index of IndexName if one is given.
Result<TableRef> FindWatched(const TableAccess& tables, json::Value body) {
  STATOR_TRY(TableRef table, FindTable(tables, body, errors::kTableNotFound));
  const Bytes index = TextField(body, "IndexName");
  if (!index.empty() && !table->FindIndex(index)) return Fail(errors::kInsightIndexNotFound, table->name, index);
  return table;
}

Answer DescribeInsights(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const TableRef table, FindWatched(tables, call.body));
  return InsightReply(*table, TextField(call.body, "IndexName"));
}

Answer UpdateInsights(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const TableRef table, FindWatched(tables, call.body));
  if (TextField(call.body, "ContributorInsightsAction") == "ENABLE") {
    return Fail(errors::kOperationUnavailable, "Contributor Insights");
  }
  return InsightReply(*table, TextField(call.body, "IndexName"));
}

Answer ListInsights(const TableAccess& tables, const Call& call) {
  if (json::Given(call.body, "TableName").valid()) {
    const Result<TableRef> table = FindTable(tables, call.body, errors::kTableNotFound);
    if (!table.ok()) return table.error();
  }
  return EmptyPage(call.body, "ContributorInsightsSummaries");
}

}  // namespace

// --- Register. ---

void RegisterInsightOps(dispatch::Registry& registry, const TableAccess& tables) {
  AddReply(registry, tables, "DescribeKinesisStreamingDestination", model::kDescribeKinesisStreamingDestinationInput,
           DescribeDestination, Partly("no table has a destination."));
  AddReply(registry, tables, "EnableKinesisStreamingDestination", model::kEnableKinesisStreamingDestinationInput,
           EnableDestination,
           Unavailable("there are no Kinesis streams; ResourceNotFoundException for whatever is named. Streams of the "
                       "table are served."));
  AddReply(registry, tables, "UpdateKinesisStreamingDestination", model::kUpdateKinesisStreamingDestinationInput,
           UpdateDestination,
           Unavailable("no table has a destination; ValidationException, in words that no manual confirms."));
  AddReply(registry, tables, "DisableKinesisStreamingDestination", model::kDisableKinesisStreamingDestinationInput,
           DisableDestination,
           Partly("no table has a destination; ValidationException, in words that no manual confirms."));
  AddReply(registry, tables, "DescribeContributorInsights", model::kDescribeContributorInsightsInput, DescribeInsights,
           Partly("ContributorInsightsStatus is DISABLED."));
  AddReply(registry, tables, "UpdateContributorInsights", model::kUpdateContributorInsightsInput, UpdateInsights,
           Partly("disabling changes nothing and succeeds; enabling answers ValidationException."));
  AddReply(registry, tables, "ListContributorInsights", model::kListContributorInsightsInput, ListInsights,
           Partly("they are enabled for no table, and so the list is empty."));
}

}  // namespace stator::services::dynamodb
