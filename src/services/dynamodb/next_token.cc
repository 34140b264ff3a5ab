// The checksum is of the whole, so that text which was cut, joined or made up is told from ours. It is no secret: a
// token grants nothing that its bearer could not ask for; a key in it is checked as an ExclusiveStartKey is.
// Tests: next_token_test.cc.
#include "services/dynamodb/next_token.h"

#include "base/base64.h"
#include "base/coding.h"
#include "errors/statements.h"
#include "item/key.h"

namespace stator::services::dynamodb {
namespace {

constexpr size_t kChecksum = 8;

uint64_t ChecksumOf(Bytes payload) { return item::HashOfKey(std::string("next token ").append(payload)); }

}  // namespace

StatementPrint PrintOf(Bytes statement, std::span<const std::string> parameters) {
  std::string all;
  PutLengthPrefixed(&all, statement);
  for (const std::string& parameter : parameters) PutLengthPrefixed(&all, parameter);
  const uint64_t first = item::HashOfKey(all);
  PutFixed64(&all, first);
  return {first, item::HashOfKey(all)};
}

std::string WriteNextToken(const StatementPrint& print, const statements::Position& position) {
  std::string payload;
  for (const uint64_t part : print) PutFixed64(&payload, part);
  PutVarint(&payload, position.partition);
  payload.append(position.key);
  PutFixed64(&payload, ChecksumOf(payload));
  return Base64(payload);
}

Result<statements::Position> ReadNextToken(const StatementPrint& print, Bytes text) {
  std::string decoded;
  if (!AppendFromBase64(&decoded, text) || decoded.size() < kChecksum) return Fail(errors::kNextTokenInvalid);
  Bytes payload = Bytes(decoded).substr(0, decoded.size() - kChecksum);
  Bytes checksum = Bytes(decoded).substr(payload.size());
  uint64_t sum = 0;
  StatementPrint of{};
  uint64_t partition = 0;
  const bool ours = GetFixed64(&checksum, &sum) && sum == ChecksumOf(payload);
  if (!ours || !GetFixed64(&payload, &of[0]) || !GetFixed64(&payload, &of[1]) || !GetVarint(&payload, &partition) ||
      partition > UINT32_MAX || !item::ValidItem(payload)) {
    return Fail(errors::kNextTokenInvalid);
  }
  if (of != print) return Fail(errors::kNextTokenMismatch);
  return statements::Position{static_cast<uint32_t>(partition), std::string(payload)};
}

}  // namespace stator::services::dynamodb
