// CHECK: catches our own mistakes, never bad input; stays on in release and ends the process with file and line.
#pragma once

namespace stator {

[[noreturn]] void CheckFailed(const char* what, const char* file, int line) noexcept;

}  // namespace stator

#define STATOR_CHECK(condition) ((condition) ? (void)0 : ::stator::CheckFailed(#condition, __FILE__, __LINE__))
