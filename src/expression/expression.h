// Expressions, bound and ready: what Put, Get, Update, Delete, Query and Scan ask of an item.
//
// Text → tokens → tree (limits, syntax, reserved words) → bound against ExpressionAttributeNames and -Values. The
// legacy parameters become the same trees (expression/legacy.h). Every error is decided before any table is looked up,
// in the service's order and with its text (errors/table/expression.def). Nothing here recurses over what a client
// sent. Evaluation reads stored bytes (item/value.h) and allocates only to change something. Source: notes/dynamodb.md,
// sections 4 "Expressions", 5; the developer guide's "Using expressions".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "errors/result.h"
#include "item/tree.h"
#include "item/value.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::expression {

// Which parameter a text came from; it names itself in errors ("Invalid ConditionExpression: ...").
enum class Parameter : uint8_t { kCondition, kFilter, kKeyCondition, kUpdate, kProjection };

namespace internal {
struct ConditionTree;
struct UpdateTree;
struct ProjectionTree;
struct BinderState;
}  // namespace internal

// ExpressionAttributeNames and ExpressionAttributeValues of one request, and which of them were used.
class Binder {
 public:
  // `names`, `values`: the request's objects, or invalid Values when the request has none. `has_expression`: whether
  // the request carries any expression at all (names or values without one are an error of their own). `absent` ends
  // the error of values without one: "ConditionExpression is null", "UpdateExpression and ConditionExpression are
  // null".
  static Result<Binder> Make(json::Value names, json::Value values, bool has_expression, Bytes absent = {});
  Binder(Binder&&) noexcept;
  Binder& operator=(Binder&&) noexcept;
  ~Binder();

  // After the last expression of the request is parsed: unused names and values are errors.
  Status CheckAllUsed() const;
  // The top-level attributes that paths of the bound expressions lead into (a of a.b and a[0]): none may be a key.
  const std::vector<std::string>& NestedNames() const;
  internal::BinderState& state() { return *state_; }

 private:
  Binder();
  std::unique_ptr<internal::BinderState> state_;
};

// PutItem and UpdateItem put "1 validation error detected: " before some of these texts, and of item's, since mid 2026
// (notes/dynamodb.md, section 5). Other errors come back as they are.
Error AsWriteError(Error error);

// A condition or filter. Copies share one immutable tree; any thread may evaluate.
class Condition {
 public:
  // ConditionExpression or FilterExpression.
  static Result<Condition> Parse(Parameter, Bytes text, Binder& binder);
  explicit Condition(std::shared_ptr<const internal::ConditionTree> tree) : tree_(std::move(tree)) {}
  // An invalid view is an item that does not exist: every path is missing.
  bool Evaluate(item::ItemView item) const;
  // The top-level attributes it names: a filter may not name primary key attributes.
  std::vector<std::string> TopLevelNames() const;

 private:
  std::shared_ptr<const internal::ConditionTree> tree_;
};

// An update. Applied to an item it gives the whole new item.
class Update {
 public:
  static Result<Update> Parse(Bytes text, Binder& binder);
  explicit Update(std::shared_ptr<const internal::UpdateTree> tree) : tree_(std::move(tree)) {}

  struct Applied {
    std::string item;  // stored form
    // For UPDATED_OLD and UPDATED_NEW: what the touched paths held before and hold now, as stored items; empty items
    // when nothing is there.
    std::string updated_old, updated_new;
  };
  // `before`: the stored item, or invalid if there is none. `key`: the stored item holding just the key attributes, the
  // base of a new item. `want_updated`: whether updated_old and updated_new are asked for. All right-hand sides see
  // `before`. Fails with the service's ValidationExceptions (operand types, missing paths, number overflow).
  Result<Applied> Apply(item::ItemView before, item::ItemView key, bool want_updated) const;
  // Whether it may create an item that does not exist (an update that only removes may not).
  bool CreatesMissing() const;
  // The top-level attributes it changes; an update may not name key attributes.
  std::vector<std::string> TopLevelNames() const;
  // What the note, section 4, "Sizes", adds to the new item, its key left out.
  size_t size_bytes() const;

 private:
  std::shared_ptr<const internal::UpdateTree> tree_;
};

// Which parts of an item are returned.
class Projection {
 public:
  static Result<Projection> Parse(Bytes text, Binder& binder);
  explicit Projection(std::shared_ptr<const internal::ProjectionTree> tree) : tree_(std::move(tree)) {}
  // Appends the object of what is present; {} when nothing matches.
  void Write(item::ItemView item, json::Writer& out) const;
  // The same as a stored item.
  std::string Apply(item::ItemView item) const;
  // For index reads: an attribute that the index does not hold is an error (global) or a fetch (local).
  std::vector<std::string> TopLevelNames() const;

 private:
  std::shared_ptr<const internal::ProjectionTree> tree_;
};

// One comparison of a key condition, as written. Its attribute is not yet known to be a key.
struct KeyComparison {
  enum class Op : uint8_t { kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kBetween, kBeginsWith };
  std::string attribute;
  Op op;
  std::string value;   // encoded
  std::string value2;  // encoded; kBetween only
};

// The comparisons of a KeyConditionExpression in the order written: top-level attribute names joined by AND,
// parentheses allowed. Anything else is "Invalid KeyConditionExpression: ..." or "Query key condition not supported".
Result<std::vector<KeyComparison>> ParseKeyCondition(Bytes text, Binder& binder);

// A key attribute as the schema has it.
struct KeyAttribute {
  Bytes name;
  item::Tag type;
};
// The comparisons against a key schema: the hash attributes by equality, all of them; the range attributes from the
// left, equality on all but the last named (multi-attribute keys). `legacy`: they came from KeyConditions, whose texts
// differ. On success `hash` has one encoded value per hash attribute, `range` the range comparisons in key order.
struct BoundKey {
  std::vector<std::string> hash;
  std::vector<KeyComparison> range;
};
Result<BoundKey> BindKey(std::vector<KeyComparison> comparisons, const std::vector<KeyAttribute>& hash,
                         const std::vector<KeyAttribute>& range, bool legacy);

}  // namespace stator::expression
