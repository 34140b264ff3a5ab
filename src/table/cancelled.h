// Why a transaction was cancelled. Source: notes/dynamodb.md, section 4, "Transactions"; the API reference's list at
// TransactionCanceledException.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "errors/error.h"

namespace stator::table {

// For each action of the transaction, in their order, an error or none; the detail of kTransactionCancelled.
using Reasons = std::vector<std::optional<Error>>;
struct Cancelled : ErrorDetail {
  explicit Cancelled(Reasons all) : reasons(std::move(all)) {}
  Reasons reasons;
};

// TransactionCanceledException, its text naming the codes.
Error Cancel(Reasons reasons);

// "ConditionalCheckFailed", and "None" for none.
std::string_view CodeOf(const std::optional<Error>& reason);

}  // namespace stator::table
