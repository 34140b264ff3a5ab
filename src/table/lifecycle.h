// The background work that the states of tables ask for: filling new indexes, dropping the spaces of what is gone,
// counting after an unclean stop.
#pragma once

#include "table/tables.h"

namespace stator::table {

class Tables::Lifecycle {
 public:
  explicit Lifecycle(Tables& tables) : tables_(tables) {}

  // A published change, on the lane of the change.
  void OnChange(const catalog::TableRef& before, const catalog::TableRef& after);
  Status Start(Lane& lane);
  Status WriteSizes();

 private:
  // Waits until no mutation works under `old` any more; whoever does holds a reference.
  static Task<Status> Drained(std::weak_ptr<const catalog::TableSchema> old, Lane& lane);
  Task<Status> Fill(std::weak_ptr<const catalog::TableSchema> old, catalog::TableRef table, engine::Space index,
                    Lane& lane);
  Task<Status> DropSpace(std::weak_ptr<const catalog::TableSchema> old, engine::Space space, Lane& lane);
  Status FillNow(const catalog::TableSchema& table, engine::Space index) const;
  bool StillCreating(const catalog::TableSchema& table, engine::Space index) const;
  Status CountAgain();

  Tables& tables_;
};

}  // namespace stator::table
