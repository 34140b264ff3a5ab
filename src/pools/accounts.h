// What happens to a user's account: codes, confirmation, passwords, attributes; shared by what users do themselves and
// what administrators do. Flows of notes/cognito.md, section 4, without their requests and replies.
//
// Threads: any lane; tasks go on on theirs. Numbers are raised to powers on worker threads.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/lane.h"
#include "base/task.h"
#include "errors/result.h"
#include "pools/realm.h"

namespace stator::pools {

struct Delivery {
  std::string destination;  // masked
  std::string medium;       // "EMAIL", "SMS"
  std::string attribute;    // "email", "phone_number"
};

// --- Passwords ---

// Takes a password's verifier on a worker thread. Checks the policy first.
Task<Result<Verifier>> NewVerifier(Realm& realm, PoolRef pool, std::string username, std::string password, Lane& lane);
// Sets it with its verifier: `permanent` makes the user confirmed, otherwise it is a temporary one that has to be
// changed. Ends the sign-ins there are when `sign_out`.
Task<Result<User>> SetPassword(Realm& realm, PoolRef pool, User user, std::string password, bool permanent,
                               bool sign_out, Lane& lane);

// --- Codes ---

struct CodeRequest {
  PoolRef pool;
  std::string client_id;
  User user;
  Code::Purpose purpose = Code::Purpose::kSignUp;
  std::string attribute;  // where it goes: "email" or "phone_number"
  std::string source;     // of CustomMessage: "CustomMessage_SignUp"
  Letter::Kind kind = Letter::Kind::kSignUp;
  Pairs client_metadata;
};
// Whether this user may be sent another code now, which counts as one: asking for many would give as many guesses anew.
// kPoolTooManyAttempts. For names that do not exist, too, where that is not to be seen; SendCode asks by itself.
Status CountCode(Realm& realm, const Pool& pool, const std::string& username);
// Makes a code in the place of an earlier one of the same purpose, and sends it.
Task<Result<Delivery>> SendCode(Realm& realm, CodeRequest request, Lane& lane);
// The attribute a code of this purpose goes to; nothing if the user has none that will do. For kPassword it must be
// verified.
std::optional<std::string> DestinationOf(const Pool& pool, const User& user, Code::Purpose purpose);
// Whether that is the code, and takes it from the user when it is; counts wrong ones. `attribute`: where it went, if
// that is known.
enum class CodeAnswer : uint8_t { kRight, kWrong, kExpired, kTooMany };
CodeAnswer TryCode(const Pool& pool, User* user, Code::Purpose purpose, const std::string& attribute, Bytes code,
                   Time now);
// kRight: no error. Otherwise kPoolCodeMismatch, kPoolCodeExpired, kPoolTooManyAttempts.
Status ErrorOf(CodeAnswer answer);
// Tries a code and, when it is right, changes the user in the same commit: `then` is told the attribute it went to.
using UseOfCode = std::function<Status(User*, const std::string& attribute)>;
Task<Result<User>> UseCode(Realm& realm, PoolRef pool, User user, Code::Purpose purpose, std::string attribute,
                           std::string code, UseOfCode then, Aliases aliases, Lane& lane);
Delivery DeliveryOf(const User& user, const std::string& attribute);

// --- Attributes ---

inline constexpr char kBadEmail[] = "Invalid email address format.";
inline constexpr char kBadPhone[] = "Invalid phone number format.";
bool IsEmail(Bytes text);
bool IsPhoneNumber(Bytes text);  // "+" and digits

struct AttributeChange {
  Pairs set;
  std::vector<std::string> remove;
  bool admin = false;  // may set email_verified and developer-only attributes, and what the client may not write
};
// Checks names, types, lengths, what may change and what the client may write. `user` may be null: a new one, of which
// required attributes must be there. For `admin`, `client` may be null.
Status CheckAttributes(const Pool& pool, const Client* client, const User* user, const AttributeChange& change);
// Writes what was checked into the user; a changed email or phone number is no longer verified unless the change says
// so.
void ApplyAttributes(const AttributeChange& change, User* user);

// --- States ---

// UNCONFIRMED to CONFIRMED; kPoolCannotConfirm in another status. For use within Users::Change.
Status MarkConfirmed(User* user);
// The same of the user in the store, by an administrator or a trigger: nothing becomes verified. Then PostConfirmation,
// whose error is given although the user stays confirmed.
Task<Status> ConfirmUser(Realm& realm, PoolRef pool, std::string client_id, User user, Pairs client_metadata,
                         Lane& lane);
// Every sign-in of the user is over.
Task<Status> SignOutEverywhere(Realm& realm, PoolRef pool, User user, Lane& lane);

// The user of an access token, as it is now. kPoolAccessInvalid, kPoolAccessExpired, kPoolAccessRevoked,
// kPoolUserDisabled, kPoolUserNotFound.
struct Authenticated {
  PoolRef pool;
  ClientRef client;
  User user;
  std::string origin_jti;
};
Result<Authenticated> ReadAccess(const Realm& realm, Bytes access_token);

// HMAC of user name and client id, in base64; fails when the client has a secret and this is not it.
// `username`: what the request calls the user.
Status CheckSecretHash(const Client& client, Bytes username, const std::optional<std::string>& given);

}  // namespace stator::pools
