// The list of tables that readers see: immutable, replaced as a whole by a change.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/bytes.h"
#include "catalog/schema.h"

namespace stator::catalog {

// Sorted by name space, then name. No reader keeps a schema longer than what it was given: a change waits for the
// mutations under the old schema (table/lifecycle.h), so nothing here is cached by a thread.
// Threads: reading from any; changing from one at a time.
class Published {
 public:
  using Tables = std::vector<TableRef>;

  // Null if there is none.
  TableRef Find(NamespaceId name_space, Bytes name) const;
  // Names > `after`, in order.
  Tables List(NamespaceId name_space, Bytes after, size_t limit) const;
  std::shared_ptr<const Tables> All() const;

  void Set(Tables tables);
  // A table that appears has no `before`, one that goes no `after`.
  void Replace(const TableRef& before, const TableRef& after);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Tables> tables_ = std::make_shared<Tables>();  // guarded by mutex_
};

}  // namespace stator::catalog
