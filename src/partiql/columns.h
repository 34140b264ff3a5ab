// One column of a SELECT list.
#pragma once

#include <string>

#include "expression/path.h"
#include "partiql/tree.h"

namespace stator::partiql {

struct Columns::Column {
  expression::internal::Path path;
  std::string name;
};

namespace internal {

// The column of that path, with the name it has in the reply.
Columns::Column MakeColumn(expression::internal::Path path);

}  // namespace internal
}  // namespace stator::partiql
