// Which conjuncts of a WHERE say something of key attributes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/schema.h"
#include "partiql/tree.h"

namespace stator::statements::internal {

// The conjuncts of a WHERE by the key attribute they compare, and those that the key takes over.
class KeyParts {
 public:
  // Borrows both.
  KeyParts(const partiql::Where& where, const catalog::KeySchema& key) : where_(where), key_(key) {}

  // The values that equality or IN leaves to the attribute; null if nothing does. Taken over.
  const partiql::Conjunct* TakeValues(const std::string& attribute);
  // The one value that equality gives to the attribute; null if nothing does. Taken over.
  const partiql::Conjunct* TakeEquality(const std::string& attribute);
  // What else orders it against known values. Taken over.
  std::vector<expression::KeyComparison> TakeComparisons(const catalog::KeyAttribute& attribute);

  // The Key whose every attribute has one value by equality, stored form. All or nothing is taken over.
  std::optional<std::string> TakeWholeKey();

  // What is left of the WHERE.
  std::optional<expression::Condition> Rest() const { return where_.Without(used_); }

 private:
  const partiql::Conjunct* Take(const std::string& attribute, bool several);

  const partiql::Where& where_;
  const catalog::KeySchema& key_;
  std::vector<size_t> used_;
};

}  // namespace stator::statements::internal
