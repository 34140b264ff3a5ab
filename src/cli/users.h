// `stator users`: the users of a pool, for people who run the server.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/client.h"
#include "errors/result.h"

namespace stator::cli {

struct UserRow {
  std::string username, status, sub, contact, name;
  bool enabled = true;
  bool verified = false;  // the contact
  int64_t created = 0;    // seconds since 1970
  std::string json;       // as the API gave it
};

// In the order in which they were created. `filter` as ListUsers takes it; empty: everybody.
Result<std::vector<UserRow>> ReadUsers(client::Client& client, const std::string& pool, const std::string& filter);
// A table for people, or one JSON object: {"Users":[...]}.
std::string UsersTable(const std::vector<UserRow>& rows, Time now);
std::string UsersJson(const std::vector<UserRow>& rows);

struct NewUser {
  std::string username;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string password;    // empty: a temporary one of the server's making, in the outbox
  bool temporary = false;  // the password has to be changed at the first sign-in
};
// The user's sub. One with a password to stay is confirmed, its address verified; nothing is sent.
Result<std::string> CreateUser(client::Client& client, const std::string& pool, const NewUser& user);
Status ConfirmUser(client::Client& client, const std::string& pool, const std::string& username);
Status SetPassword(client::Client& client, const std::string& pool, const std::string& username,
                   const std::string& password, bool temporary);
Status DeleteUser(client::Client& client, const std::string& pool, const std::string& username);

// "name=value"; kBadAttribute.
Result<std::pair<std::string, std::string>> ParseAttribute(const std::string& text);

}  // namespace stator::cli
