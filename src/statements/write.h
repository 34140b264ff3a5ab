// Runs a planned statement that writes, alone: not in a transaction.
#pragma once

#include "dataplane/transact.h"

namespace stator::statements {

// As Put, Update and Delete; `action` is borrowed until the task is done. REQUIRES: not a CheckRequest.
Task<Result<dataplane::WriteResult>> RunWrite(table::Mutator& mutator, const dataplane::TransactAction& action,
                                              Lane& lane);

}  // namespace stator::statements
