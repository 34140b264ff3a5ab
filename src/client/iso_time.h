// Reads the timestamps that AWS's credential services write.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/clock.h"

namespace stator::client {

// "2026-11-20T10:00:00Z", with or without a fraction (kept to the microsecond), and with an offset ("+02:00") instead
// of Z.
std::optional<Time> ParseIso(Bytes text);

}  // namespace stator::client
