// Latencies in buckets one thirty-second of their value wide: constant memory, a few instructions per sample.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace load {

class Histogram {
 public:
  void Add(uint64_t nanoseconds) {
    ++buckets_[Bucket(nanoseconds)];
    ++count_;
  }

  // The smallest latency (upper edge of its bucket, nanoseconds) that `share` of the samples do not exceed.
  // `share` is in (0, 1]; without samples the answer is 0.
  uint64_t Quantile(double share) const {
    const auto wanted = static_cast<uint64_t>(share * static_cast<double>(count_));
    uint64_t seen = 0;
    for (size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > 0 && seen >= wanted) return UpperEdge(i);
    }
    return 0;
  }

 private:
  static constexpr unsigned kFine = 5;  // bits kept below the leading one

  static size_t Bucket(uint64_t value) {
    if (value < (uint64_t{1} << kFine)) return static_cast<size_t>(value);
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kFine;
    return (static_cast<size_t>(shift + 1) << kFine) + static_cast<size_t>((value >> shift) & ((1U << kFine) - 1));
  }

  static uint64_t UpperEdge(size_t bucket) {
    if (bucket < (size_t{1} << kFine)) return bucket;
    const unsigned shift = static_cast<unsigned>(bucket >> kFine) - 1;
    const uint64_t low = (uint64_t{1} << kFine) + (bucket & ((1U << kFine) - 1));
    return ((low + 1) << shift) - 1;
  }

  std::array<uint64_t, size_t{65} << kFine> buckets_{};
  uint64_t count_ = 0;
};

}  // namespace load
