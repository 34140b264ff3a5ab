// Bearer tokens and key sets from anywhere: what is read is what stands there, and nobody is let in without a
// signature.
#include <variant>

#include "base/check.h"
#include "tokens/verifier.h"

namespace {

using namespace stator;            // NOLINT(google-build-using-namespace): a fuzz target is one file
using namespace stator::messages;  // NOLINT(google-build-using-namespace)

// A public key whose other half was thrown away.
constexpr char kKeys[] =
    R"({"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"one","e":"AQAB","n":")"
    "tTW7zBIcOw86OemJy3mzLmhP1ELbxAs0bLASBjm-k7nKg0OkgwfiueItsd6I2GGqDIJgiA50Q__uCFAQPs2Mizjbkh1lH4lfYaef"
    "mZgu1GGEsxkIjflXzvB581jcG_HthNTjKA0btdeiDgnKKNVB-yohMw-Dr1_RG8B-D83FR-Z9GMonpA3DPV9QLg_f6cgNbJdnC2at"
    "sV6muCKII4mo18s3Je814_b0Ma4Zkb68dIPRP29e0XW6-kv5xYj5vcs1S26Zj5Y-O4wHSnd3ZaOr_eo9EDJj2ndG37v44406arao"
    "ZDbihOzr4GKFHLLslaEMA9AK2DAy_Fyuu_ZUz0rzlw"
    R"("}]})";

void CheckParts(Bytes token) {
  const auto jwt = SplitJwt(token);
  if (!jwt) return;
  STATOR_CHECK(token.starts_with(jwt->signed_part) && jwt->signed_part.size() < token.size());
  STATOR_CHECK(jwt->payload.size() < token.size() && jwt->signature.size() < token.size());
  (void)ReadClaims(jwt->payload);
}

Task<Result<std::string>> Fetch() { co_return std::string(kKeys); }

void CheckNobodyGetsIn(Bytes token) {
  static Verifier verifier({{"issuer"}, "client"}, [] { return Fetch(); });
  auto task = verifier.Verify("Bearer " + std::string(token));
  STATOR_CHECK(task.done());
  STATOR_CHECK(std::holds_alternative<TokenFault>(task.Take()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes input(reinterpret_cast<const char*>(data), size);
  CheckParts(input);
  CheckNobodyGetsIn(input);
  const auto claims = ReadClaims(input);
  if (claims) STATOR_CHECK(claims->subject.size() + claims->issuer.size() + claims->client_id.size() <= input.size());
  const auto keys = ReadKeySet(input);
  if (keys) {
    for (const auto& [id, key] : *keys) STATOR_CHECK(!id.empty() && !key.Verifies(input, input.substr(0, 256)));
  }
  if (const auto decoded = FromBase64Url(input)) STATOR_CHECK(decoded->size() <= input.size());
  return 0;
}
