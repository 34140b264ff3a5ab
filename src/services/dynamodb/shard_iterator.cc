// The checksum is of the whole, so that text which was cut, joined or made up is told from ours. It is no secret: an
// iterator grants nothing that its bearer could not ask for.
// Tests: shard_iterator_test.cc.
#include "services/dynamodb/shard_iterator.h"

#include "base/base64.h"
#include "base/coding.h"
#include "item/key.h"

namespace stator::services::dynamodb {
namespace {

constexpr Bytes kMark = "|1|";
constexpr size_t kChecksum = 8;

uint64_t ChecksumOf(Bytes stream, Bytes payload) {
  return item::HashOfKey(std::string("shard iterator ").append(stream).append(payload));
}

}  // namespace

std::string WriteShardIterator(const ShardIterator& iterator) {
  std::string payload;
  PutFixed64(&payload, iterator.from);
  payload.push_back(iterator.trim_horizon ? 1 : 0);
  PutFixed64(&payload, static_cast<uint64_t>(iterator.made.micros));
  payload.append(iterator.shard);
  PutFixed64(&payload, ChecksumOf(iterator.stream, payload));
  std::string text = iterator.stream;
  text.append(kMark);
  AppendBase64(&text, payload);
  return text;
}

std::optional<ShardIterator> ReadShardIterator(Bytes text) {
  const size_t mark = text.find(kMark);
  std::string decoded;
  if (mark == Bytes::npos || !AppendFromBase64(&decoded, text.substr(mark + kMark.size()))) return std::nullopt;
  if (decoded.size() < kChecksum) return std::nullopt;
  Bytes payload = Bytes(decoded).substr(0, decoded.size() - kChecksum);
  Bytes checksum = Bytes(decoded).substr(payload.size());
  ShardIterator iterator;
  iterator.stream = text.substr(0, mark);
  uint64_t sum = 0;
  uint64_t made = 0;
  uint8_t trim_horizon = 0;
  if (!GetFixed64(&checksum, &sum) || sum != ChecksumOf(iterator.stream, payload)) return std::nullopt;
  if (!GetFixed64(&payload, &iterator.from) || !GetByte(&payload, &trim_horizon) || !GetFixed64(&payload, &made)) {
    return std::nullopt;
  }
  iterator.trim_horizon = trim_horizon != 0;
  iterator.made = Time{static_cast<int64_t>(made)};
  iterator.shard = payload;
  return iterator;
}

}  // namespace stator::services::dynamodb
