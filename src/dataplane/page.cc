#include "dataplane/page.h"

#include <algorithm>

#include "base/pause.h"
#include "dataplane/limits.h"
#include "errors/dataplane.h"
#include "errors/table.h"
#include "table/key_layout.h"

namespace stator::dataplane::internal {
namespace {

using catalog::IndexSchema;
using item::ItemView;

// Rows a lane reads before the walk moves to a worker: some 200 microseconds of a lane's time.
constexpr int64_t kRowsOnLane = 128;

bool Projects(const IndexSchema& index, const std::string& name) {
  return index.projection == catalog::ProjectionType::kAll ||
         std::binary_search(index.projected.begin(), index.projected.end(), name);
}

// Whether a local index must fetch the item itself.
bool NeedsFetch(const PageRequest& request) {
  const IndexSchema* index = request.index;
  if (!index || index->projection == catalog::ProjectionType::kAll) return false;
  if (request.select == Select::kAllAttributes) return true;
  return request.select == Select::kSpecific &&
         std::any_of(request.wanted.begin(), request.wanted.end(),
                     [&](const std::string& name) { return !Projects(*index, name); });
}

class Walk {
 public:
  Walk(const Reader& reader, const PageRequest& request, const Bounds& bounds, engine::Order order, Sink each)
      : engine_(reader.engine),
        request_(request),
        fetch_(NeedsFetch(request)),
        cursor_(reader.engine.Range(request.index ? request.index->space : request.table->space, bounds.from, bounds.to,
                                    order)),
        each_(each) {}

  // Up to `rows` more rows. False: the page is complete.
  Result<bool> Step(int64_t rows) {
    for (; rows > 0; --rows) {
      if (!cursor_->Valid()) {
        STATOR_OK(cursor_->status());
        return false;
      }
      STATOR_OK(TakeRow(ItemView(cursor_->value())));
      if (Full()) return false;
      cursor_->Next();
    }
    return true;
  }

  PageResult Finish() {
    if (request_.index) {
      result_.capacity.AddIndex(request_.index, ReadUnits(result_.bytes, request_.consistent));
    } else {
      result_.capacity.table += ReadUnits(result_.bytes, request_.consistent);
    }
    return std::move(result_);
  }

 private:
  // A page that stops says where, even if nothing follows: it does not look.
  bool Full() {
    const bool full = (request_.limit && result_.scanned >= *request_.limit) || result_.bytes >= request_.max_bytes;
    if (full) result_.last_key = table::KeyItem(*request_.table, request_.index, ItemView(cursor_->value()));
    return full;
  }

  Status TakeRow(ItemView row) {
    ++result_.scanned;
    result_.bytes += row.size_bytes();
    if (!fetch_) {
      Offer(row);
      return {};
    }
    STATOR_TRY(const std::string key, table::TableKey(*request_.table, row, table::KeySource::kItem));
    engine::Value whole;
    STATOR_TRY(const bool found, engine_.Get(request_.table->space, key, &whole));
    if (!found) return {};  // erased since the cursor was made
    const ItemView item(whole.bytes);
    result_.capacity.table += ReadUnits(item.size_bytes(), request_.consistent);
    Offer(item);
    return {};
  }

  void Offer(ItemView item) {
    if (request_.filter && !request_.filter->Evaluate(item)) return;
    ++result_.count;
    if (request_.select != Select::kCount) each_(item);
  }

  const engine::Engine& engine_;
  const PageRequest& request_;
  const bool fetch_;
  std::unique_ptr<engine::Cursor> cursor_;
  Sink each_;
  PageResult result_;
};

}  // namespace

Status CheckPage(const PageRequest& request) {
  const IndexSchema* index = request.index;
  if (!index || index->local) return {};
  if (request.consistent) return Fail(errors::kConsistentGlobalIndex);
  if (index->projection == catalog::ProjectionType::kAll) return {};
  if (request.select == Select::kAllAttributes) return Fail(errors::kSelectAllOnIndex, index->name);
  if (request.select != Select::kSpecific) return {};
  std::string missing;
  for (const std::string& name : request.wanted) {
    if (!Projects(*index, name)) missing += (missing.empty() ? "" : ", ") + name;
  }
  if (!missing.empty()) return Fail(errors::kIndexDoesNotProject, index->name, "[" + missing + "]");
  return {};
}

Error UnfitStartKey() { return Fail(errors::kStartKeyInvalidBecause, Fail(errors::kKeyDoesNotMatchSchema).text); }

Result<std::string> StartKey(const PageRequest& request) {
  const ItemView key(request.start_key);
  std::vector<std::string> names;
  const auto add = [&](const catalog::KeySchema& schema) {
    for (const auto* part : {&schema.hash, &schema.range}) {
      for (const catalog::KeyAttribute& attribute : *part) names.push_back(attribute.name);
    }
  };
  add(request.table->key);
  if (request.index) add(request.index->key);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (key.attributes().count() != names.size()) return Fail(errors::kStartKeyInvalid);
  for (const std::string& name : names) {
    if (!key.Find(name).valid()) return UnfitStartKey();
  }
  const std::string table_part = table::KeyItem(*request.table, nullptr, key);
  auto table_key = table::TableKey(*request.table, ItemView(table_part), table::KeySource::kKey);
  if (!table_key.ok()) return Fail(errors::kStartKeyInvalidBecause, table_key.error().text);
  if (!request.index) return table_key;
  auto index_key = table::IndexKey(*request.table, *request.index, key);
  if (!index_key.ok()) return Fail(errors::kStartKeyInvalidBecause, index_key.error().text);
  return std::move(index_key).value().key;
}

Task<Result<PageResult>> WalkPage(const Reader& reader, const PageRequest& request, Bounds bounds, engine::Order order,
                                  Lane& lane, Sink each) {
  if (!bounds.to.empty() && bounds.from >= bounds.to) {
    PageResult nothing;
    if (request.index) {
      nothing.capacity.AddIndex(request.index, ReadUnits(0, request.consistent));
    } else {
      nothing.capacity.table = ReadUnits(0, request.consistent);
    }
    co_return nothing;
  }
  Walk walk(reader, request, bounds, order, each);
  STATOR_CO_TRY(bool more, walk.Step(kRowsOnLane));
  if (more) {
    co_await ToWorker(reader.workers);
    Result<bool> stepped = walk.Step(INT64_MAX);
    co_await ToLane(lane);
    if (!stepped.ok()) co_return std::move(stepped).error();
  }
  co_return walk.Finish();
}

}  // namespace stator::dataplane::internal
