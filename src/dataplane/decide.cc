#include "dataplane/decide.h"

#include <algorithm>

#include "dataplane/limits.h"
#include "errors/dataplane.h"
#include "errors/table.h"
#include "table/key_layout.h"

namespace stator::dataplane {
namespace {

using item::ItemView;
using table::Decision;

bool IsKeyAttribute(const catalog::KeySchema& key, const std::string& name) {
  const auto named = [&](const catalog::KeyAttribute& attribute) { return attribute.name == name; };
  return std::any_of(key.hash.begin(), key.hash.end(), named) || std::any_of(key.range.begin(), key.range.end(), named);
}

bool Holds(const WriteRequest& request, ItemView before) {
  if (!before.valid() && request.presence == Presence::kNeeded) return false;
  if (!before.valid() && request.presence == Presence::kNothingIsOk) return true;
  return !request.condition || request.condition->Evaluate(before);
}

bool WantsUpdated(ReturnValues values) {
  return values == ReturnValues::kUpdatedOld || values == ReturnValues::kUpdatedNew;
}

}  // namespace

Status CheckCondition(const WriteRequest& request, ItemView before) {
  const bool duplicate = request.presence == Presence::kNotAllowed && before.valid();
  if (!duplicate && Holds(request, before)) return {};
  Error error = Fail(duplicate ? errors::kDuplicateItem : errors::kConditionFailed);
  if (request.return_item_on_failure && before.valid()) {
    error.detail = std::make_shared<ConditionFailure>(std::string(before.stored()));
  }
  return error;
}

Status CheckItem(const catalog::TableSchema& table, ItemView item) {
  if (item.size_bytes() > kMaxItemBytes) return Fail(errors::kItemTooLarge);
  for (const catalog::IndexSchema& index : table.indexes) {
    if (const auto key = table::IndexKey(table, index, item); !key.ok()) return key.error();
  }
  return {};
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

Result<Decision> DecidePut(const PutRequest& request, ItemView before) {
  STATOR_OK(CheckCondition(request, before));
  return Decision::Put(request.item);
}

Result<Decision> DecideDelete(const DeleteRequest& request, ItemView before) {
  STATOR_OK(CheckCondition(request, before));
  return before.valid() ? Decision::Erase() : Decision::Keep();
}

Result<Decision> DecideUpdate(const UpdateRequest& request, ItemView before, UpdateSize measure, std::string* updated) {
  STATOR_OK(CheckCondition(request, before));
  if (!request.update) return before.valid() ? Decision::Keep() : Decision::Put(request.key);
  // Paths that lead nowhere are refused even if nothing would come of the update.
  STATOR_TRY(auto applied, request.update->Apply(before, ItemView(request.key), WantsUpdated(request.return_values)));
  if (!before.valid() && !request.update->CreatesMissing()) return Decision::Keep();
  const ItemView after(applied.item);
  size_t size = after.size_bytes();
  if (measure == UpdateSize::kSingle) {
    size = std::max(size, size - ItemView(request.key).size_bytes() + request.update->size_bytes());
  }
  if (size > kMaxItemBytes) return Fail(errors::kUpdateTooLarge);
  if (request.return_values == ReturnValues::kUpdatedOld) *updated = std::move(applied.updated_old);
  if (request.return_values == ReturnValues::kUpdatedNew) *updated = std::move(applied.updated_new);
  return Decision::Put(std::move(applied.item));
}

}  // namespace stator::dataplane
