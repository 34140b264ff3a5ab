#include "statements/write.h"

namespace stator::statements {

Task<Result<dataplane::WriteResult>> RunWrite(table::Mutator& mutator, const dataplane::TransactAction& action,
                                              Lane& lane) {
  if (const auto* put = std::get_if<dataplane::PutRequest>(&action)) return dataplane::Put(mutator, *put, lane);
  if (const auto* update = std::get_if<dataplane::UpdateRequest>(&action)) {
    return dataplane::Update(mutator, *update, lane);
  }
  return dataplane::Delete(mutator, std::get<dataplane::DeleteRequest>(action), lane);
}

}  // namespace stator::statements
