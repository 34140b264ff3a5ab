// NextToken of ExecuteStatement: where a page ended, as text that a client carries about. Only what this server made
// for the same statement and parameters is taken back.
#pragma once

#include <array>
#include <span>
#include <string>

#include "errors/result.h"
#include "statements/select.h"

namespace stator::services::dynamodb {

// What a token is bound to: a hash of statement and parameters.
using StatementPrint = std::array<uint64_t, 2>;
StatementPrint PrintOf(Bytes statement, std::span<const std::string> parameters);

std::string WriteNextToken(const StatementPrint& print, const statements::Position& position);
// Fails with kNextTokenInvalid, or with kNextTokenMismatch if it is another statement's.
Result<statements::Position> ReadNextToken(const StatementPrint& print, Bytes text);

}  // namespace stator::services::dynamodb
