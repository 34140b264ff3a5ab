// Spaces that are not the catalog's: it counts up from 1, these stand at the other end. On disk: never renumber, never
// reuse.
#pragma once

#include "engine/engine.h"

namespace stator::records {

inline constexpr engine::Space kLogEventSpace{0xffff'ff00};    // the events of log groups
inline constexpr engine::Space kAsyncEventSpace{0xffff'ff01};  // asynchronous invocations that wait
inline constexpr engine::Space kMetricSpace{0xffff'ff02};      // figures by minute
inline constexpr engine::Space kTokenSpace{0xffff'ff04};       // ClientRequestTokens of transactions, and their log

}  // namespace stator::records
