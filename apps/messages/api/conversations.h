// The conversations in the table: who is in one, what was said, and saying more. docs/messages.md has the rows.
//
// Threads: its lane. Errors: those of Caller::Call.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "errors/result.h"
#include "json/value.h"
#include "net/caller.h"
#include "rows.h"

namespace stator::messages {

// One of the two, and whom they see.
struct Member {
  std::string uuid;
  Person other;
};
using Members = std::vector<Member>;

struct PageRequest {
  int limit = 20;
  std::string before;  // empty: the newest
};

struct Draft {
  Person author;
  std::string text;
  std::string uuid;
  bool retry = false;  // it may have been written before
};

class Conversations {
 public:
  static constexpr Duration kKept = std::chrono::minutes(1);
  static constexpr size_t kMostKept = 50'000;

  Conversations(Caller& caller, std::string table, Lane& lane)
      : caller_(caller), table_(std::move(table)), lane_(lane) {}

  // A GroupPage and a MessagePage of api/openapi.json.
  Task<Result<std::string>> List(std::string user_uuid, PageRequest page);
  Task<Result<std::string>> Read(std::string group_uuid, Person other, PageRequest page);

  // Empty: there is no such conversation. Two people never leave theirs, so what was found is kept for a while.
  Task<Result<Members>> MembersOf(std::string group_uuid);
  // The other one, if the user is a member.
  Task<Result<std::optional<Person>>> OtherIn(std::string group_uuid, std::string user_uuid);

  // Puts the message at the first free microsecond from now on. Of tries that are repeated because an answer was lost,
  // one counts; across requests if the draft says that it is a retry.
  Task<Result<Message>> Post(std::string group_uuid, Draft draft);
  // Into the conversation of the two, which is begun with this message if there is none: its rows and the message in
  // one transaction, on condition that nobody else has begun it; if somebody has, into that one.
  Task<Result<Message>> Start(Person recipient, Draft draft);

 private:
  enum class Begun { kDone, kExists, kTaken, kBusy };

  Task<Result<std::string>> Query(std::string key, PageRequest page);
  Task<Result<std::optional<std::string>>> FindPair(std::string pk);
  Task<Result<std::optional<std::string>>> FindInList(std::string user, std::string other);
  Task<Result<std::optional<std::string>>> FindInPages(std::string user, std::string other, std::string* newest);
  Task<Result<std::optional<std::string>>> FindExisting(Person author, Person recipient);
  Task<Result<Begun>> Begin(Person recipient, Message first);
  Task<Result<bool>> PutNew(std::string item);
  Task<Result<bool>> IsThere(Message message);
  Task<Result<std::optional<Message>>> FindWritten(std::string group_uuid, Draft draft);
  void Keep(const std::string& group_uuid, Members members);

  struct Kept {
    Members members;
    MonotonicTime until{};
  };

  Caller& caller_;
  const std::string table_;
  Lane& lane_;
  std::unordered_map<std::string, Kept> kept_;
  json::Document document_;  // never across a co_await
};

}  // namespace stator::messages
