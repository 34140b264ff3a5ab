#include "json/fingerprint.h"

#include <xxhash.h>

#include <cstring>
#include <string>

namespace stator::json {
namespace {

using Hash = std::array<uint64_t, 2>;

Hash HashOf(Kind kind, Bytes bytes) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), static_cast<uint64_t>(kind));
  return {hash.low64, hash.high64};
}

template <class T>
Bytes BytesOf(const T& plain) {
  return {reinterpret_cast<const char*>(&plain), sizeof plain};
}

Hash OfArray(Value value) {
  std::string hashes;
  for (const Value element : value.elements()) hashes.append(BytesOf(Fingerprint(element)));
  return HashOf(Kind::kArray, hashes);
}

// Members are added up: their order is lost.
Hash OfObject(Value value) {
  std::array<uint64_t, 3> sum{};
  for (const Member member : value.members()) {
    if (member.value.is_null()) continue;
    const std::array<Hash, 2> parts{HashOf(Kind::kObject, member.name), Fingerprint(member.value)};
    const Hash hash = HashOf(Kind::kObject, BytesOf(parts));
    sum[0] += hash[0];
    sum[1] += hash[1];
    ++sum[2];
  }
  return HashOf(Kind::kObject, BytesOf(sum));
}

}  // namespace

Hash Fingerprint(Value value) {
  switch (value.kind()) {
    case Kind::kNull:
    case Kind::kFalse:
    case Kind::kTrue:
      return HashOf(value.kind(), {});
    case Kind::kInteger:
      return HashOf(value.kind(), BytesOf(value.integer()));
    case Kind::kDouble:
      return HashOf(value.kind(), BytesOf(value.real()));
    case Kind::kString:
      return HashOf(value.kind(), value.text());
    case Kind::kArray:
      return OfArray(value);
    case Kind::kObject:
      return OfObject(value);
  }
  return {};
}

}  // namespace stator::json
