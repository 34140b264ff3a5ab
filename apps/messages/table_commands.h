// ddb schema-load, list-tables, drop, scan.
#pragma once

#include <cstdint>

#include "errors/result.h"
#include "session.h"

namespace stator::messages {

Status SchemaLoad(Session&, bool if_missing);
Status ListAllTables(Session&);
Status Drop(Session&);
// At most `limit` rows; 0: all.
Status ScanTable(Session&, uint64_t limit);

}  // namespace stator::messages
