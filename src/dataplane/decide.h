// What each kind of write makes of an item: the functions that storage is handed. Shared by single writes and
// transactions.
#pragma once

#include <string>

#include "dataplane/write.h"
#include "errors/result.h"
#include "item/value.h"
#include "table/mutate.h"

namespace stator::dataplane {

// Presence and condition: kDuplicateItem or kConditionFailed, with the item if it is asked for.
Status CheckCondition(const WriteRequest& request, item::ItemView before);

Result<table::Decision> DecidePut(const PutRequest& request, item::ItemView before);
Result<table::Decision> DecideDelete(const DeleteRequest& request, item::ItemView before);

// How an update is measured against the limit of 400 KB (notes/dynamodb.md, section 4, "Sizes").
enum class UpdateSize : uint8_t {
  kSingle,       // the new item, and what UpdateItem's own arithmetic says
  kTransaction,  // the new item
};
// `updated` is set when the parts it touched are asked for. An error of an index key becomes the caller's by
// AsUpdateError.
Result<table::Decision> DecideUpdate(const UpdateRequest& request, item::ItemView before, UpdateSize measure,
                                     std::string* updated);

// That an update names no key attribute.
Status CheckUpdate(const UpdateRequest& request);

// An update that empties an index key is refused in words that name neither index nor attribute.
Error AsUpdateError(Error error);

}  // namespace stator::dataplane
