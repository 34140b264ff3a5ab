#include "metrics/row.h"

#include <algorithm>

#include "base/coding.h"
#include "metrics/metric_store.h"

namespace stator::metrics {
namespace {

constexpr uint8_t kVersion = 1;
constexpr int64_t kLastMinute = 0xffffffff;

}  // namespace

void Merge(const Row& from, Row* into) {
  for (const auto& [metric, point] : from) (*into)[metric].Merge(point);
}

std::string RowKey(Bytes of, int64_t minute) {
  std::string key(of);
  key.push_back('\0');
  PutBig32(&key, static_cast<uint32_t>(std::clamp<int64_t>(minute, 0, kLastMinute)));
  return key;
}

bool ReadRowKey(Bytes key, Bytes* of, int64_t* minute) {
  const size_t end = key.find('\0');
  if (end == Bytes::npos) return false;
  *of = key.substr(0, end);
  key.remove_prefix(end + 1);
  uint32_t number = 0;
  if (!GetBig32(&key, &number)) return false;
  *minute = number;
  return key.empty();
}

std::string BehindAll(Bytes of) { return std::string(of) + '\x01'; }

std::string EncodeRow(const Row& row) {
  std::string out(1, static_cast<char>(kVersion));
  for (const auto& [metric, point] : row) {
    out.push_back(static_cast<char>(metric));
    point.AppendTo(&out);
  }
  return out;
}

bool DecodeRow(Bytes in, Row* row) {
  uint8_t version = 0;
  if (!GetByte(&in, &version) || version != kVersion) return false;
  while (!in.empty()) {
    uint8_t metric = 0;
    Point point;
    if (!GetByte(&in, &metric) || metric >= kMetrics || !point.TakeFrom(&in)) return false;
    (*row)[static_cast<Metric>(metric)] = std::move(point);
  }
  return true;
}

}  // namespace stator::metrics
