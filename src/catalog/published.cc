#include "catalog/published.h"

#include <algorithm>
#include <utility>

namespace stator::catalog {
namespace {

using Tables = Published::Tables;

std::pair<NamespaceId, Bytes> OrderOf(const TableRef& table) { return {table->name_space, table->name}; }

Tables::const_iterator LowerBound(const Tables& tables, NamespaceId name_space, Bytes name) {
  const std::pair<NamespaceId, Bytes> wanted{name_space, name};
  return std::lower_bound(tables.begin(), tables.end(), wanted,
                          [](const TableRef& table, const auto& key) { return OrderOf(table) < key; });
}

}  // namespace

std::shared_ptr<const Tables> Published::All() const {
  const std::lock_guard lock(mutex_);
  return tables_;
}

TableRef Published::Find(NamespaceId name_space, Bytes name) const {
  const std::lock_guard lock(mutex_);
  const auto at = LowerBound(*tables_, name_space, name);
  return at != tables_->end() && OrderOf(*at) == std::pair(name_space, name) ? *at : nullptr;
}

Tables Published::List(NamespaceId name_space, Bytes after, size_t limit) const {
  const std::shared_ptr<const Tables> tables = All();
  Tables found;
  auto at = LowerBound(*tables, name_space, after);
  if (at != tables->end() && OrderOf(*at) == std::pair(name_space, after)) ++at;
  for (; at != tables->end() && (*at)->name_space == name_space && found.size() < limit; ++at) found.push_back(*at);
  return found;
}

void Published::Set(Tables tables) {
  auto next = std::make_shared<Tables>(std::move(tables));
  std::sort(next->begin(), next->end(), [](const TableRef& a, const TableRef& b) { return OrderOf(a) < OrderOf(b); });
  std::shared_ptr<const Tables> last = std::move(next);  // freed after the lock
  const std::lock_guard lock(mutex_);
  tables_.swap(last);
}

void Published::Replace(const TableRef& before, const TableRef& after) {
  Tables next = *All();
  const TableSchema& named = after ? *after : *before;
  const auto at = next.begin() + (LowerBound(next, named.name_space, named.name) - next.cbegin());
  if (!after) {
    next.erase(at);
  } else if (before) {
    *at = after;
  } else {
    next.insert(at, after);
  }
  Set(std::move(next));
}

}  // namespace stator::catalog
