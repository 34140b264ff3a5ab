// A client of DynamoDB and its neighbours: signs, sends, tries again, and turns what comes back into JSON text or an
// Error.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/random.h"
#include "client/credentials.h"
#include "client/endpoint.h"
#include "client/retry.h"
#include "client/transport.h"
#include "errors/result.h"

namespace stator::client {

// A call of any AWS service behind the endpoint.
struct ServiceCall {
  std::string service = "dynamodb";  // signed for
  std::string method = "POST";
  std::string path = "/";  // REST: percent-encoded, below the endpoint's own
  std::string query;       // percent-encoded, without '?'
  std::string target;      // JSON protocols: X-Amz-Target
  std::string content_type = "application/x-amz-json-1.0";
  Bytes body;
};

// Where to send and as whom; shared by the clients of a program.
struct Target {
  Endpoint endpoint;
  std::string region;
  std::shared_ptr<CredentialChain> credentials;
};

// How hard to try.
struct Effort {
  int attempts = 8;
  Duration limit = std::chrono::seconds(60);  // of one attempt
  std::function<void(Duration)> sleep;        // real waiting if empty
  std::function<Time()> now;                  // the real time if empty
  uint64_t seed = 0;                          // of the jitter; 0: from the system
};

// Keeps one connection. Threads: one at a time; threads that work at once have a Client each and share the Target.
class Client {
 public:
  explicit Client(Target target) : Client(std::move(target), NewCurlTransport(), {}) {}
  Client(Target target, std::unique_ptr<Transport> transport, Effort effort);

  // `operation` as in "ListTables"; `body` is its JSON input. The JSON answer, or
  //   kRemoteError  the service refused: AsRemote(error) tells the AWS name, text and status
  //   kNotDynamoDb  something else listens there
  //   or an error of Transport::Send or CredentialChain::Get.
  Result<std::string> Call(Bytes operation, Bytes body);
  // The same for any service: the body of the answer, of any status from 200 to 299; may be empty.
  Result<std::string> Call(const ServiceCall& call);

  const Target& target() const { return target_; }
  // Waits as it does between attempts.
  void Pause(Duration time) const { effort_.sleep(time); }
  // How long to wait after so many rounds in which a batch was not taken whole.
  Duration PauseAfter(int failures) { return Backoff(failures, random_); }

 private:
  Result<std::string> Attempt(const ServiceCall& call);

  const Target target_;
  const std::unique_ptr<Transport> transport_;
  const Effort effort_;
  Random random_;
};

}  // namespace stator::client
