// The bytes of a minute of a function or table: docs/formats/metrics.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/bytes.h"
#include "metrics/metric_sink.h"
#include "metrics/point.h"

namespace stator::metrics {

using Row = std::map<Metric, Point>;

void Merge(const Row& from, Row* into);

// Keys sort by what they are of, then by minute.
std::string RowKey(Bytes of, int64_t minute);
bool ReadRowKey(Bytes key, Bytes* of, int64_t* minute);
// Behind every key of it.
std::string BehindAll(Bytes of);

std::string EncodeRow(const Row& row);
bool DecodeRow(Bytes in, Row* row);

}  // namespace stator::metrics
