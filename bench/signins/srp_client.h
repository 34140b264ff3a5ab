// The client's half of SRP for one sign-in; notes of the protocol are in src/pools/srp.h. It shares no code with what
// it measures.
#pragma once

#include <string>

namespace signins {

class SrpClient {
 public:
  // `pool`: the part of the pool's id behind '_'.
  explicit SrpClient(std::string pool);
  const std::string& public_a() const { return a_hex_; }  // hexadecimal
  // PASSWORD_CLAIM_SIGNATURE, base64. `salt` and `b` are hexadecimal, `block` is base64.
  std::string Sign(const std::string& user, const std::string& password, const std::string& salt, const std::string& b,
                   const std::string& block, const std::string& timestamp) const;

 private:
  std::string pool_, secret_, a_hex_;
};

// "Tue Apr 5 01:02:03 UTC 2022", now.
std::string SrpTime();

}  // namespace signins
