// What values attributes may have and who may write them. Tests: attributes_test.cc.
#include <algorithm>

#include "base/utf8.h"
#include "errors/pools.h"
#include "pools/accounts.h"

namespace stator::pools {
namespace {

bool IsDigits(Bytes text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
}

bool IsNumber(Bytes text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return IsDigits(text) && text.size() <= 18;
}

bool IsVerifiedMark(const std::string& name) { return name == "email_verified" || name == "phone_number_verified"; }

bool Writable(const Client& client, const std::string& name) {
  const auto& names = client.write_attributes;
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

Status CheckString(const Attribute& attribute, const std::string& value) {
  if (attribute.name == "email" && !IsEmail(value)) return Fail(errors::kPoolAttributeForm, kBadEmail);
  if (attribute.name == "phone_number" && !IsPhoneNumber(value)) return Fail(errors::kPoolAttributeForm, kBadPhone);
  const auto length = static_cast<int64_t>(Characters(value));
  if (attribute.min && length < *attribute.min) {
    return Fail(errors::kPoolAttribute,
                attribute.name + ": String must be at least " + std::to_string(*attribute.min) + " characters long");
  }
  if (attribute.max && length > *attribute.max) {
    return Fail(errors::kPoolAttribute,
                attribute.name + ": String must be no longer than " + std::to_string(*attribute.max) + " characters");
  }
  return {};
}

Status CheckNumber(const Attribute& attribute, const std::string& value) {
  if (!IsNumber(value)) return Fail(errors::kPoolAttribute, attribute.name + ": Attribute value must be a number");
  const int64_t number = std::stoll(value);
  if ((attribute.min && number < *attribute.min) || (attribute.max && number > *attribute.max)) {
    return Fail(errors::kPoolAttribute, attribute.name + ": Number is out of range");
  }
  return {};
}

Status CheckValue(const Attribute& attribute, const std::string& value) {
  switch (attribute.type) {
    case Attribute::Type::kNumber:
      return CheckNumber(attribute, value);
    case Attribute::Type::kBoolean:
      if (value == "true" || value == "false") return {};
      return Fail(errors::kPoolAttribute, attribute.name + ": Attribute value must be true or false");
    case Attribute::Type::kString:
    case Attribute::Type::kDateTime:
      return CheckString(attribute, value);
  }
  return {};
}

// Whether this attribute may be written at all, now and by this caller.
Status CheckWrite(const Pool& pool, const Client* client, const User* user, const std::string& name, bool admin) {
  const Attribute* attribute = pool.Find(name);
  if (!attribute) return Fail(errors::kPoolAttribute, name + ": Attribute does not exist in the schema.");
  if (name == "sub") return Fail(errors::kPoolAttributeImmutable, name);
  const bool for_admins = IsVerifiedMark(name) || name == "identities" || attribute->developer_only;
  if (!admin && (for_admins || (client && !Writable(*client, name)))) return Fail(errors::kPoolAttributeUnwritable);
  if (user && !attribute->is_mutable) return Fail(errors::kPoolAttributeImmutable, name);
  return {};
}

Status CheckRequired(const Pool& pool, const AttributeChange& change) {
  for (const Attribute& attribute : pool.Schema()) {
    if (!attribute.required || attribute.name == "sub") continue;
    const auto given = std::find_if(change.set.begin(), change.set.end(),
                                    [&attribute](const auto& pair) { return pair.first == attribute.name; });
    if (given == change.set.end() || given->second.empty()) {
      return Fail(errors::kPoolAttribute, attribute.name + ": The attribute is required");
    }
  }
  return {};
}

bool Sets(const AttributeChange& change, const std::string& name) {
  return std::any_of(change.set.begin(), change.set.end(), [&name](const auto& pair) { return pair.first == name; });
}

}  // namespace

// No more than what keeps nonsense out: who owns the address is shown by the code.
bool IsEmail(Bytes text) {
  const size_t at = text.find('@');
  if (at == 0 || at == Bytes::npos || text.find('@', at + 1) != Bytes::npos || text.size() > 2048) return false;
  const Bytes domain = text.substr(at + 1);
  const bool blank = std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
  return !blank && !domain.empty() && domain.find('.') != Bytes::npos && !domain.starts_with('.') &&
         !domain.ends_with('.');
}

bool IsPhoneNumber(Bytes text) {
  return text.starts_with('+') && IsDigits(text.substr(1)) && text.size() >= 3 && text.size() <= 16;
}

Status CheckAttributes(const Pool& pool, const Client* client, const User* user, const AttributeChange& change) {
  for (const auto& [name, value] : change.set) {
    STATOR_OK(CheckWrite(pool, client, user, name, change.admin));
    if (!value.empty()) STATOR_OK(CheckValue(*pool.Find(name), value));
    if (user && value.empty() && pool.Find(name)->required) {
      return Fail(errors::kPoolAttribute, name + ": The attribute is required");
    }
  }
  for (const std::string& name : change.remove) {
    STATOR_OK(CheckWrite(pool, client, user, name, change.admin));
    if (pool.Find(name)->required) return Fail(errors::kPoolAttribute, name + ": The attribute is required");
  }
  if (!user && !change.admin) STATOR_OK(CheckRequired(pool, change));
  return {};
}

// An empty value takes the attribute away, as on AWS.
void ApplyAttributes(const AttributeChange& change, User* user) {
  for (const auto& [name, value] : change.set) {
    const std::string* before = user->Find(name);
    const bool contact = name == "email" || name == "phone_number";
    const bool changed = !before || *before != value;
    if (value.empty()) {
      user->Remove(name);
    } else {
      user->Set(name, value);
    }
    const std::string mark = name + "_verified";
    if (contact && value.empty()) user->Remove(mark);
    if (contact && !value.empty() && changed && !Sets(change, mark)) user->Set(mark, "false");
  }
  for (const std::string& name : change.remove) {
    user->Remove(name);
    if (name == "email" || name == "phone_number") user->Remove(name + "_verified");
  }
}

}  // namespace stator::pools
