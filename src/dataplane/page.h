// One page of a walk over a table or index: the shared middle of Query and Scan.
#pragma once

#include <string>

#include "dataplane/read.h"

namespace stator::dataplane::internal {

// Keys of the walked space: [from, to).
struct Bounds {
  std::string from;
  std::string to;  // empty: no upper bound
};

// What may not be asked of an index, decided before anything is read.
Status CheckPage(const PageRequest& request);

// "The provided starting key is invalid: The provided key element does not match the schema".
Error UnfitStartKey();

// The row key that ExclusiveStartKey names in the walked space, or its error.
Result<std::string> StartKey(const PageRequest& request);

// Walks `bounds` until the end, the limit or 1 MB. Short walks stay on the lane, long ones go on in the worker pool.
Task<Result<PageResult>> WalkPage(const Reader& reader, const PageRequest& request, Bounds bounds, engine::Order order,
                                  Lane& lane, Sink each);

}  // namespace stator::dataplane::internal
