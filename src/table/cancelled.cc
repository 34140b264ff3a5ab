#include "table/cancelled.h"

#include "errors/table.h"

namespace stator::table {

Error Cancel(Reasons reasons) {
  std::string codes;
  for (const std::optional<Error>& reason : reasons) codes.append(codes.empty() ? "" : ", ").append(CodeOf(reason));
  Error error = Fail(errors::kTransactionCancelled, codes);
  error.detail = std::make_shared<Cancelled>(std::move(reasons));
  return error;
}

std::string_view CodeOf(const std::optional<Error>& reason) {
  if (!reason) return "None";
  switch (reason->type()) {
    case ErrorType::ConditionalCheckFailedException:
      return "ConditionalCheckFailed";
    case ErrorType::ItemCollectionSizeLimitExceededException:
      return "ItemCollectionSizeLimitExceeded";
    case ErrorType::TransactionConflictException:
      return "TransactionConflict";
    case ErrorType::ProvisionedThroughputExceededException:
      return "ProvisionedThroughputExceeded";
    case ErrorType::ThrottlingException:
      return "ThrottlingError";
    case ErrorType::DuplicateItemException:
      return "DuplicateItem";
    default:
      return "ValidationError";
  }
}

}  // namespace stator::table
