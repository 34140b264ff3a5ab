// What a user pool and an app client are: validated descriptions, never changed. A change makes a new one; who works
// with the old keeps what it holds. notes/cognito.md, section 3.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "pools/keys.h"

namespace stator::pools {

// Names and values, in the order given; names are not repeated.
using Pairs = std::vector<std::pair<std::string, std::string>>;

struct PasswordPolicy {
  int min_length = 8;
  bool uppercase = true, lowercase = true, numbers = true, symbols = true;
  int temporary_days = 7;  // how long a temporary password can be used
};

// One attribute that users may have. Standard ones are in every pool (standard_attributes.h).
struct Attribute {
  enum class Type : uint8_t { kString, kNumber, kDateTime, kBoolean };
  std::string name;  // "email", "custom:team"
  Type type = Type::kString;
  bool required = false;
  bool is_mutable = true;
  bool developer_only = false;
  // Of a string's length in characters, or of a number; as given.
  std::optional<int64_t> min, max;
};

// ARNs of functions, empty when there is none.
struct Triggers {
  std::string pre_sign_up, post_confirmation, pre_authentication, post_authentication, pre_token_generation,
      custom_message, user_migration;
  // "V1_0", "V2_0", "V3_0" of PreTokenGenerationConfig.
  std::string pre_token_generation_version = "V1_0";
};

struct Client {
  std::string id;  // 26 characters of 0-9a-z
  std::string name;
  std::string pool_id;
  std::string secret;  // empty: none. Kept as it is: DescribeUserPoolClient shows it
  Time created, modified;
  // In the newer spelling without "ALLOW_", sorted: "USER_SRP_AUTH".
  std::vector<std::string> flows;
  std::vector<std::string> shown_flows;  // as given, for the description
  int64_t access_seconds = 3600, id_seconds = 3600, refresh_seconds = int64_t{30} * 86400;
  int session_minutes = 3;
  bool prevent_existence_errors = false;  // PreventUserExistenceErrors=ENABLED
  bool revocation = true;                 // EnableTokenRevocation
  bool rotation = false;                  // RefreshTokenRotation.Feature=ENABLED
  int rotation_grace_seconds = 0;
  // Empty: all of them.
  std::vector<std::string> read_attributes, write_attributes;
  // Members that are stored and described only, as JSON: {"CallbackURLs", "[...]"}.
  Pairs shown;

  bool Allows(const std::string& flow) const;
};
using ClientRef = std::shared_ptr<const Client>;

struct Pool {
  std::string id;    // "us-east-1_AbCdEfGhI"
  std::string name;  // PoolName
  std::string arn;
  std::string region, account;
  Time created, modified;
  PasswordPolicy policy;
  Triggers triggers;
  // Sorted lists of "email", "phone_number", "preferred_username".
  std::vector<std::string> alias_attributes;     // sign in by these, too
  std::vector<std::string> username_attributes;  // these are the user names; the stored one is the sub
  std::vector<std::string> auto_verified;
  std::vector<Attribute> custom;            // Schema and AddCustomAttributes, names with "custom:"
  std::vector<Attribute> changed_standard;  // standard attributes that Schema said something of
  bool case_sensitive = true;
  bool admin_only = false;  // AllowAdminCreateUserOnly: SignUp is refused
  bool deletion_protection = false;
  std::string mfa = "OFF";
  Pairs tags;
  // Members that are stored and described only, as JSON: {"AccountRecoverySetting", "{...}"}.
  Pairs shown;

  // Not described:
  std::shared_ptr<const Keys> keys;          // signing keys and secrets; never null in a pool that was published
  std::map<std::string, ClientRef> clients;  // by id

  // What SRP calls the pool: the part after the first '_'.
  std::string SrpName() const { return id.substr(id.find('_') + 1); }
  // Null: users of this pool have no such attribute.
  const Attribute* Find(const std::string& attribute) const;
  // All of them, standard ones first.
  std::vector<Attribute> Schema() const;
  // As names and aliases are compared: small letters (of ASCII) unless the pool is case-sensitive.
  std::string Fold(const std::string& text) const;
  bool UsesUsernameAttributes() const { return !username_attributes.empty(); }
};
using PoolRef = std::shared_ptr<const Pool>;

}  // namespace stator::pools
