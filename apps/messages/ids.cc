#include "ids.h"

#include "sigv4/digest.h"

namespace stator::messages {
namespace {

bool IsDash(size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace

std::string NameUuid(Bytes name) {
  std::string digest = sigv4::Sha256("cruddur-messages/" + std::string(name)).substr(0, 16);
  digest[6] = static_cast<char>((digest[6] & 0x0f) | 0x80);
  digest[8] = static_cast<char>((digest[8] & 0x3f) | 0x80);
  std::string uuid = sigv4::Hex(digest);
  for (const size_t at : {8, 13, 18, 23}) uuid.insert(at, 1, '-');
  return uuid;
}

std::string UserUuid(Bytes handle) { return NameUuid("user/" + std::string(handle)); }

bool IsUuid(Bytes text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsDash(i) ? text[i] != '-' : !IsHex(text[i])) return false;
  }
  return true;
}

}  // namespace stator::messages
