// Tests: plan_test.cc.
#include <algorithm>
#include <compare>

#include "errors/statements.h"
#include "statements/key_parts.h"
#include "statements/plan.h"

namespace stator::statements {
namespace {

using catalog::KeyAttribute;
using catalog::KeySchema;
using expression::KeyComparison;
using internal::KeyParts;
using item::ValueView;
using partiql::Conjunct;

// The service takes no more values of a hash key's IN than this (the developer guide, "IN").
constexpr size_t kMaxHashKeys = 50;

const KeyAttribute* FindAttribute(const std::vector<KeyAttribute>& attributes, const std::string& name) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const KeyAttribute& attribute) { return attribute.name == name; });
  return found == attributes.end() ? nullptr : &*found;
}

// The values in the order they are written, without repetitions.
std::vector<std::string> Distinct(const std::vector<std::string>& values) {
  std::vector<std::string> distinct;
  for (const std::string& value : values) {
    if (std::find(distinct.begin(), distinct.end(), value) == distinct.end()) distinct.push_back(value);
  }
  return distinct;
}

// Every hash key that the values of its attributes make; none if an attribute has no values.
Result<std::vector<std::vector<KeyComparison>>> Partitions(const KeySchema& key, KeyParts& parts) {
  std::vector<std::vector<KeyComparison>> partitions(1);
  for (const KeyAttribute& attribute : key.hash) {
    const Conjunct* given = parts.TakeValues(attribute.name);
    if (!given) return std::vector<std::vector<KeyComparison>>();
    std::vector<std::vector<KeyComparison>> longer;
    for (const std::string& value : Distinct(given->values)) {
      for (const std::vector<KeyComparison>& one : partitions) {
        longer.push_back(one);
        longer.back().push_back({attribute.name, KeyComparison::Op::kEqual, value, {}});
      }
      if (longer.size() > kMaxHashKeys) return Fail(errors::kTooManyHashKeys);
    }
    partitions = std::move(longer);
  }
  return partitions;
}

// Range attributes from the left: those with one value, then what is said of the next. Gives that next one, by which
// rows of a hash key are in order; null if the key is fixed to its end.
const KeyAttribute* TakeRange(const KeySchema& key, KeyParts& parts, SelectPlan* plan) {
  for (const KeyAttribute& attribute : key.range) {
    if (const Conjunct* one = parts.TakeEquality(attribute.name)) {
      plan->range.push_back(one->AsKey());
      continue;
    }
    std::vector<KeyComparison> others = parts.TakeComparisons(attribute);
    for (size_t i = 0; i < others.size(); ++i) {
      (i == 0 ? plan->range : plan->more_range).push_back(std::move(others[i]));
    }
    return &attribute;
  }
  return nullptr;
}

bool HashLess(const std::vector<KeyComparison>& a, const std::vector<KeyComparison>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    const auto order = item::CompareSameType(ValueView(a[i].value), ValueView(b[i].value));
    if (order && std::is_neq(*order)) return std::is_lt(*order);
  }
  return false;
}

Status CheckOrderBy(const partiql::Select& select, const KeySchema& key) {
  if (select.where.empty()) return Fail(errors::kOrderByNeedsWhere);
  for (const partiql::OrderBy& by : select.order_by) {
    if (FindAttribute(key.hash, by.attribute) || FindAttribute(key.range, by.attribute)) continue;
    return Fail(errors::kOrderByNotKey, by.attribute);
  }
  return {};
}

// The first range attribute that is named says how the rows of a hash key come, the first hash attribute how hash keys
// do; which of them stands first decides which order is the outer one. `open`: the range attribute without one value.
void Arrange(const std::vector<partiql::OrderBy>& order_by, const KeySchema& key, const KeyAttribute* open,
             SelectPlan* plan) {
  const auto first = [&](const std::vector<KeyAttribute>& attributes) {
    return std::find_if(order_by.begin(), order_by.end(),
                        [&](const partiql::OrderBy& by) { return FindAttribute(attributes, by.attribute) != nullptr; });
  };
  const auto hash = first(key.hash);
  const auto range = first(key.range);
  if (hash != order_by.end()) {
    std::stable_sort(plan->partitions.begin(), plan->partitions.end(), HashLess);
    if (!hash->ascending) std::reverse(plan->partitions.begin(), plan->partitions.end());
  }
  if (range == order_by.end()) return;
  plan->forward = range->ascending;
  if (range < hash && plan->partitions.size() > 1 && open) {
    plan->order = SelectPlan::Order::kMerged;
    plan->merge_by = open->name;
    plan->merge_type = open->type;
  }
}

// A Query of an index is refused when its filter looks at what the index does not hold, even where it would fetch
// columns; a Scan is not.
Status CheckFilter(const SelectPlan& plan, const catalog::IndexSchema& index) {
  if (index.projection == catalog::ProjectionType::kAll || !plan.filter) return {};
  const auto holds = [&](const std::string& name) {
    return std::binary_search(index.projected.begin(), index.projected.end(), name);
  };
  // Columns that a global index does not hold come first; the Query says so.
  if (!index.local && !std::all_of(plan.wanted.begin(), plan.wanted.end(), holds)) return {};
  std::string missing;
  for (const std::string& name : plan.filter->TopLevelNames()) {
    if (!holds(name)) missing.append(missing.empty() ? "" : ", ").append(name);
  }
  if (!missing.empty()) return Fail(errors::kFilterNotProjected, index.name, "[" + missing + "]");
  return {};
}

}  // namespace

Result<SelectPlan> PlanSelect(const partiql::Select& select, catalog::TableRef table,
                              const catalog::IndexSchema* index) {
  SelectPlan plan;
  const KeySchema& key = index ? index->key : table->key;
  if (!select.order_by.empty()) STATOR_OK(CheckOrderBy(select, key));
  if (select.columns) {
    plan.columns = select.columns;
    plan.wanted = select.columns->TopLevelNames();
    plan.nested = select.columns->NestedNames();
  }
  plan.nested.insert(plan.nested.end(), select.where.nested().begin(), select.where.nested().end());
  KeyParts whole(select.where, key);
  std::optional<std::string> one = index ? std::nullopt : whole.TakeWholeKey();
  if (one) {
    plan.kind = SelectPlan::Kind::kGet;
    plan.key = std::move(*one);
    plan.filter = whole.Rest();
  } else {
    KeyParts parts(select.where, key);
    STATOR_TRY(plan.partitions, Partitions(key, parts));
    if (!plan.partitions.empty()) {
      plan.kind = SelectPlan::Kind::kQuery;
      const KeyAttribute* open = TakeRange(key, parts, &plan);
      Arrange(select.order_by, key, open, &plan);
      plan.filter = parts.Rest();
      if (index) STATOR_OK(CheckFilter(plan, *index));
    } else if (!select.order_by.empty()) {
      return Fail(errors::kOrderByNeedsHashKey);
    } else {
      plan.filter = select.where.Whole();
    }
  }
  plan.table = std::move(table);
  plan.index = index;
  return plan;
}

}  // namespace stator::statements
