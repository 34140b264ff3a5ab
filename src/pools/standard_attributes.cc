#include "pools/standard_attributes.h"

namespace stator::pools {
namespace {

constexpr int64_t kLongest = 2048;

std::vector<Attribute> Make() {
  using Type = Attribute::Type;
  std::vector<Attribute> all;
  const auto text = [&all](const char* name) {
    all.push_back({.name = name, .type = Type::kString, .min = 0, .max = kLongest});
  };
  all.push_back(
      {.name = "sub", .type = Type::kString, .required = true, .is_mutable = false, .min = 1, .max = kLongest});
  for (const char* name : {"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username",
                           "profile", "picture", "website", "email"}) {
    text(name);
  }
  all.push_back({.name = "email_verified", .type = Type::kBoolean});
  text("gender");
  all.push_back({.name = "birthdate", .type = Type::kString, .min = 10, .max = 10});
  text("zoneinfo");
  text("locale");
  text("phone_number");
  all.push_back({.name = "phone_number_verified", .type = Type::kBoolean});
  text("address");
  all.push_back({.name = "updated_at", .type = Type::kNumber, .min = 0});
  all.push_back({.name = "identities", .type = Type::kString});
  return all;
}

}  // namespace

const std::vector<Attribute>& StandardAttributes() {
  static const auto* all = new std::vector<Attribute>(Make());
  return *all;
}

}  // namespace stator::pools
