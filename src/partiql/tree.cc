#include "partiql/tree.h"

#include "base/check.h"

namespace stator::partiql {

expression::KeyComparison Conjunct::AsKey() const {
  using Op = expression::KeyComparison::Op;
  STATOR_CHECK(comparison && values.size() == (op == Op::kBetween ? 2 : 1));
  return {attribute, op, values[0], values.size() > 1 ? values[1] : std::string()};
}

}  // namespace stator::partiql
