#include "client/retry.h"

#include <algorithm>
#include <array>

#include "errors/client.h"

namespace stator::client {

const RemoteError* AsRemote(const Error& error) {
  return error.id == errors::kRemoteError ? dynamic_cast<const RemoteError*>(error.detail.get()) : nullptr;
}

bool IsRemote(const Error& error, std::string_view name) {
  const RemoteError* remote = AsRemote(error);
  return remote != nullptr && remote->name == name;
}

bool WorthRetrying(const Error& error) {
  constexpr std::array<std::string_view, 7> kPassing = {
      "ProvisionedThroughputExceededException", "ThrottlingException",          "Throttling",    "RequestLimitExceeded",
      "TransactionInProgressException",         "TransactionConflictException", "RequestTimeout"};
  if (const RemoteError* remote = AsRemote(error)) {
    return remote->status >= 500 || std::find(kPassing.begin(), kPassing.end(), remote->name) != kPassing.end();
  }
  return error.id == errors::kConnectionLost || error.id == errors::kCallTimedOut || error.id == errors::kCannotConnect;
}

Duration Backoff(int failures, Random& random) {
  constexpr int64_t kBase = 50'000;
  constexpr int64_t kCap = 20'000'000;
  const int64_t ceiling = std::min(kCap, kBase << std::min(failures, 20));
  return Duration(static_cast<int64_t>(random.Below(static_cast<uint64_t>(ceiling) + 1)));
}

}  // namespace stator::client
