// FilterCriteria: which records a function is called with. A pattern is compiled once and matched against the stored
// change. The language: notes/lambda.md, section 2.8. Its slow twin: filter_pattern_twin.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "errors/result.h"
#include "triggers/event_node.h"

namespace stator::triggers {

// Threads: immutable once compiled.
class FilterPattern {
 public:
  static constexpr size_t kMaxBytes = 4096;
  // Members nested deeper are refused; a record has fewer levels.
  static constexpr int kMaxDepth = 100;

  // Fails with kFilterPatternInvalid.
  static Result<FilterPattern> Compile(Bytes text);
  FilterPattern(FilterPattern&&) noexcept;
  FilterPattern& operator=(FilterPattern&&) noexcept;
  ~FilterPattern();

  bool Matches(const EventNode& record) const;

 private:
  struct Branch;
  explicit FilterPattern(std::unique_ptr<const Branch> root);
  std::unique_ptr<const Branch> root_;
  friend struct PatternCompiler;
};

// Filters of one mapping: a record that one of them matches passes; without filters, all do.
class Filters {
 public:
  static constexpr size_t kMaxFilters = 5;

  Filters() = default;
  // Fails with kFilterPatternInvalid or kFiltersTooMany.
  static Result<Filters> Compile(const std::vector<std::string>& patterns);
  bool Pass(const streams::Stream& stream, const streams::Change& change) const;

 private:
  std::vector<FilterPattern> patterns_;
};

}  // namespace stator::triggers
