#include "pools/user.h"

#include <algorithm>

#include "base/coder.h"

namespace stator::pools {
namespace {

auto PlaceOf(Pairs& attributes, const std::string& name) {
  return std::lower_bound(attributes.begin(), attributes.end(), name,
                          [](const auto& pair, const std::string& wanted) { return pair.first < wanted; });
}

template <class Coder>
void CodeCode(Coder& coder, Of<Coder, Code> code) {
  coder.Number(code.purpose);
  coder.Text(code.attribute);
  coder.Text(code.hash);
  coder.Instant(code.expires);
  coder.Number(code.failed);
}

template <class Coder>
void CodeUser(Coder& coder, Of<Coder, User> user) {
  coder.Text(user.username);
  coder.Text(user.sub);
  coder.Number(user.status);
  coder.Number(user.enabled);
  coder.Instant(user.created);
  coder.Instant(user.modified);
  coder.List(user.attributes, [&coder](auto& pair) {
    coder.Text(pair.first);
    coder.Text(pair.second);
  });
  coder.Text(user.password.salt);
  coder.Text(user.password.value);
  coder.Instant(user.password_expires);
  coder.List(user.codes, [&coder](auto& code) { CodeCode(coder, code); });
  coder.Instant(user.signed_out);
  coder.List(user.groups, [&coder](auto& group) { coder.Text(group); });
}

}  // namespace

const char* NameOf(UserStatus status) {
  switch (status) {
    case UserStatus::kUnconfirmed:
      return "UNCONFIRMED";
    case UserStatus::kConfirmed:
      return "CONFIRMED";
    case UserStatus::kForceChangePassword:
      return "FORCE_CHANGE_PASSWORD";
    case UserStatus::kResetRequired:
      return "RESET_REQUIRED";
    case UserStatus::kExternalProvider:
      return "EXTERNAL_PROVIDER";
  }
  return "UNKNOWN";
}

const std::string* User::Find(const std::string& attribute) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&attribute](const auto& pair) { return pair.first == attribute; });
  return found == attributes.end() ? nullptr : &found->second;
}

void User::Set(const std::string& attribute, std::string value) {
  const auto place = PlaceOf(attributes, attribute);
  if (place != attributes.end() && place->first == attribute) {
    place->second = std::move(value);
  } else {
    attributes.emplace(place, attribute, std::move(value));
  }
}

void User::Remove(const std::string& attribute) {
  std::erase_if(attributes, [&attribute](const auto& pair) { return pair.first == attribute; });
}

bool User::Verified(const std::string& attribute) const {
  const std::string* verified = Find(attribute + "_verified");
  return Find(attribute) && verified && *verified == "true";
}

std::string EncodeUser(const User& user) {
  std::string out;
  Encoder coder(&out);
  CodeUser<Encoder>(coder, user);
  return out;
}

std::optional<User> DecodeUser(uint8_t format, Bytes bytes) {
  if (format != kUserFormat) return std::nullopt;
  User user;
  Decoder coder(bytes);
  CodeUser<Decoder>(coder, user);
  if (!coder.Finished()) return std::nullopt;
  return user;
}

}  // namespace stator::pools
