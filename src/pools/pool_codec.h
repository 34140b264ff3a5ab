// Pools and clients as records. docs/formats/pools.md.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "pools/pool.h"

namespace stator::pools {

inline constexpr uint8_t kPoolFormat = 1;
inline constexpr uint8_t kClientFormat = 1;

// Without keys and clients, which have records of their own.
std::string EncodePool(const Pool& pool);
std::optional<Pool> DecodePool(uint8_t format, Bytes bytes);
std::string EncodeClient(const Client& client);
std::optional<Client> DecodeClient(uint8_t format, Bytes bytes);

}  // namespace stator::pools
