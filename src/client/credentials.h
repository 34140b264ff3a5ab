// Finds AWS credentials where AWS's own tools look, in their order: variables, shared files, container, instance.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "client/surroundings.h"
#include "errors/result.h"
#include "sigv4/sign.h"

namespace stator::client {

struct FoundCredentials {
  sigv4::Credentials credentials;
  std::optional<Time> expires;
  std::string source;  // for people: "profile default"
};

// Each looks in one place: nothing if that place has none, an Error if what it has cannot be used.
using Find = Result<std::optional<FoundCredentials>>;
Find FromEnvironment(const Surroundings&);
// `profile` empty: AWS_PROFILE or "default".
Find FromProfile(const Surroundings&, const std::string& profile);
// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI.
Find FromContainer(const Surroundings&);
// The instance metadata service, version 2.
Find FromInstance(const Surroundings&);

// Threads: any.
class CredentialChain {
 public:
  struct Options {
    std::string profile;   // asked for by name: then variables are not looked at
    bool services = true;  // ask container and instance services too
    // If nothing is found: these instead of kNoCredentials. For servers that take any.
    std::optional<sigv4::Credentials> fallback;
  };
  CredentialChain(Surroundings around, Options options);

  // Looks once and keeps what it found until five minutes before it expires. Fails with kNoCredentials,
  // kHalfCredentials, kNoSuchProfile, kForeignProfile, kCredentialsExpired or kCredentialService.
  Result<sigv4::Credentials> Get();
  // The service refused what Get gave as expired: look again next time.
  void Forget();

 private:
  Find Look();

  const Surroundings around_;
  const Options options_;
  std::mutex mutex_;
  std::optional<FoundCredentials> kept_;
};

}  // namespace stator::client
