// Tests: sign_ins_test.cc; format: docs/formats/pools.md.
#include "pools/sign_ins.h"

#include "base/coder.h"
#include "base/random.h"
#include "engine/commit.h"
#include "engine/commit_and_wait.h"
#include "errors/pools.h"
#include "pools/srp.h"
#include "pools/tokens.h"
#include "records/records.h"
#include "sigv4/digest.h"

namespace stator::pools {
namespace {

using records::Key;
using records::Kind;

constexpr uint8_t kFormat = 1;
constexpr size_t kSecretBytes = 32;
constexpr size_t kUuidLength = 36;
constexpr size_t kLongestToken = 256;
constexpr size_t kErasedAtOnce = 1000;
constexpr uint64_t kBetweenSweeps = 20'000;  // sign-ins
constexpr int kMostAttempts = 20;
// What has expired is kept a little longer: access tokens may outlive the refresh token by their own lifetime.
constexpr Duration kKept = std::chrono::hours(48);

Key KeyOf(Bytes pool, Bytes origin_jti) { return Key(Kind::kPoolSignIn, {pool, origin_jti}); }

template <class Coder>
void CodeSignIn(Coder& coder, Of<Coder, SignIn> sign_in) {
  coder.Text(sign_in.origin_jti);
  coder.Text(sign_in.client_id);
  coder.Text(sign_in.username);
  coder.Text(sign_in.sub);
  coder.Instant(sign_in.begun);
  coder.Instant(sign_in.expires);
  coder.Text(sign_in.token_hash);
  coder.Text(sign_in.previous_hash);
  coder.Instant(sign_in.previous_until);
  coder.Number(sign_in.revoked);
}

void Put(const Pool& pool, const SignIn& sign_in, engine::Batch* batch) {
  std::string payload;
  Encoder coder(&payload);
  CodeSignIn<Encoder>(coder, sign_in);
  records::Put(batch, KeyOf(pool.id, sign_in.origin_jti), kFormat, payload);
}

std::optional<SignIn> Decode(const records::Record& record) {
  if (record.version != kFormat) return std::nullopt;
  SignIn sign_in;
  Decoder coder(record.payload);
  CodeSignIn<Decoder>(coder, sign_in);
  if (!coder.Finished()) return std::nullopt;
  return sign_in;
}

// The sign-in it belongs to stands in front of the secret.
std::string NewToken(Bytes origin_jti) { return Base64Url(std::string(origin_jti) + SecureRandom(kSecretBytes)); }

std::string OriginOf(Bytes token) {
  std::string bytes;
  if (token.size() > kLongestToken || !AppendFromBase64Url(&bytes, token)) return {};
  return bytes.size() == kUuidLength + kSecretBytes ? bytes.substr(0, kUuidLength) : std::string();
}

struct ReadSignIn {
  std::optional<SignIn> sign_in;
  engine::Version seen = 0;
};
Result<ReadSignIn> Read(const engine::View& view, const Pool& pool, Bytes origin_jti) {
  ReadSignIn read;
  engine::Value row;
  records::Record record;
  STATOR_TRY(const bool found, records::Get(view, KeyOf(pool.id, origin_jti), &row, &record));
  read.seen = row.seen;
  if (!found) return read;
  read.sign_in = Decode(record);
  if (!read.sign_in) return Fail(errors::kPoolsDamaged);
  return read;
}

// What is wrong with using this token for this sign-in.
Status Check(const SignIn& sign_in, const Client& client, Bytes token, Time now) {
  const std::string hash = sigv4::Sha256(token);
  const bool newest = SameBytes(hash, sign_in.token_hash);
  const bool previous = !sign_in.previous_hash.empty() && SameBytes(hash, sign_in.previous_hash);
  if (sign_in.client_id != client.id || (!newest && !previous)) return Fail(errors::kPoolRefreshInvalid);
  if (sign_in.revoked) return Fail(errors::kPoolRefreshRevoked);
  if (sign_in.expires <= now) return Fail(errors::kPoolRefreshExpired);
  if (!newest && sign_in.previous_until <= now) return Fail(errors::kPoolRefreshReused);
  return {};
}

}  // namespace

Task<Result<SignIns::Begun>> SignIns::Begin(PoolRef pool, ClientRef client, std::string username, std::string sub,
                                            Lane& lane) {
  Begun begun;
  SignIn& sign_in = begun.sign_in;
  sign_in.origin_jti = NewUuid();
  sign_in.client_id = client->id;
  sign_in.username = std::move(username);
  sign_in.sub = std::move(sub);
  sign_in.begun = clock_.Now();
  sign_in.expires = sign_in.begun + Duration(std::chrono::seconds(client->refresh_seconds));
  begun.refresh_token = NewToken(sign_in.origin_jti);
  sign_in.token_hash = sigv4::Sha256(begun.refresh_token);
  engine::Batch batch;
  Put(*pool, sign_in, &batch);
  const engine::Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
  if (committed.outcome != engine::Outcome::kDone) co_return Result<Begun>(Fail(errors::kPoolsUnavailable));
  co_return Result<Begun>(std::move(begun));
}

Result<std::optional<SignIn>> SignIns::Find(const Pool& pool, Bytes origin_jti) const {
  STATOR_TRY(ReadSignIn read, Read(engine_, pool, origin_jti));
  return std::move(read.sign_in);
}

Result<SignIn> SignIns::Open(const Pool& pool, const Client& client, Bytes refresh_token) const {
  const std::string origin = OriginOf(refresh_token);
  if (origin.empty()) return Fail(errors::kPoolRefreshInvalid);
  STATOR_TRY(ReadSignIn read, Read(engine_, pool, origin));
  if (!read.sign_in) return Fail(errors::kPoolRefreshInvalid);
  STATOR_OK(Check(*read.sign_in, client, refresh_token, clock_.Now()));
  return *std::move(read.sign_in);
}

Task<Result<std::string>> SignIns::Rotate(PoolRef pool, ClientRef client, std::string refresh_token, Lane& lane) {
  using Answer = Result<std::string>;
  const std::string origin = OriginOf(refresh_token);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    Result<ReadSignIn> read = Read(engine_, *pool, origin);
    if (!read.ok()) co_return Answer(std::move(read).error());
    if (!read->sign_in) co_return Answer(Fail(errors::kPoolRefreshInvalid));
    SignIn& sign_in = *read->sign_in;
    Status good = Check(sign_in, *client, refresh_token, clock_.Now());
    if (!good.ok()) co_return Answer(std::move(good).error());
    std::string next = NewToken(origin);
    sign_in.previous_hash = sign_in.token_hash;
    sign_in.previous_until = clock_.Now() + Duration(std::chrono::seconds(client->rotation_grace_seconds));
    sign_in.token_hash = sigv4::Sha256(next);
    engine::Batch batch;
    batch.Guard(engine::kRecordSpace, KeyOf(pool->id, origin).bytes(), read->seen);
    Put(*pool, sign_in, &batch);
    const engine::Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
    if (committed.outcome == engine::Outcome::kDone) co_return Answer(std::move(next));
    if (committed.outcome != engine::Outcome::kConflict) break;
  }
  co_return Answer(Fail(errors::kPoolsUnavailable));
}

