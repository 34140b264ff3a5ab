// What is kept of the samples of one metric in one minute: enough for sums, averages, extremes and percentiles.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace stator::metrics {

class Point {
 public:
  void Add(double value);
  void Merge(const Point& other);

  uint64_t count() const { return count_; }
  double sum() const { return sum_; }
  double min() const { return min_; }  // these: 0 if there are no samples
  double max() const { return max_; }
  double average() const { return count_ ? sum_ / static_cast<double>(count_) : 0; }
  // The sample below which `percent` of them lie, within 1 %. 0 if there are none. REQUIRES: 0 <= percent <= 100.
  double Percentile(double percent) const;

  void AppendTo(std::string* out) const;
  // Takes one from the front of `in`; false if there is none.
  bool TakeFrom(Bytes* in);

 private:
  uint64_t count_ = 0;
  double sum_ = 0, min_ = 0, max_ = 0;
  std::vector<std::pair<uint32_t, uint64_t>> buckets_;  // (bucket, samples), sorted; a bucket is 2 % wide
};

}  // namespace stator::metrics
