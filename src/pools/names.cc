#include "pools/names.h"

#include "base/random.h"

namespace stator::pools {
namespace {

constexpr char kDigitsAndSmall[] = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr char kCapitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr size_t kPoolIdLength = 9;
constexpr size_t kClientIdLength = 26;
constexpr size_t kSecretLength = 51;

}  // namespace

std::string RandomText(const std::string& alphabet, size_t length) {
  const size_t fair = 256 / alphabet.size() * alphabet.size();
  std::string text;
  while (text.size() < length) {
    for (const char c : SecureRandom(length)) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < fair && text.size() < length) text.push_back(alphabet[byte % alphabet.size()]);
    }
  }
  return text;
}

std::string NewPoolId(const std::string& region) {
  return region + "_" + RandomText(std::string(kDigitsAndSmall) + kCapitals, kPoolIdLength);
}
std::string NewClientId() { return RandomText(kDigitsAndSmall, kClientIdLength); }
std::string NewClientSecret() { return RandomText(kDigitsAndSmall, kSecretLength); }

}  // namespace stator::pools