Task<Status> SignIns::Revoke(PoolRef pool, std::string origin_jti, Lane& lane) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    Result<ReadSignIn> read = Read(engine_, *pool, origin_jti);
    if (!read.ok()) co_return Status(std::move(read).error());
    if (!read->sign_in || read->sign_in->revoked) co_return Status();
    read->sign_in->revoked = true;
    engine::Batch batch;
    batch.Guard(engine::kRecordSpace, KeyOf(pool->id, origin_jti).bytes(), read->seen);
    Put(*pool, *read->sign_in, &batch);
    const engine::Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
    if (committed.outcome == engine::Outcome::kDone) co_return Status();
    if (committed.outcome != engine::Outcome::kConflict) break;
  }
  co_return Status(Fail(errors::kPoolsUnavailable));
}

bool SignIns::SweepDue() { return (begun_.fetch_add(1, std::memory_order_relaxed) + 1) % kBetweenSweeps == 0; }

Status SignIns::Sweep() {
  const Time before{clock_.Now().micros - kKept.count()};
  const Key all(Kind::kPoolSignIn);
  engine::Batch batch;
  size_t erased = 0;
  const auto flush = [&]() -> Status {
    if (batch.empty()) return {};
    erased = 0;
    const engine::Committed committed = engine::CommitAndWait(engine_, std::exchange(batch, {}));
    return committed.outcome == engine::Outcome::kDone ? Status() : Status(Fail(errors::kPoolsUnavailable));
  };
  STATOR_OK(records::ForEach(engine_, all, [&](Bytes rest, const records::Record& record) -> Status {
    const std::optional<SignIn> sign_in = Decode(record);
    if (!sign_in || sign_in->expires > before) return {};
    batch.Erase(engine::kRecordSpace, std::string(all.bytes()).append(rest));
    return ++erased < kErasedAtOnce ? Status() : flush();
  }));
  return flush();
}

}  // namespace stator::pools
