#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace stator {

void CheckFailed(const char* what, const char* file, int line) noexcept {
  std::fprintf(stderr, "stator: %s:%d: check failed: %s\n", file, line, what);
  std::abort();
}

}  // namespace stator
