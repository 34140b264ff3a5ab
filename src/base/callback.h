// Callback<A...>: a function called once or more with A..., moved, never copied.
#pragma once

#include <absl/functional/any_invocable.h>

namespace stator {

template <class... Args>
using Callback = absl::AnyInvocable<void(Args...)>;

}  // namespace stator
