// The form of names.
#pragma once

#include <string_view>

namespace stator::services::cognito {

// What user, group and attribute names are made of: letters, marks, symbols, numbers and punctuation. Neither spaces of
// any kind nor control and format characters, which could make one name look like another; not empty.
bool IsNameText(std::string_view text);

}  // namespace stator::services::cognito
