// The bytes of a minute of a function: docs/formats/metrics.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/bytes.h"
#include "metrics/metric_sink.h"
#include "metrics/point.h"

namespace stator::metrics {

using Row = std::map<FunctionMetric, Point>;

void Merge(const Row& from, Row* into);

// Keys sort by function, then by minute.
std::string RowKey(Bytes function, int64_t minute);
bool ReadRowKey(Bytes key, Bytes* function, int64_t* minute);
// Behind every key of the function.
std::string BehindFunction(Bytes function);

std::string EncodeRow(const Row& row);
bool DecodeRow(Bytes in, Row* row);

}  // namespace stator::metrics
