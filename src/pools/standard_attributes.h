// The attributes that users of every pool may have. notes/cognito.md, section 3.1.
#pragma once

#include <vector>

#include "pools/pool.h"

namespace stator::pools {

const std::vector<Attribute>& StandardAttributes();

}  // namespace stator::pools
