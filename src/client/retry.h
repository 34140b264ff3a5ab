// Which failures are worth another attempt, and how long to wait before it.
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "errors/error.h"

namespace stator::client {

// What an AWS service said: Error::detail of kRemoteError.
struct RemoteError : ErrorDetail {
  int status = 0;
  std::string name;     // "ResourceNotFoundException"
  std::string message;  // may be empty
  std::string body;     // as received
};

// The RemoteError of an Error; nullptr if the service never answered.
const RemoteError* AsRemote(const Error&);
// Whether the service answered with that error.
bool IsRemote(const Error&, std::string_view name);

// Throttling, an item that a transaction holds, faults on the other side, and connections that broke. Not a refused
// connection: nobody is there. Nor a cancelled transaction: its reasons are the caller's to judge.
bool WorthRetrying(const Error&);

// Full jitter: uniform between 0 and min(20 s, 50 ms * 2^failures), so that clients refused together do not come back
// together. `failures` >= 0 is how many attempts have failed before this one did.
Duration Backoff(int failures, Random&);

}  // namespace stator::client
