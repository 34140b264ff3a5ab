#include "pools/realm.h"

namespace stator::pools {

std::string Realm::IssuerOf(const Pool& pool) const {
  return issuer.empty() ? "https://cognito-idp." + pool.region + ".amazonaws.com/" : issuer;
}

}  // namespace stator::pools
