// A part of an item: some of its top-level attributes.
#pragma once

#include <string>
#include <vector>

#include "item/value.h"

namespace stator::item {

// The stored item holding the attributes of those names that `item` has. `sorted_names`: sorted bytewise, distinct.
std::string SelectAttributes(ItemView item, const std::vector<std::string>& sorted_names);

}  // namespace stator::item
