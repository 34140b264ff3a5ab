// Tests: select_test.cc, tests/blackbox/partiql.
#include "statements/select.h"

#include "statements/merge.h"

namespace stator::statements {
namespace {

using item::ItemView;

void FillPage(const SelectPlan& plan, bool consistent, dataplane::PageRequest* request) {
  request->table = plan.table;
  request->index = plan.index;
  request->consistent = consistent;
  request->filter = plan.filter;
  request->statement_filter = true;
  request->nested = plan.nested;
  request->wanted = plan.wanted;
  if (plan.columns) {
    request->select = dataplane::Select::kSpecific;
  } else {
    request->select = plan.index ? dataplane::Select::kAllProjected : dataplane::Select::kAllAttributes;
  }
}

Task<Result<SelectResult>> RunScan(const dataplane::Reader& reader, const SelectPlan& plan, SelectOptions options,
                                   Lane& lane, dataplane::Sink each) {
  dataplane::ScanRequest request;
  FillPage(plan, options.consistent, &request);
  request.limit = options.limit;
  if (options.after) request.start_key = std::move(options.after->key);
  STATOR_CO_TRY(dataplane::PageResult page, co_await dataplane::Scan(reader, request, lane, each));
  SelectResult result;
  result.capacity = std::move(page.capacity);
  if (!page.last_key.empty()) result.next = Position{0, std::move(page.last_key)};
  co_return result;
}

// One hash key after the other, until the page is full.
Task<Result<SelectResult>> RunApart(const dataplane::Reader& reader, const SelectPlan& plan, SelectOptions options,
                                    Lane& lane, dataplane::Sink each) {
  SelectResult result;
  size_t bytes = 0;
  size_t at = options.after ? options.after->partition : 0;
  std::string start = options.after ? std::move(options.after->key) : std::string();
  for (; at < plan.partitions.size(); ++at) {
    dataplane::QueryRequest request = QueryOf(plan, at, options.consistent);
    request.limit = options.limit;
    request.max_bytes = dataplane::kPageBytes - bytes;
    request.start_key = std::exchange(start, {});
    STATOR_CO_TRY(dataplane::PageResult page, co_await dataplane::Query(reader, request, lane, each));
    result.capacity.Add(page.capacity);
    bytes += page.bytes;
    if (options.limit) *options.limit -= page.scanned;
    if (page.last_key.empty()) continue;
    result.next = Position{static_cast<uint32_t>(at), std::move(page.last_key)};
    break;
  }
  co_return result;
}

Task<Result<SelectResult>> Finished(Result<SelectResult> result) { co_return result; }

}  // namespace

Result<SelectResult> RunGet(const engine::View& view, const SelectPlan& plan, bool consistent, dataplane::Sink each) {
  STATOR_OK(dataplane::CheckPaths(*plan.table, plan.nested));
  engine::Value value;
  STATOR_TRY(const bool found, dataplane::Get(view, *plan.table, ItemView(plan.key), &value));
  const ItemView item = found ? ItemView(value.bytes) : ItemView();
  SelectResult result;
  result.capacity.table = dataplane::ReadUnits(found ? item.size_bytes() : 0, consistent);
  if (found && (!plan.filter || plan.filter->Evaluate(item))) each(item);
  return result;
}

dataplane::QueryRequest QueryOf(const SelectPlan& plan, size_t partition, bool consistent) {
  dataplane::QueryRequest request;
  FillPage(plan, consistent, &request);
  request.key = plan.partitions[partition];
  request.key.insert(request.key.end(), plan.range.begin(), plan.range.end());
  request.range = plan.more_range;
  request.forward = plan.forward;
  return request;
}

Task<Result<SelectResult>> RunSelect(const dataplane::Reader& reader, const SelectPlan& plan, SelectOptions options,
                                     Lane& lane, dataplane::Sink each) {
  switch (plan.kind) {
    case SelectPlan::Kind::kGet:
      return Finished(RunGet(reader.engine, plan, options.consistent, each));
    case SelectPlan::Kind::kScan:
      return RunScan(reader, plan, std::move(options), lane, each);
    case SelectPlan::Kind::kQuery:
      break;
  }
  if (plan.order == SelectPlan::Order::kMerged) {
    return internal::RunMerged(reader, plan, std::move(options), lane, each);
  }
  return RunApart(reader, plan, std::move(options), lane, each);
}

}  // namespace stator::statements
