#include "services/dynamodb/service.h"

#include "services/dynamodb/infrastructure.h"

namespace stator::services::dynamodb {

void RegisterAll(dispatch::Registry& registry, Items items) {
  RegisterItemOps(registry, items);
  RegisterRangeOps(registry, items);
  RegisterBatchOps(registry, items);
  RegisterTransactOps(registry, items);
  RegisterStatementOps(registry, items);
  RegisterStatementBatchOps(registry, items);
  RegisterStatementTransactOps(registry, items);
  RegisterStreamOps(registry, items.streams);
  const TableAccess tables{
      items.catalog, [&tables = items.tables](const catalog::TableSchema& table, const catalog::IndexSchema* index) {
        const table::Size size = tables.SizeOf(table, index);
        return TableSize{size.rows, size.bytes};
      }};
  RegisterTableOps(registry, tables);
  RegisterTagOps(registry, tables);
  RegisterTimeToLiveOps(registry, tables);
  RegisterAccountOps(registry);
  RegisterInfrastructureOps(registry, tables);
  RegisterPolicyOps(registry, items.catalog, items.streams);
}

}  // namespace stator::services::dynamodb
