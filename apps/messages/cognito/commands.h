// `cruddur cognito` and `cruddur db update-cognito-user-ids`: the user pool, and what the directory knows of it.
#pragma once

#include <string>

#include "errors/result.h"
#include "session.h"

namespace stator::messages {

struct PoolOptions {
  std::string pool;  // AWS_COGNITO_USER_POOL_ID
  bool print_sql = false;
};

// Handle and sub of each user of the pool.
Status ListPoolUsers(Session&, const PoolOptions&);
// Writes the sub of each user of the pool whose handle the directory knows.
Status UpdateCognitoUserIds(Session&, const PoolOptions&);

struct SignInOptions {
  std::string pool;      // AWS_COGNITO_USER_POOL_ID
  std::string client;    // AWS_COGNITO_USER_POOL_CLIENT_ID
  std::string user;      // as the pool takes it: an email address in that of `cognito setup`
  std::string password;  // CRUDDUR_PASSWORD
  std::string token;     // "access", "id", "refresh": print that one alone
};
// Signs in by SRP and prints the tokens.
Status SignIn(Session&, const SignInOptions&);

struct SetupOptions {
  std::string name = "cruddur";               // of the pool
  std::string password = "Night-train-1842";  // of the demo users
  std::string language;                       // of the function: "cpp", "python"; empty: cpp, on AWS python
  std::string role;                           // ARN; empty: one that servers of one's own accept
};
// Makes the function post-confirmation, the pool, its client and the demo users where they are missing, and keeps the
// rest; prints the ids.
Status SetupPool(Session&, const SetupOptions&);

}  // namespace stator::messages
