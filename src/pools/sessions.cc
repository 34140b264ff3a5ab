// AES-256-GCM; the nonce in front is the block's name among those that were used. Tests: sessions_test.cc.
#include "pools/sessions.h"

#include <openssl/evp.h>

#include <mutex>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/coder.h"
#include "base/random.h"

namespace stator::pools {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;
constexpr size_t kLongest = 4096;

const unsigned char* Unsigned(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* Unsigned(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

template <class Coder>
void CodeSession(Coder& coder, Of<Coder, Session> session) {
  coder.Number(session.kind);
  coder.Text(session.pool_id);
  coder.Text(session.client_id);
  coder.Text(session.username);
  coder.Text(session.sub);
  coder.Instant(session.begun);
  coder.Instant(session.expires);
  coder.Text(session.a);
  coder.Text(session.b);
  coder.Text(session.public_b);
}

std::string Encrypt(Bytes key, Bytes nonce, Bytes plain) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string text(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int size = 0;
  STATOR_CHECK(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Unsigned(key), Unsigned(nonce)) == 1);
  STATOR_CHECK(
      EVP_EncryptUpdate(cipher.get(), Unsigned(text), &size, Unsigned(plain), static_cast<int>(plain.size())) == 1);
  STATOR_CHECK(EVP_EncryptFinal_ex(cipher.get(), Unsigned(text) + size, &size) == 1);
  STATOR_CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1);
  return text + tag;
}

std::optional<std::string> Decrypt(Bytes key, Bytes nonce, Bytes sealed) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  const Bytes text = sealed.substr(0, sealed.size() - kTagBytes);
  std::string tag(sealed.substr(text.size()));
  std::string plain(text.size(), '\0');
  int size = 0;
  STATOR_CHECK(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Unsigned(key), Unsigned(nonce)) == 1);
  STATOR_CHECK(EVP_DecryptUpdate(cipher.get(), Unsigned(plain), &size, Unsigned(text), static_cast<int>(text.size())) ==
               1);
  STATOR_CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(cipher.get(), Unsigned(plain) + size, &size) != 1) return std::nullopt;
  return plain;
}

}  // namespace

struct Sessions::Impl {
  explicit Impl(size_t most) : most_used(most), key(SecureRandom(kKeyBytes)) {}

  const size_t most_used;
  const std::string key;
  std::mutex mutex;
  // By the time after which they are refused anyway; guarded by mutex.
  std::set<std::pair<Time, std::string>> used;
  Time horizon;  // blocks that expire no later may have been forgotten; guarded by mutex
};

Sessions::Sessions(size_t most_used) : impl_(std::make_unique<Impl>(most_used)) {}
Sessions::~Sessions() = default;

std::string Sessions::Seal(const Session& session) {
  std::string plain;
  Encoder coder(&plain);
  CodeSession<Encoder>(coder, session);
  const std::string nonce = SecureRandom(kNonceBytes);
  return nonce + Encrypt(impl_->key, nonce, plain);
}

std::optional<Session> Sessions::Read(Bytes sealed, Time now) const {
  if (sealed.size() < kNonceBytes + kTagBytes || sealed.size() > kLongest) return std::nullopt;
  const std::optional<std::string> plain =
      Decrypt(impl_->key, sealed.substr(0, kNonceBytes), sealed.substr(kNonceBytes));
  if (!plain) return std::nullopt;
  Session session;
  Decoder coder(*plain);
  CodeSession<Decoder>(coder, session);
  if (!coder.Finished() || session.expires <= now) return std::nullopt;
  const std::lock_guard lock(impl_->mutex);
  const bool gone = session.expires <= impl_->horizon ||
                    impl_->used.contains({session.expires, std::string(sealed.substr(0, kNonceBytes))});
  if (gone) return std::nullopt;
  return session;
}

bool Sessions::Use(const Session& session, Bytes sealed, Time now) {
  const std::lock_guard lock(impl_->mutex);
  auto& used = impl_->used;
  if (session.expires <= impl_->horizon) return false;
  if (!used.emplace(session.expires, std::string(sealed.substr(0, kNonceBytes))).second) return false;
  while (!used.empty() && (used.begin()->first <= now || used.size() > impl_->most_used)) {
    impl_->horizon = std::max(impl_->horizon, used.begin()->first);
    used.erase(used.begin());
  }
  return true;
}

}  // namespace stator::pools
