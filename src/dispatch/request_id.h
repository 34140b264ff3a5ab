// x-amzn-RequestId: 52 characters of A-Z and 0-9, as the service makes them (notes/dynamodb.md, "HTTP").
#pragma once

#include <string>

namespace stator::dispatch {

std::string NewRequestId();

}  // namespace stator::dispatch
