// A PartiQL statement, parsed and bound to its parameters: what the data plane runs.
//
// What an expression can say too is said in expression's types, so that evaluation exists once:
//   WHERE      expression::Condition: a statement's condition is put together as the same syntax that
//   ConditionExpression
//              has and goes through the same binder (IS MISSING is attribute_not_exists, IS NULL attribute_type);
//   SET REMOVE expression::Update; set_add(a, s) and set_delete(a, s) on a itself are its ADD and DELETE;
//   paths      expression's paths, with the same limits;
//   values     encoded as item/value.h has them, a parameter as the request gave it.
// A SELECT list is not a ProjectionExpression: SELECT a.b[0].c gives an attribute c, not the document around it. So it
// has a type of its own, Columns.
//
// A statement owns all it holds, may be copied, and is immutable once made; any thread may read it.
// The language: docs/partiql.md. Source: the developer guide's "PartiQL reference for DynamoDB".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "expression/expression.h"
#include "item/value.h"
#include "json/writer.h"

namespace stator::partiql {

namespace internal {
class WhereMaker;
struct CheckedCondition;
}  // namespace internal

// What a statement works on. The names are as written: any text, not yet checked.
struct Source {
  std::string table;  // a name or an ARN
  std::string index;  // empty: none; only SELECT can have one
};

// One part of a WHERE that is joined to the others by AND. It is a comparison if it compares a top-level attribute with
// values known now: what may select by key. `5 < a` is turned to `a > 5`, and a = 1 OR a = 2 is a IN [1, 2].
struct Conjunct {
  bool comparison = false;
  // Only of a comparison.
  std::string attribute;
  expression::KeyComparison::Op op = expression::KeyComparison::Op::kEqual;
  std::vector<std::string> values;  // encoded; kBetween: two; kEqual: one, or several for IN; else one

  // The attribute must have that one value.
  bool equality() const { return comparison && op == expression::KeyComparison::Op::kEqual && values.size() == 1; }
  // As Query takes it. REQUIRES: a comparison, and not with several values of kEqual.
  expression::KeyComparison AsKey() const;
};

// The condition of a statement, whole and in parts. Empty without a WHERE.
class Where {
 public:
  Where() = default;
  bool empty() const { return conjuncts_.empty(); }
  const std::vector<Conjunct>& conjuncts() const { return conjuncts_; }
  // The condition of all conjuncts but those, by their place in conjuncts(); nothing if none is left.
  std::optional<expression::Condition> Without(const std::vector<size_t>& used) const;
  std::optional<expression::Condition> Whole() const { return Without({}); }
  // The top-level attributes that paths lead into (a of a.b and a[0]), for dataplane::CheckPaths.
  const std::vector<std::string>& nested() const { return nested_; }

 private:
  friend class internal::WhereMaker;
  std::vector<Conjunct> conjuncts_;
  std::shared_ptr<const internal::CheckedCondition> checked_;
  std::vector<std::string> nested_;
};

// A SELECT list other than *. Each column is named by the last name of its path, and the indexes behind it are part of
// that name ("l[0]"); of columns with one name the last that the item has is returned.
class Columns {
 public:
  struct Column;
  explicit Columns(std::vector<Column> columns);
  // Appends the object of what the item has of them; {} when it has none.
  void Write(item::ItemView item, json::Writer& out) const;
  // The same as a stored item.
  std::string Apply(item::ItemView item) const;
  // The attributes that must be read, in order, each once.
  std::vector<std::string> TopLevelNames() const;
  // The top-level attributes that paths lead into, for dataplane::CheckPaths.
  std::vector<std::string> NestedNames() const;

 private:
  std::shared_ptr<const std::vector<Column>> columns_;
};

struct OrderBy {
  std::string attribute;
  bool ascending = true;
};

struct Select {
  Source from;
  std::optional<Columns> columns;  // none: *
  Where where;
  std::vector<OrderBy> order_by;
};

struct Insert {
  Source into;
  std::string item;  // stored form; its size is not checked
};

enum class Returning : uint8_t { kNone, kAllOld, kAllNew, kModifiedOld, kModifiedNew };

struct Update {
  Source table;
  expression::Update update;
  std::vector<std::string> nested;  // of the update's paths, as Where::nested
  Where where;
  Returning returning = Returning::kNone;
};

struct Delete {
  Source from;
  Where where;
  Returning returning = Returning::kNone;  // or kAllOld
};

// EXISTS(SELECT ...), for transactions.
struct Exists {
  Select select;
};

using Statement = std::variant<Select, Insert, Update, Delete, Exists>;

}  // namespace stator::partiql
