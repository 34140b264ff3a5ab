// SELECT ... ORDER BY a range attribute over several hash keys: one order made of many.
#pragma once

#include "statements/select.h"

namespace stator::statements::internal {

// As RunSelect. REQUIRES: plan.order is kMerged.
Task<Result<SelectResult>> RunMerged(const dataplane::Reader& reader, const SelectPlan& plan, SelectOptions options,
                                     Lane& lane, dataplane::Sink each);

}  // namespace stator::statements::internal
