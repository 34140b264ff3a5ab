// See certificates.h. All certificates but the authority's share one key, new at each start.
#include "http/certificates.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <map>
#include <mutex>

#include "base/os/file.h"
#include "base/random.h"
#include "errors/http.h"

namespace stator::http {
namespace {

constexpr long kDay = 86'400;
constexpr long kAuthorityDays = 7'300;
constexpr long kHostDays = 825;     // more is refused by some clients
constexpr size_t kMaxHosts = 1024;  // certificates kept; beyond, all are made anew
constexpr char kMineOnly[] = "critical,permitted;DNS:amazonaws.com,permitted;DNS:amazonaws.com.cn";

struct FreeIt {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeIt>;
using Certificate = std::unique_ptr<X509, FreeIt>;
using Bio = std::unique_ptr<BIO, FreeIt>;

std::string TextOf(const Bio& bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<size_t>(std::max(size, 0L))};
}

std::string PemOf(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), certificate);
  return TextOf(out);
}

std::string PemOf(EVP_PKEY* key) {
  const Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return TextOf(out);
}

bool SetName(X509_NAME* name, const std::string& common) {
  const auto text = [](const char* s) { return reinterpret_cast<const unsigned char*>(s); };
  return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, text("Stator"), -1, -1, 0) == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text(common.c_str()), -1, -1, 0) == 1;
}

// Serial number, times, key.
bool Begin(X509* certificate, EVP_PKEY* key, long days) {
  std::string serial = SecureRandom(16);
  serial[0] = static_cast<char>(serial[0] & 0x7f);
  BIGNUM* number =
      BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), static_cast<int>(serial.size()), nullptr);
  const bool numbered = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  return numbered && X509_set_version(certificate, X509_VERSION_3) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay) &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), days * kDay) && X509_set_pubkey(certificate, key) == 1;
}

bool Extend(X509* certificate, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, FreeIt> extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

Certificate MakeAuthority(EVP_PKEY* key) {
  Certificate made(X509_new());
  X509* c = made.get();
  const bool done = c && Begin(c, key, kAuthorityDays) &&
                    SetName(X509_get_subject_name(c), "Stator local authority " + NewUuid().substr(0, 8)) &&
                    X509_set_issuer_name(c, X509_get_subject_name(c)) == 1 &&
                    Extend(c, c, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    Extend(c, c, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    Extend(c, c, NID_subject_key_identifier, "hash") && Extend(c, c, NID_name_constraints, kMineOnly) &&
                    X509_sign(c, key, EVP_sha256()) > 0;
  return done ? std::move(made) : Certificate();
}

Certificate MakeForHost(const std::string& host, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate made(X509_new());
  X509* c = made.get();
  const bool done =
      c && Begin(c, key, kHostDays) && SetName(X509_get_subject_name(c), "Stator") &&
      X509_set_issuer_name(c, X509_get_subject_name(issuer)) == 1 &&
      Extend(c, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
      Extend(c, issuer, NID_key_usage, "critical,digitalSignature") &&
      Extend(c, issuer, NID_ext_key_usage, "serverAuth") && Extend(c, issuer, NID_subject_key_identifier, "hash") &&
      Extend(c, issuer, NID_authority_key_identifier, "keyid:always") &&
      Extend(c, issuer, NID_subject_alt_name, ("DNS:" + host).c_str()) && X509_sign(c, issuer_key, EVP_sha256()) > 0;
  return done ? std::move(made) : Certificate();
}

std::string SystemBundle() {
  const char* told = std::getenv("SSL_CERT_FILE");
  for (const char* place : {told ? told : "", "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                            "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    if (auto bundle = ReadFile(place)) return std::move(*bundle);
  }
  return {};
}

}  // namespace

struct CertificateAuthority::Impl {
  Key key;
  Certificate certificate;
  std::string pem;
  Key host_key;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<const TlsContext>> contexts;  // by host

  Status Read(const std::string& path, const std::string& pem_text, const std::string& key_text);
  Status Make(const std::string& folder);
};

Status CertificateAuthority::Impl::Read(const std::string& path, const std::string& pem_text,
                                        const std::string& key_text) {
  ERR_clear_error();
  const Bio certificate_in(BIO_new_mem_buf(pem_text.data(), static_cast<int>(pem_text.size())));
  const Bio key_in(BIO_new_mem_buf(key_text.data(), static_cast<int>(key_text.size())));
  certificate.reset(PEM_read_bio_X509(certificate_in.get(), nullptr, nullptr, nullptr));
  key.reset(PEM_read_bio_PrivateKey(key_in.get(), nullptr, nullptr, nullptr));
  const bool fit = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!fit) return Fail(errors::kHttpAuthorityUnusable, path);
  return {};
}

// The key first: a certificate stands for a whole pair.
Status CertificateAuthority::Impl::Make(const std::string& folder) {
  key.reset(EVP_EC_gen("P-256"));
  certificate = key ? MakeAuthority(key.get()) : Certificate();
  if (!certificate) return Fail(errors::kHttpAuthorityNotMade, folder, "the cryptographic library failed");
  std::string reason = MakeFolder(folder, 0755);
  if (reason.empty()) reason = ReplaceFile(folder + "/ca-key.pem", PemOf(key.get()), 0600);
  if (reason.empty()) reason = ReplaceFile(folder + "/ca.pem", PemOf(certificate.get()), 0644);
  if (!reason.empty()) return Fail(errors::kHttpAuthorityNotMade, folder, reason);
  return {};
}

CertificateAuthority::CertificateAuthority(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CertificateAuthority::~CertificateAuthority() = default;

Result<std::unique_ptr<CertificateAuthority>> CertificateAuthority::Open(const std::string& folder) {
  auto impl = std::make_unique<Impl>();
  if (const auto pem_text = ReadFile(folder + "/ca.pem")) {
    STATOR_OK(impl->Read(folder + "/ca.pem", *pem_text, ReadFile(folder + "/ca-key.pem").value_or("")));
  } else {
    STATOR_OK(impl->Make(folder));
  }
  impl->pem = PemOf(impl->certificate.get());
  impl->host_key.reset(EVP_EC_gen("P-256"));
  if (!impl->host_key) return Fail(errors::kHttpAuthorityNotMade, folder, "the cryptographic library failed");
  return std::unique_ptr<CertificateAuthority>(new CertificateAuthority(std::move(impl)));
}

const std::string& CertificateAuthority::certificate() const { return impl_->pem; }

Status CertificateAuthority::WriteBundle(const std::string& path) const {
  const std::string reason = ReplaceFile(path, impl_->pem + SystemBundle(), 0644);
  if (!reason.empty()) return Fail(errors::kHttpAuthorityNotMade, path, reason);
  return {};
}

Result<std::shared_ptr<const TlsContext>> CertificateAuthority::ContextFor(const std::string& host) {
  const std::lock_guard lock(impl_->mutex);
  if (const auto found = impl_->contexts.find(host); found != impl_->contexts.end()) return found->second;
  const Certificate made = MakeForHost(host, impl_->host_key.get(), impl_->certificate.get(), impl_->key.get());
  if (!made) return Fail(errors::kHttpAuthorityNotMade, host, "the cryptographic library failed");
  STATOR_TRY(std::shared_ptr<const TlsContext> context,
             TlsContext::FromPem(PemOf(made.get()), PemOf(impl_->host_key.get())));
  if (impl_->contexts.size() >= kMaxHosts) impl_->contexts.clear();
  return impl_->contexts.emplace(host, std::move(context)).first->second;
}

}  // namespace stator::http
