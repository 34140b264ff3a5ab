// SELECTs by key that come again and again with other parameters: what is known of a text is kept, so that the next one
// need not be parsed and planned. A thread's own; no locks.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "statements/plan.h"

namespace stator::statements {

// A SELECT from a table whose WHERE gives attributes one value each, and nothing else.
struct KeySelect {
  struct Part {
    std::string attribute;
    std::optional<size_t> parameter;  // which; or
    std::string value;                // encoded
  };
  std::string table;  // as the statement names it
  std::optional<partiql::Columns> columns;
  std::vector<std::string> nested;  // as SelectPlan has it
  std::vector<Part> parts;
  size_t parameters = 0;  // how many the statement has
};

// Nothing if the text is no such statement with so many parameters.
std::optional<KeySelect> ReadKeySelect(Bytes text, size_t parameters);

// The plan with those parameters: a kGet. Nothing if the attributes are not the table's key. REQUIRES: as many
// parameters as the statement has.
std::optional<SelectPlan> PlanKeySelect(const KeySelect& select, std::span<const std::string> parameters,
                                        catalog::TableRef table);

class KeySelects {
 public:
  static KeySelects& OfThread();

  // Null if the text is not known. Valid until the next Saw of this thread.
  const KeySelect* Find(Bytes text, size_t parameters) const;
  // To be told of a text that was planned as a kGet. It is kept from the second time on: one that does not come again
  // costs no more than a hash.
  void Saw(Bytes text, size_t parameters);

 private:
  struct Slot {
    uint64_t hash = 0;
    std::string text;
    std::unique_ptr<const KeySelect> select;
  };
  // A text has one place, and the last one there stays.
  static constexpr size_t kSlots = 256;
  static constexpr size_t kMaxBytes = 1024;

  std::array<Slot, kSlots> slots_;
};

}  // namespace stator::statements
