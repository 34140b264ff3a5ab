// Whose request is this: access tokens of one user pool, for one client of it.
//
// Keys are fetched when a token names one that is not known, and again when they are kRefreshAfter old: so a new key
// works at once, and a withdrawn one stops working. After a fetch that did not bring the key asked for there is none
// for kFetchPause: an attacker can make up key ids. A token that was found good is remembered by its hash until it
// expires; verifying a signature takes 30 us.
//
// Threads: one lane.
#pragma once

#include <coroutine>
#include <functional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "errors/result.h"
#include "tokens/jwt.h"
#include "tokens/key_set.h"

namespace stator::messages {

struct TokenRules {
  std::vector<std::string> issuers;  // any of these
  std::string client_id;
};

// A bearer of a good token.
struct Bearer {
  std::string subject;
  std::string username;
  Time expires;
};

enum class TokenFault {
  kMissing,
  kInvalid,
  kExpired,
  kNoKeys,  // the pool's keys cannot be had; the token may be good
};

class Verifier {
 public:
  // The JSON of the pool's keys.
  using Fetch = std::function<Task<Result<std::string>>()>;
  static constexpr Duration kFetchPause = std::chrono::seconds(5);
  static constexpr Duration kRefreshAfter = std::chrono::minutes(30);
  static constexpr size_t kMostRemembered = 10'000;
  static constexpr size_t kLongestToken = 8192;

  // `now` rules expiry, `monotonic` the pauses; tests step them.
  Verifier(TokenRules rules, Fetch fetch, std::function<Time()> now = {},
           std::function<MonotonicTime()> monotonic = {});

  // `authorization`: the header's value, "Bearer TOKEN"; empty if there was none.
  Task<std::variant<Bearer, TokenFault>> Verify(std::string authorization);

 private:
  using Verdict = std::variant<Bearer, TokenFault>;
  Task<Verdict> VerifyToken(std::string token, std::string hash);
  // Whether there are keys to look into now; among them `key_id` if the pool has it.
  Task<bool> Refresh(std::string key_id);
  Task<bool> FetchNow(std::string key_id);
  // Takes what a fetch brought; false if there is no key in it.
  bool TakeKeys(const Result<std::string>& answer);
  std::optional<TokenFault> Check(const Claims& claims) const;
  void Remember(const std::string& hash, const Bearer& bearer);

  const TokenRules rules_;
  const Fetch fetch_;
  const std::function<Time()> now_;
  const std::function<MonotonicTime()> monotonic_;
  KeySet keys_;
  bool have_keys_ = false;
  bool fetching_ = false;
  std::vector<std::coroutine_handle<>> waiting_;  // for the fetch under way
  MonotonicTime fetched_{};                       // successfully
  MonotonicTime paused_until_{};
  std::unordered_map<std::string, Bearer> remembered_;  // by SHA-256 of the token
};

}  // namespace stator::messages
