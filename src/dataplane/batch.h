// BatchWriteItem as a typed call. (BatchGetItem is a loop over Get; its paging belongs to the reply that grows.)
#pragma once

#include <string>
#include <vector>

#include "base/task.h"
#include "dataplane/capacity.h"
#include "errors/result.h"
#include "table/mutate.h"

namespace stator::dataplane {

// One PutRequest or DeleteRequest.
struct BatchWrite {
  catalog::TableRef table;
  bool erase = false;
  std::string item;  // the item, or the Key member; stored form
};

struct BatchWriteResult {
  Capacity capacity;  // of this one write
  table::Changed changed;
};

// All writes, in request order, in one commit unless they are too large for one (the service promises less: each on its
// own). Fails on two writes of one item (kBatchDuplicates) and on the first item that does not fit, before anything is
// written.
Task<Result<std::vector<BatchWriteResult>>> WriteBatch(table::Mutator& mutator, const std::vector<BatchWrite>& writes,
                                                       Lane& lane);

}  // namespace stator::dataplane
