// Query: key comparisons to a range of rows, then a page of it.
#include <algorithm>

#include "dataplane/page.h"
#include "dataplane/read.h"
#include "errors/dataplane.h"
#include "item/key.h"
#include "table/key_layout.h"

namespace stator::dataplane {
namespace {

using expression::KeyComparison;
using internal::Bounds;
using item::ValueView;

std::vector<expression::KeyAttribute> Attributes(const std::vector<catalog::KeyAttribute>& schema) {
  std::vector<expression::KeyAttribute> out;
  out.reserve(schema.size());
  for (const catalog::KeyAttribute& attribute : schema) out.push_back({attribute.name, attribute.type});
  return out;
}

const catalog::KeySchema& KeyOf(const PageRequest& request) {
  return request.index ? request.index->key : request.table->key;
}

std::string With(const std::string& prefix, const std::string& encoded_value) {
  std::string out = prefix;
  item::AppendKeyPart(&out, ValueView(encoded_value));
  return out;
}

// The rows under `prefix` whose next key attribute satisfies the comparison. Key parts end themselves, so that a part
// is never the beginning of another and every comparison is a range.
Bounds Narrow(const std::string& prefix, const KeyComparison& comparison) {
  const std::string end = item::PrefixEnd(prefix);
  switch (comparison.op) {
    case KeyComparison::Op::kEqual: {
      std::string at = With(prefix, comparison.value);
      std::string after = item::PrefixEnd(at);
      return {std::move(at), std::move(after)};
    }
    case KeyComparison::Op::kLess:
      return {prefix, With(prefix, comparison.value)};
    case KeyComparison::Op::kLessOrEqual:
      return {prefix, item::PrefixEnd(With(prefix, comparison.value))};
    case KeyComparison::Op::kGreater:
      return {item::PrefixEnd(With(prefix, comparison.value)), end};
    case KeyComparison::Op::kGreaterOrEqual:
      return {With(prefix, comparison.value), end};
    case KeyComparison::Op::kBetween:
      return {With(prefix, comparison.value), item::PrefixEnd(With(prefix, comparison.value2))};
    case KeyComparison::Op::kBeginsWith: {
      std::string at = prefix;
      item::AppendKeyPrefix(&at, ValueView(comparison.value).bytes());
      std::string after = item::PrefixEnd(at);
      return {std::move(at), std::move(after)};
    }
  }
  return {};
}

std::string PartitionOf(const expression::BoundKey& key) {
  std::vector<ValueView> hash;
  hash.reserve(key.hash.size());
  for (const std::string& value : key.hash) hash.emplace_back(Bytes(value));
  return table::HashPrefix(hash);
}

// All but the last range comparison are equalities (expression::BindKey saw to that).
Bounds RangeOf(const expression::BoundKey& key, const std::vector<KeyComparison>& more, const std::string& partition) {
  Bounds bounds{partition, item::PrefixEnd(partition)};
  std::string prefix = partition;
  for (const KeyComparison& comparison : key.range) {
    bounds = Narrow(prefix, comparison);
    if (comparison.op == KeyComparison::Op::kEqual) prefix = bounds.from;
  }
  for (const KeyComparison& comparison : more) {
    Bounds other = Narrow(prefix, comparison);
    bounds.from = std::max(bounds.from, other.from);
    if (bounds.to.empty() || (!other.to.empty() && other.to < bounds.to)) bounds.to = std::move(other.to);
  }
  return bounds;
}

Status CheckFilter(const QueryRequest& request) {
  if (!request.filter || request.statement_filter) return {};
  const catalog::KeySchema& key = KeyOf(request);
  for (const std::string& name : request.filter->TopLevelNames()) {
    for (const auto* part : {&key.hash, &key.range}) {
      for (const catalog::KeyAttribute& attribute : *part) {
        if (attribute.name != name) continue;
        return Fail(request.legacy_filter ? errors::kQueryFilterOnKey : errors::kFilterOnKey, name);
      }
    }
  }
  return {};
}

// Moves the bounds past `start`, the row of ExclusiveStartKey, which must lie within them; empty: there is none.
Status Resume(const QueryRequest& request, const std::string& start, Bytes partition, Bounds* bounds) {
  if (start.empty()) return {};
  if (start.compare(0, partition.size(), partition) != 0) return Fail(errors::kStartKeyOutside);
  if (start < bounds->from || (!bounds->to.empty() && start >= bounds->to)) return Fail(errors::kStartKeyRange);
  if (request.forward) {
    bounds->from = start + '\0';
  } else {
    bounds->to = start;
  }
  return {};
}

}  // namespace

Task<Result<PageResult>> Query(const Reader& reader, const QueryRequest& request, Lane& lane, Sink each) {
  const catalog::KeySchema& schema = KeyOf(request);
  STATOR_CO_OK(internal::CheckPage(request));
  std::string start;
  if (!request.start_key.empty()) {  // the service looks at it before the conditions
    STATOR_CO_TRY(start, internal::StartKey(request));
  }
  STATOR_CO_TRY(const expression::BoundKey key, expression::BindKey(request.key, Attributes(schema.hash),
                                                                    Attributes(schema.range), request.legacy_key));
  STATOR_CO_OK(CheckFilter(request));
  STATOR_CO_OK(CheckPaths(*request.table, request.nested));
  const std::string partition = PartitionOf(key);
  Bounds bounds = RangeOf(key, request.range, partition);
  STATOR_CO_OK(Resume(request, start, partition, &bounds));
  const auto order = request.forward ? engine::Order::kForward : engine::Order::kReverse;
  STATOR_CO_TRY(PageResult result, co_await internal::WalkPage(reader, request, std::move(bounds), order, lane, each));
  co_return result;
}

}  // namespace stator::dataplane
