// The text of a PartiQL statement to its tree.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "errors/result.h"
#include "partiql/tree.h"

namespace stator::partiql {

// The service's limit of a statement, in characters.
inline constexpr size_t kMaxStatementCharacters = 8192;

// One statement, a semicolon may end it. `parameters` are the encoded values for its ?, in order; the statement must
// have as many. Everything the language can decide is decided here, before any table is looked up: length, syntax,
// number of parameters, operands, nesting of values. All errors are ValidationExceptions (errors/table/partiql.def; of
// conditions, updates, paths and numbers those of expression and item). Cost: linear in the text, refused before it is
// read when it is too long. No recursion over what a client sent.
Result<Statement> Parse(Bytes text, std::span<const std::string> parameters);

}  // namespace stator::partiql
