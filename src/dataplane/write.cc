#include "dataplane/write.h"

#include "dataplane/decide.h"
#include "table/key_layout.h"

namespace stator::dataplane {
namespace {

using item::ItemView;

WriteResult Finish(const WriteRequest& request, table::Changed changed) {
  WriteResult result;
  result.capacity = WriteUnits(changed);
  result.return_values = request.return_values;
  result.changed = std::move(changed);
  return result;
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

Task<Result<WriteResult>> Put(table::Mutator& mutator, const PutRequest& request, Lane& lane) {
  const ItemView item(request.item);
  STATOR_CO_TRY(const std::string key, table::TableKey(*request.table, item, table::KeySource::kItem));
  STATOR_CO_OK(CheckItem(*request.table, item));
  const auto decide = [&](ItemView before) { return DecidePut(request, before); };
  STATOR_CO_TRY(table::Changed changed, co_await mutator.Mutate({*request.table, key, decide}, lane));
  co_return Finish(request, std::move(changed));
}

Task<Result<WriteResult>> Delete(table::Mutator& mutator, const DeleteRequest& request, Lane& lane) {
  STATOR_CO_TRY(const std::string key, table::TableKey(*request.table, ItemView(request.key), table::KeySource::kKey));
  const auto decide = [&](ItemView before) { return DecideDelete(request, before); };
  STATOR_CO_TRY(table::Changed changed, co_await mutator.Mutate({*request.table, key, decide}, lane));
  co_return Finish(request, std::move(changed));
}

Task<Result<WriteResult>> Update(table::Mutator& mutator, const UpdateRequest& request, Lane& lane) {
  STATOR_CO_TRY(const std::string key, table::TableKey(*request.table, ItemView(request.key), table::KeySource::kKey));
  STATOR_CO_OK(CheckUpdate(request));
  std::string updated;
  const auto decide = [&](ItemView before) { return DecideUpdate(request, before, UpdateSize::kSingle, &updated); };
  Result<table::Changed> changed = co_await mutator.Mutate({*request.table, key, decide}, lane);
  if (!changed.ok()) co_return AsUpdateError(std::move(changed).error());
  WriteResult result = Finish(request, std::move(changed).value());
  result.updated = std::move(updated);
  co_return result;
}

}  // namespace stator::dataplane
