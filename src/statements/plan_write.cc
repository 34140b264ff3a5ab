// Tests: plan_test.cc.
#include "dataplane/limits.h"
#include "dataplane/read.h"
#include "errors/dataplane.h"
#include "errors/statements.h"
#include "item/value.h"
#include "statements/key_parts.h"
#include "statements/plan.h"

namespace stator::statements {
namespace {

using dataplane::Presence;
using dataplane::ReturnValues;
using dataplane::TransactAction;

// Every key attribute with one value; further conditions are the write's.
template <class Request>
Result<Request> Keyed(const partiql::Where& where, const catalog::TableRef& table, Presence presence) {
  internal::KeyParts parts(where, table->key);
  std::optional<std::string> key = parts.TakeWholeKey();
  if (!key) return Fail(errors::kKeyNotFixed);
  STATOR_OK(dataplane::CheckPaths(*table, where.nested()));
  Request request;
  request.key = std::move(*key);
  request.condition = parts.Rest();
  request.presence = presence;
  request.table = table;
  return request;
}

ReturnValues ReturnValuesOf(partiql::Returning returning) {
  switch (returning) {
    case partiql::Returning::kNone:
      return ReturnValues::kNone;
    case partiql::Returning::kAllOld:
      return ReturnValues::kAllOld;
    case partiql::Returning::kAllNew:
      return ReturnValues::kAllNew;
    case partiql::Returning::kModifiedOld:
      return ReturnValues::kUpdatedOld;
    case partiql::Returning::kModifiedNew:
      return ReturnValues::kUpdatedNew;
  }
  return ReturnValues::kNone;
}

Result<TransactAction> Plan(const partiql::Insert& insert, const catalog::TableRef& table) {
  dataplane::PutRequest put;
  if (item::ItemView(insert.item).size_bytes() > dataplane::kMaxItemBytes) return Fail(errors::kItemTooLarge);
  put.item = insert.item;
  put.presence = Presence::kNotAllowed;
  put.table = table;
  return TransactAction(std::move(put));
}

Result<TransactAction> Plan(const partiql::Update& update, const catalog::TableRef& table) {
  STATOR_OK(dataplane::CheckPaths(*table, update.nested));
  STATOR_TRY(auto request, Keyed<dataplane::UpdateRequest>(update.where, table, Presence::kNeeded));
  request.update = update.update;
  request.return_values = ReturnValuesOf(update.returning);
  return TransactAction(std::move(request));
}

Result<TransactAction> Plan(const partiql::Delete& erase, const catalog::TableRef& table) {
  STATOR_TRY(auto request, Keyed<dataplane::DeleteRequest>(erase.where, table, Presence::kNothingIsOk));
  request.return_values = ReturnValuesOf(erase.returning);
  return TransactAction(std::move(request));
}

Result<TransactAction> Plan(const partiql::Exists& exists, const catalog::TableRef& table) {
  STATOR_TRY(auto request, Keyed<dataplane::CheckRequest>(exists.select.where, table, Presence::kNeeded));
  return TransactAction(std::move(request));
}

Result<TransactAction> Plan(const partiql::Select& /*select*/, const catalog::TableRef& /*table*/) {
  return Fail(errors::kKeyNotFixed);
}

}  // namespace

Result<TransactAction> PlanWrite(const partiql::Statement& statement, const catalog::TableRef& table) {
  return std::visit([&](const auto& one) { return Plan(one, table); }, statement);
}

}  // namespace stator::statements
