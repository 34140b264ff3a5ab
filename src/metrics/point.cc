// Buckets grow by 2 %, so a value in the middle of its bucket is wrong by 1 % at most. Tests: metric_store_test.cc;
// bytes: docs/formats/metrics.md.
#include "metrics/point.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/coding.h"

namespace stator::metrics {
namespace {

constexpr double kSmallest = 0.001;
constexpr double kGrowth = 1.02;
constexpr uint32_t kLastBucket = 2000;  // 1.5e14

uint32_t BucketOf(double value) {
  if (!(value > kSmallest)) return 0;
  const double bucket = 1 + std::floor(std::log(value / kSmallest) / std::log(kGrowth));
  return static_cast<uint32_t>(std::min<double>(bucket, kLastBucket));
}

double MiddleOf(uint32_t bucket) { return bucket == 0 ? 0 : kSmallest * std::pow(kGrowth, bucket - 0.5); }

void PutDouble(std::string* out, double v) { PutFixed64(out, std::bit_cast<uint64_t>(v)); }
bool GetDouble(Bytes* in, double* v) {
  uint64_t bits = 0;
  if (!GetFixed64(in, &bits)) return false;
  *v = std::bit_cast<double>(bits);
  return true;
}

}  // namespace

void Point::Add(double value) {
  if (!std::isfinite(value)) return;
  min_ = count_ ? std::min(min_, value) : value;
  max_ = count_ ? std::max(max_, value) : value;
  ++count_;
  sum_ += value;
  const uint32_t bucket = BucketOf(value);
  const auto place = std::lower_bound(buckets_.begin(), buckets_.end(), std::pair(bucket, uint64_t{0}));
  if (place != buckets_.end() && place->first == bucket) {
    ++place->second;
  } else {
    buckets_.insert(place, {bucket, 1});
  }
}

void Point::Merge(const Point& other) {
  if (other.count_ == 0) return;
  min_ = count_ ? std::min(min_, other.min_) : other.min_;
  max_ = count_ ? std::max(max_, other.max_) : other.max_;
  count_ += other.count_;
  sum_ += other.sum_;
  decltype(buckets_) merged;
  merged.reserve(buckets_.size() + other.buckets_.size());
  auto theirs = other.buckets_.begin();
  for (const auto& [bucket, samples] : buckets_) {
    while (theirs != other.buckets_.end() && theirs->first < bucket) merged.push_back(*theirs++);
    merged.emplace_back(bucket, samples);
    if (theirs != other.buckets_.end() && theirs->first == bucket) merged.back().second += (theirs++)->second;
  }
  merged.insert(merged.end(), theirs, other.buckets_.end());
  buckets_ = std::move(merged);
}

double Point::Percentile(double percent) const {
  if (count_ == 0) return 0;
  const auto rank = static_cast<uint64_t>(std::ceil(percent / 100 * static_cast<double>(count_)));
  if (rank <= 1) return min_;
  if (rank >= count_) return max_;
  uint64_t below = 0;
  for (const auto& [bucket, samples] : buckets_) {
    below += samples;
    if (below >= rank) return std::clamp(MiddleOf(bucket), min_, max_);
  }
  return max_;
}

void Point::AppendTo(std::string* out) const {
  PutVarint(out, count_);
  PutDouble(out, sum_);
  PutDouble(out, min_);
  PutDouble(out, max_);
  PutVarint(out, buckets_.size());
  for (const auto& [bucket, samples] : buckets_) {
    PutVarint(out, bucket);
    PutVarint(out, samples);
  }
}

bool Point::TakeFrom(Bytes* in) {
  uint64_t size = 0;
  if (!GetVarint(in, &count_) || !GetDouble(in, &sum_) || !GetDouble(in, &min_) || !GetDouble(in, &max_) ||
      !GetVarint(in, &size) || size > kLastBucket + 1) {
    return false;
  }
  buckets_.clear();
  for (; size > 0; --size) {
    uint64_t bucket = 0;
    uint64_t samples = 0;
    if (!GetVarint(in, &bucket) || !GetVarint(in, &samples) || bucket > kLastBucket) return false;
    buckets_.emplace_back(static_cast<uint32_t>(bucket), samples);
  }
  return true;
}

}  // namespace stator::metrics
