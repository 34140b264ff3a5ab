// A certificate authority of this server's own, for the names that its proxy answers to.
//
// Whoever trusts it lets this server speak for AWS hosts and for nothing else: its certificate is constrained to those
// names. The key never leaves its folder.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "errors/result.h"
#include "http/tls.h"

namespace stator::http {

// Threads: any, once open.
class CertificateAuthority {
 public:
  // Reads ca.pem and ca-key.pem of that folder (docs/formats/engine.md); makes the folder and them when they are
  // missing. Blocks. An error when they cannot be read, do not belong together, or cannot be written.
  static Result<std::unique_ptr<CertificateAuthority>> Open(const std::string& folder);
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  // Its certificate, PEM.
  const std::string& certificate() const;
  // Writes a file of its certificate and all that the system trusts. Blocks.
  Status WriteBundle(const std::string& path) const;
  // A context with a certificate for that host, made when first asked for; some hundred microseconds.
  // REQUIRES: IsAwsHost(host).
  Result<std::shared_ptr<const TlsContext>> ContextFor(const std::string& host);

 private:
  struct Impl;
  explicit CertificateAuthority(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::http
