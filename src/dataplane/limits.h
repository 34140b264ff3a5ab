// The data plane's limits. Source: notes/dynamodb.md, section 4, "Sizes", "Paging", "Transactions".
#pragma once

#include <cstddef>

namespace stator::dataplane {

inline constexpr size_t kMaxItemBytes = 409'600;
inline constexpr size_t kPageBytes = size_t{1} << 20;
inline constexpr size_t kBatchGetBytes = size_t{16} << 20;
inline constexpr size_t kBatchGetKeys = 100;
inline constexpr size_t kBatchWriteRequests = 25;
inline constexpr size_t kTransactionBytes = size_t{4} << 20;
inline constexpr int kMaxSegments = 1'000'000;

}  // namespace stator::dataplane
