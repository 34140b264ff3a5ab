// Query and Scan: read the fields, walk a page, write its items as they come.
#include "dataplane/read.h"
#include "errors/dataplane.h"
#include "errors/expression.h"
#include "errors/item.h"
#include "item/wire.h"
#include "json/lenient.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/parameters.h"
#include "services/dynamodb/reply.h"
#include "services/dynamodb/service.h"

namespace stator::services::dynamodb {
namespace {

using dataplane::Select;
using dispatch::Answer;
using dispatch::Call;
using item::ItemView;

// --- Read the fields. ---

// What Query and Scan share beyond their PageRequest.
struct Page {
  std::optional<expression::Projection> projection;
};

// The service says of numbers what is wrong without saying where (as a peer measured it).
bool IsOfNumbers(ErrorId id) {
  return id.OneOf({errors::kNumberEmpty, errors::kNumberUnparsable, errors::kNumberTooManyDigits,
                   errors::kNumberOverflow, errors::kNumberUnderflow});
}

Status CheckStartKey(json::Value body, std::string* start_key) {
  const json::Value wire = Field(body, "ExclusiveStartKey");
  if (!wire.valid()) return {};
  auto read = ReadKey(wire);
  if (!read.ok()) {
    if (read.error().type() != ErrorType::ValidationException || IsOfNumbers(read.error().id)) {
      return std::move(read).error();
    }
    return Fail(errors::kStartKeyInvalidBecause, read.error().text);
  }
  *start_key = std::move(read).value();
  return {};
}

Result<Select> ReadSelect(json::Value body) {
  const Bytes select = TextField(body, "Select");
  const bool on_index = Field(body, "IndexName").valid();
  const bool expression = Field(body, "ProjectionExpression").valid();
  const bool projected = expression || Field(body, "AttributesToGet").valid();
  if (select.empty()) {
    if (projected) return Select::kSpecific;
    return on_index ? Select::kAllProjected : Select::kAllAttributes;
  }
  if (select == "SPECIFIC_ATTRIBUTES") {
    if (!projected) return Fail(errors::kSelectSpecific);
    return Select::kSpecific;
  }
  if (projected) {
    return Fail(errors::kSelectWithProjection, expression ? "ProjectionExpression" : "AttributesToGet",
                select == "COUNT" ? Bytes("only the Count") : select);
  }
  if (select == "COUNT") return Select::kCount;
  if (select == "ALL_ATTRIBUTES") return Select::kAllAttributes;
  if (!on_index) return Fail(errors::kSelectProjected);
  return Select::kAllProjected;
}

// The faults of a request are looked for in the order of the functions from here to the table (peer: dynalite,
// validations/query.js and scan.js). First what is older than expressions, and where the page begins.
Status ReadLegacy(json::Value body, expression::Binder& binder, Bytes filter, dataplane::PageRequest* request,
                  Page* page) {
  if (!Field(body, "FilterExpression").valid()) {
    STATOR_TRY(request->filter, ReadFilter(body, binder, filter));
  }
  if (!Field(body, "ProjectionExpression").valid()) {
    STATOR_TRY(page->projection, ReadProjection(body, binder));
  }
  return CheckStartKey(body, &request->start_key);
}

Status ReadFilterExpression(json::Value body, expression::Binder& binder, dataplane::PageRequest* request) {
  if (!Field(body, "FilterExpression").valid()) return {};
  STATOR_TRY(request->filter, ReadFilter(body, binder, {}));
  return {};
}

Status ReadProjectionExpression(json::Value body, expression::Binder& binder, Page* page) {
  if (!Field(body, "ProjectionExpression").valid()) return {};
  STATOR_TRY(page->projection, ReadProjection(body, binder));
  return {};
}

// What has no faults of its own left.
void ReadRest(json::Value body, const Page& page, dataplane::PageRequest* request) {
  if (page.projection) request->wanted = page.projection->TopLevelNames();
  request->limit = NumberField(body, "Limit");
  request->consistent = FlagField(body, "ConsistentRead");
}

Status FindTable(const Items& items, json::Value body, const expression::Binder& binder,
                 dataplane::PageRequest* request) {
  STATOR_TRY(request->table, TableOf(items.catalog, TextField(body, "TableName")));
  request->nested = binder.NestedNames();
  STATOR_TRY(request->index, dataplane::FindIndex(*request->table, TextField(body, "IndexName")));
  return {};
}

Status ReadKeyCondition(json::Value body, expression::Binder& binder, dataplane::QueryRequest* request) {
  if (const json::Value text = Field(body, "KeyConditionExpression"); text.valid()) {
    STATOR_TRY(request->key, expression::ParseKeyCondition(text.text(), binder));
    return {};
  }
  request->legacy_key = true;
  STATOR_TRY(request->key, expression::KeyComparisonsFromKeyConditions(Field(body, "KeyConditions")));
  return {};
}

Result<Select> ReadSelectOfQuery(json::Value body) {
  auto select = ReadSelect(body);
  if (select.ok() || select.error().id != errors::kSelectSpecific) return select;
  // Query, not Scan, puts the prefix before this one (as a peer measured it).
  return Fail(errors::kInvalidInWrite, select.error().text);
}

Result<Page> ReadQuery(const Items& items, json::Value body, dataplane::QueryRequest* request) {
  Page page;
  STATOR_OK(expression::RefuseMixed(body));
  STATOR_TRY(expression::Binder binder,
             ReadBinder(body, {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"},
                        "FilterExpression and KeyConditionExpression are null"));
  STATOR_OK(ReadLegacy(body, binder, "QueryFilter", request, &page));
  request->legacy_filter = Field(body, "QueryFilter").valid();
  const json::Value key = Field(body, "KeyConditionExpression");
  if (key.valid() && key.text().empty()) {
    STATOR_OK(ReadKeyCondition(body, binder, request));
  }
  STATOR_OK(ReadFilterExpression(body, binder, request));
  if (TextField(body, "ProjectionExpression").empty()) {
    STATOR_OK(ReadProjectionExpression(body, binder, &page));
  }
  if (!key.valid() && !Field(body, "KeyConditions").valid()) return Fail(errors::kNoKeyCondition);
  STATOR_TRY(request->select, ReadSelectOfQuery(body));
  STATOR_OK(ReadKeyCondition(body, binder, request));
  STATOR_OK(ReadProjectionExpression(body, binder, &page));
  STATOR_OK(binder.CheckAllUsed());
  ReadRest(body, page, request);
  const json::Value forward = Field(body, "ScanIndexForward");
  request->forward = !forward.valid() || json::Truth(forward);
  STATOR_OK(FindTable(items, body, binder, request));
  return page;
}

Status ReadSegments(json::Value body, dataplane::ScanRequest* request) {
  const auto segment = NumberField(body, "Segment");
  const auto segments = NumberField(body, "TotalSegments");
  if (segments && !segment) return Fail(errors::kSegmentMissing);
  if (segment && !segments) return Fail(errors::kTotalSegmentsMissing);
  if (!segments) return {};
  if (*segment >= *segments) return Fail(errors::kSegmentTooLarge, *segment, *segments);
  request->segment = *segment;
  request->segments = *segments;
  return {};
}

Result<Page> ReadScan(const Items& items, json::Value body, dataplane::ScanRequest* request) {
  Page page;
  STATOR_OK(expression::RefuseMixed(body));
  STATOR_TRY(expression::Binder binder,
             ReadBinder(body, {"ProjectionExpression", "FilterExpression"}, "FilterExpression is null"));
  STATOR_OK(ReadLegacy(body, binder, "ScanFilter", request, &page));
  STATOR_OK(ReadSegments(body, request));
  STATOR_OK(ReadFilterExpression(body, binder, request));
  STATOR_OK(ReadProjectionExpression(body, binder, &page));
  STATOR_TRY(request->select, ReadSelect(body));
  STATOR_OK(binder.CheckAllUsed());
  ReadRest(body, page, request);
  STATOR_OK(FindTable(items, body, binder, request));
  return page;
}

// --- Write the reply. ---

// The reply grows while the page is walked: items first, what is known at the end behind them.
class PageReply {
 public:
  PageReply(const dataplane::PageRequest& request, const Page& page) : request_(request), page_(page), out_(&reply_) {
    out_.BeginObject();
    if (request.select != Select::kCount) out_.Key("Items").BeginArray();
  }

  void Add(ItemView item) {
    if (page_.projection) {
      page_.projection->Write(item, out_);
    } else {
      item::WriteItem(item, out_);
    }
  }

  std::string Finish(json::Value body, const dataplane::PageResult& result) {
    if (request_.select != Select::kCount) out_.EndArray();
    out_.Key("Count").Int(result.count).Key("ScannedCount").Int(result.scanned);
    if (!result.last_key.empty()) {
      out_.Key("LastEvaluatedKey");
      item::WriteItem(ItemView(result.last_key), out_);
    }
    if (const CapacityDetail detail = ReadCapacityDetail(body); detail != CapacityDetail::kNone) {
      out_.Key("ConsumedCapacity");
      WriteCapacity(TextField(body, "TableName"), result.capacity, detail, out_);
    }
    out_.EndObject();
    return std::move(reply_);
  }

 private:
  const dataplane::PageRequest& request_;
  const Page& page_;
  std::string reply_;
  json::Writer out_;
};

// --- Run. ---

// `read` fills the request from the body, `walk` is the typed call.
template <class Request, auto read, auto walk>
Task<Answer> RunPage(Items items, const Call& call) {
  Request request;
  STATOR_CO_TRY(const Page page, read(items, call.body, &request));
  PageReply reply(request, page);
  const auto add = [&](ItemView item) { reply.Add(item); };
  const dataplane::Reader reader{items.tables.engine(), items.workers};
  STATOR_CO_TRY(const dataplane::PageResult result, co_await walk(reader, request, call.lane, add));
  co_return reply.Finish(call.body, result);
}

Task<Answer> Query(Items items, const Call& call) {
  return RunPage<dataplane::QueryRequest, &ReadQuery, &dataplane::Query>(items, call);
}

Task<Answer> Scan(Items items, const Call& call) {
  return RunPage<dataplane::ScanRequest, &ReadScan, &dataplane::Scan>(items, call);
}

}  // namespace

// --- Register. ---

void RegisterRangeOps(dispatch::Registry& registry, Items items) {
  registry.Add({kTargetPrefix, "Query", &model::kQueryInput, false,
                [items](const Call& call) { return Query(items, call); }, &WriteErrorDetail});
  registry.Add({kTargetPrefix, "Scan", &model::kScanInput, false,
                [items](const Call& call) { return Scan(items, call); }, &WriteErrorDetail});
}

}  // namespace stator::services::dynamodb
