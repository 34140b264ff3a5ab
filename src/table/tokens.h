// ClientRequestTokens: a transaction that was done is not done again by the same request, for ten minutes.
//
// A token is remembered by a row that is part of the transaction's own commit, so it survives whatever that survives.
// Beside it a record in a log of the same space tells, in the order of commits, which tokens there are: those that have
// expired are taken from its front now and then, in the background of a transaction. docs/formats/tokens.md shows the
// bytes.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"

namespace stator::table {

// What a request asks for, as a hash: whether two uses of a token mean the same.
using RequestContent = std::array<uint64_t, 2>;

// Threads: any.
class Tokens {
 public:
  static constexpr Duration kValid = std::chrono::minutes(10);

  explicit Tokens(engine::Engine& engine) : engine_(engine) {}

  // One use of a token that is under way; other uses of it fail meanwhile.
  class Use {
   public:
    Use(Use&& other) noexcept
        : tokens_(std::exchange(other.tokens_, nullptr)),
          key_(std::move(other.key_)),
          content_(other.content_),
          now_(other.now_),
          done_before_(std::move(other.done_before_)) {}
    Use& operator=(Use&&) = delete;
    ~Use() {
      if (tokens_) tokens_->Leave(key_);
    }

    // What was remembered of the same request if it was done before, as given to Remember. Such a request is answered
    // and not done again.
    const std::optional<std::string>& done_before() const { return done_before_; }
    // Adds to the request's commit that it was done; may be called for more than one batch. `outcome`: what the answer
    // to the same request needs. Needs no guard: nobody else writes this row meanwhile.
    void Remember(Bytes outcome, engine::Batch* batch) const;

   private:
    friend class Tokens;
    Use(Tokens* tokens, std::string key, const RequestContent& content, Time now)
        : tokens_(tokens), key_(std::move(key)), content_(content), now_(now) {}

    Tokens* tokens_;
    std::string key_;
    RequestContent content_;
    Time now_;
    std::optional<std::string> done_before_;
  };

  // Fails if the token is in use (kTransactionInProgress) or was used for something else (kTokenMismatch).
  Result<Use> Begin(catalog::NamespaceId name_space, Bytes token, const RequestContent& content, Time now);

  // Removes what has expired by `now` if it is time to: at most every kInterval. Starts a task on `lane`.
  void RemoveSoon(Time now, Lane& lane);
  // Removes what has expired by `now`. One at a time.
  Task<Status> Remove(Time now, Lane& lane);

 private:
  void Leave(const std::string& key);
  Task<Status> RemoveRows(std::vector<std::string> keys, Time now, Lane& lane);

  static constexpr Duration kInterval = std::chrono::seconds(5);

  engine::Engine& engine_;
  std::mutex mutex_;
  std::map<std::string, RequestContent, std::less<>> in_use_;
  std::atomic<int64_t> next_removal_{0};  // micros of Clock::Now
  std::atomic<bool> removing_{false};
};

}  // namespace stator::table
