// Requests that name another host: what a listener does with them.
//
// Functions, and clients told to use this server as their proxy, name AWS hosts; those requests are answered here, in
// plain text or, after CONNECT, in TLS with a certificate of CertificateAuthority. The way to the rest of the world is
// open only to who shows the password, which only functions are told: to anybody else an open proxy would lend this
// machine's place in its networks. A web page can neither name a host in a request line nor know the password.
#pragma once

#include <optional>
#include <string>

#include "http/certificates.h"
#include "http/dial.h"
#include "http/host.h"
#include "http/message.h"

namespace stator::http {

// Threads: any.
class Proxy {
 public:
  // Borrows the authority. `password`: what opens the way out, letters and digits.
  Proxy(CertificateAuthority& authority, Bytes password);

  enum class Way {
    kServe,      // as if it had been sent directly
    kIntercept,  // CONNECT to an AWS host: answer, then speak TLS or HTTP as that host
    kForward,    // send the request on to the host and its answer back
    kTunnel,     // CONNECT: bytes both ways
    kRefuse,
  };
  struct Decision {
    Way way = Way::kServe;
    HostPort host;  // all but kServe and kRefuse
    Reply refusal;  // kRefuse
  };
  // `port`: the listener's own. REQUIRES: head.authority is not empty.
  Decision Decide(const RequestHead& head, int port) const;

  CertificateAuthority& authority() { return authority_; }
  Dialer& dialer() { return dialer_; }
  // The user part of a URL for those who may go out: "function:PASSWORD".
  const std::string& user() const { return user_; }

 private:
  bool MayGoOut(const RequestHead& head) const;

  CertificateAuthority& authority_;
  const std::string user_;
  const std::string credentials_;
  Dialer dialer_;
};

// The head of a request that is sent on: to the host itself, without what was meant for the proxy, and for this
// request only ("Connection: close").
std::string HeadToSendOn(const RequestHead& head);

}  // namespace stator::http
