// PutItem, UpdateItem and DeleteItem as typed calls: the condition against the item as it is, the new item, the limits,
// what is returned and what it costs.
//
// A request is borrowed until its task is done. Threads: call on `lane`, which is where the task finishes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/task.h"
#include "catalog/schema.h"
#include "dataplane/capacity.h"
#include "errors/result.h"
#include "expression/expression.h"
#include "table/mutate.h"

namespace stator::dataplane {

enum class ReturnValues : uint8_t { kNone, kAllOld, kUpdatedOld, kAllNew, kUpdatedNew };

// What a write asks of there being an item, beside its condition. All but kAny come from statements.
enum class Presence : uint8_t {
  kAny,
  kNeeded,       // else kConditionFailed
  kNotAllowed,   // else kDuplicateItem
  kNothingIsOk,  // the condition is asked of an item only: where there is none it holds
};

struct WriteRequest {
  catalog::TableRef table;
  Presence presence = Presence::kAny;
  std::optional<expression::Condition> condition;
  ReturnValues return_values = ReturnValues::kNone;
  bool return_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure: ALL_OLD
};

struct PutRequest : WriteRequest {
  std::string item;  // stored form
};
struct DeleteRequest : WriteRequest {
  std::string key;  // the Key member, stored form
};
struct UpdateRequest : WriteRequest {
  std::string key;                           // the Key member, stored form
  std::optional<expression::Update> update;  // none: only makes sure that the item is there
};

struct WriteResult {
  table::Changed changed;
  ReturnValues return_values = ReturnValues::kNone;
  std::string updated;  // kUpdatedOld, kUpdatedNew: the touched parts, stored form
  Capacity capacity;

  // What ReturnValues asks for; invalid: no Attributes member. Borrows from this.
  item::ItemView attributes() const;
};

// The item that a failed condition met, for the reply.
struct ConditionFailure : ErrorDetail {
  explicit ConditionFailure(std::string stored) : item(std::move(stored)) {}
  std::string item;  // stored form
};

Task<Result<WriteResult>> Put(table::Mutator& mutator, const PutRequest& request, Lane& lane);
Task<Result<WriteResult>> Delete(table::Mutator& mutator, const DeleteRequest& request, Lane& lane);
Task<Result<WriteResult>> Update(table::Mutator& mutator, const UpdateRequest& request, Lane& lane);

// What PutItem asks of an item beyond its key: usable index keys and the size limit.
Status CheckItem(const catalog::TableSchema& table, item::ItemView item);

}  // namespace stator::dataplane
