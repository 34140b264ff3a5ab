#include "dataplane/write.h"

#include <algorithm>

#include "dataplane/limits.h"
#include "errors/dataplane.h"
#include "errors/table.h"
#include "table/key_layout.h"

namespace stator::dataplane {
namespace {

using item::ItemView;
using table::Decision;

Status CheckCondition(const WriteRequest& request, ItemView before) {
  if (!request.condition || request.condition->Evaluate(before)) return {};
  Error error = Fail(errors::kConditionFailed);
  if (request.return_item_on_failure && before.valid()) {
    error.detail = std::make_shared<ConditionFailure>(std::string(before.stored()));
  }
  return error;
}

WriteResult Finish(const WriteRequest& request, table::Changed changed) {
  WriteResult result;
  result.capacity = WriteUnits(changed);
  result.return_values = request.return_values;
  result.changed = std::move(changed);
  return result;
}

bool IsKeyAttribute(const catalog::KeySchema& key, const std::string& name) {
  const auto named = [&](const catalog::KeyAttribute& attribute) { return attribute.name == name; };
  return std::any_of(key.hash.begin(), key.hash.end(), named) || std::any_of(key.range.begin(), key.range.end(), named);
}

Status CheckUpdate(const UpdateRequest& request) {
  if (!request.update) return {};
  for (const std::string& name : request.update->TopLevelNames()) {
    if (IsKeyAttribute(request.table->key, name)) return Fail(errors::kCannotUpdateKey, name);
  }
  return {};
}

// An update that empties an index key is refused in words that name neither index nor attribute.
Error AsUpdateError(Error error) {
  if (error.id == errors::kEmptyStringIndexKey) return Fail(errors::kUpdateToEmptyIndexKey, "string");
  if (error.id == errors::kEmptyBinaryIndexKey) return Fail(errors::kUpdateToEmptyIndexKey, "binary");
  return error;
}

bool WantsUpdated(ReturnValues values) {
  return values == ReturnValues::kUpdatedOld || values == ReturnValues::kUpdatedNew;
}

// What the update makes of the item; `updated` is set when the parts it touched are asked for.
Result<Decision> DecideUpdate(const UpdateRequest& request, ItemView before, std::string* updated) {
  STATOR_OK(CheckCondition(request, before));
  if (!request.update) return before.valid() ? Decision::Keep() : Decision::Put(request.key);
  // Paths that lead nowhere are refused even if nothing would come of the update.
  STATOR_TRY(auto applied, request.update->Apply(before, ItemView(request.key), WantsUpdated(request.return_values)));
  if (!before.valid() && !request.update->CreatesMissing()) return Decision::Keep();
  const ItemView after(applied.item);
  const size_t size = after.size_bytes();
  const size_t without_key = size - ItemView(request.key).size_bytes();
  if (std::max(size, without_key + request.update->size_bytes()) > kMaxItemBytes) return Fail(errors::kUpdateTooLarge);
  if (request.return_values == ReturnValues::kUpdatedOld) *updated = std::move(applied.updated_old);
  if (request.return_values == ReturnValues::kUpdatedNew) *updated = std::move(applied.updated_new);
  return Decision::Put(std::move(applied.item));
}

}  // namespace

item::ItemView WriteResult::attributes() const {
  switch (return_values) {
    case ReturnValues::kNone:
      return {};
    case ReturnValues::kAllOld:
      return changed.before_item();
    case ReturnValues::kAllNew:
      return changed.after_item();
    case ReturnValues::kUpdatedOld:
    case ReturnValues::kUpdatedNew: {
      const ItemView part = updated.empty() ? ItemView() : ItemView(updated);
      return part.valid() && part.attributes().count() > 0 ? part : ItemView();
    }
  }
  return {};
}

Status CheckItem(const catalog::TableSchema& table, ItemView item) {
  if (item.size_bytes() > kMaxItemBytes) return Fail(errors::kItemTooLarge);
  for (const catalog::IndexSchema& index : table.indexes) {
    if (const auto key = table::IndexKey(table, index, item); !key.ok()) return key.error();
  }
  return {};
}

Task<Result<WriteResult>> Put(table::Mutator& mutator, const PutRequest& request, Lane& lane) {
  const ItemView item(request.item);
  STATOR_CO_TRY(const std::string key, table::TableKey(*request.table, item, table::KeySource::kItem));
  STATOR_CO_OK(CheckItem(*request.table, item));
  const auto decide = [&](ItemView before) -> Result<Decision> {
    STATOR_OK(CheckCondition(request, before));
    return Decision::Put(request.item);
  };
  STATOR_CO_TRY(table::Changed changed, co_await mutator.Mutate({*request.table, key, decide}, lane));
  co_return Finish(request, std::move(changed));
}

Task<Result<WriteResult>> Delete(table::Mutator& mutator, const DeleteRequest& request, Lane& lane) {
  STATOR_CO_TRY(const std::string key, table::TableKey(*request.table, ItemView(request.key), table::KeySource::kKey));
  const auto decide = [&](ItemView before) -> Result<Decision> {
    STATOR_OK(CheckCondition(request, before));
    return before.valid() ? Decision::Erase() : Decision::Keep();
  };
  STATOR_CO_TRY(table::Changed changed, co_await mutator.Mutate({*request.table, key, decide}, lane));
  co_return Finish(request, std::move(changed));
}

Task<Result<WriteResult>> Update(table::Mutator& mutator, const UpdateRequest& request, Lane& lane) {
  STATOR_CO_TRY(const std::string key, table::TableKey(*request.table, ItemView(request.key), table::KeySource::kKey));
  STATOR_CO_OK(CheckUpdate(request));
  std::string updated;
  const auto decide = [&](ItemView before) { return DecideUpdate(request, before, &updated); };
  Result<table::Changed> changed = co_await mutator.Mutate({*request.table, key, decide}, lane);
  if (!changed.ok()) co_return AsUpdateError(std::move(changed).error());
  WriteResult result = Finish(request, std::move(changed).value());
  result.updated = std::move(updated);
  co_return result;
}

}  // namespace stator::dataplane
