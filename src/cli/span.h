// Lengths of time as people write them, and times as people read them.
#pragma once

#include <string>

#include "base/clock.h"
#include "errors/result.h"

namespace stator::cli {

// "90s", "10m", "2h", "7d", up to 455 days; kBadSpan.
Result<Duration> ParseSpan(const std::string& text);

// "3 min ago".
std::string Ago(Duration age);
// Milliseconds with a fitting unit: "0.82 ms", "12.4 ms", "3.1 s".
std::string Millis(double millis);

}  // namespace stator::cli
