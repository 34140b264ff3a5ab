// Writing: one more message, or a conversation's first.
//
// Which conversation two people have is what their pair row says: it is put on condition that there is none, so of
// starts at the same moment one wins and the others find its conversation. Conversations that were begun in another way
// have none: they are looked for in the author's list, and given theirs.
#include <algorithm>

#include "api/conversations.h"
#include "api/question.h"
#include "base/pause.h"
#include "base/random.h"
#include "client/json_text.h"
#include "client/retry.h"
#include "errors/client.h"

namespace stator::messages {
namespace {

constexpr int kMostTries = 100;      // for a moment at which nothing else was written
constexpr int kLookedThrough = 100;  // newest messages in which a retried one may be
constexpr int kMostPages = 1000;

using Found = std::optional<std::string>;

std::string NewStamp(int tries) { return StampOf(Clock().Now() + Duration(tries)); }

// Which of a cancelled transaction's writes failed its condition; "busy" if another was under way.
struct Cancelled {
  std::vector<bool> failed;
  bool busy = false;
};

Cancelled ReasonsIn(const client::RemoteError& error) {
  Cancelled cancelled;
  json::Document document;
  const auto root = document.Parse(error.body);
  if (!root.ok() || !root->is_object()) return cancelled;
  const json::Value reasons = root->Find("CancellationReasons");
  if (!reasons.valid() || !reasons.is_array()) return cancelled;
  for (const json::Value reason : reasons.elements()) {
    const Bytes code = reason.is_object() ? client::TextOf(reason, "Code") : Bytes();
    cancelled.failed.push_back(code == "ConditionalCheckFailed");
    cancelled.busy = cancelled.busy || code == "TransactionConflict" || code == "ThrottlingError";
  }
  return cancelled;
}

// The pair row is the first.
std::vector<std::string> FirstRows(const Person& recipient, const Message& first) {
  return {PairItem(first.author.uuid, recipient.uuid, first.group_uuid), GroupItem(first.author, recipient, first),
          GroupItem(recipient, first.author, first), MessageItem(first)};
}

Members MembersOfTwo(const Person& one, const Person& other) { return {{one.uuid, other}, {other.uuid, one}}; }

}  // namespace

// False if there is an item of that key.
Task<Result<bool>> Conversations::PutNew(std::string item) {
  const auto answer = co_await caller_.Call("DynamoDB_20120810.PutItem", PutNewRequest(table_, item));
  if (answer.ok()) co_return true;
  if (client::IsRemote(answer.error(), "ConditionalCheckFailedException")) co_return false;
  co_return answer.error();
}

// Whether the row at its key is this message: put by an attempt whose answer was lost.
Task<Result<bool>> Conversations::IsThere(Message message) {
  auto answer = co_await caller_.Call("DynamoDB_20120810.GetItem",
                                      GetRequest(table_, MessageKey(message.group_uuid), message.created_at));
  if (!answer.ok()) co_return std::move(answer).error();
  STATOR_CO_TRY(const json::Value root, document_.Parse(*answer));
  const json::Value item = root.is_object() ? root.Find("Item") : json::Value();
  co_return item.valid() && item.is_object() && TextIn(item, "message_uuid") == message.uuid;
}

Task<Result<std::optional<Message>>> Conversations::FindWritten(std::string group_uuid, Draft draft) {
  Question question;
  question.table = table_;
  question.key = MessageKey(group_uuid);
  question.limit = kLookedThrough;
  question.consistent = true;
  auto answer = co_await caller_.Call("DynamoDB_20120810.Query", QueryRequest(question));
  if (!answer.ok()) co_return std::move(answer).error();
  STATOR_CO_TRY(const json::Value root, document_.Parse(*answer));
  const json::Value items = root.is_object() ? root.Find("Items") : json::Value();
  std::optional<Message> found;
  if (!items.valid() || !items.is_array()) co_return found;
  for (const json::Value item : items.elements()) {
    if (!item.is_object() || TextIn(item, "message_uuid") != draft.uuid) continue;
    if (TextIn(item, "user_uuid") != draft.author.uuid) continue;
    found = Message{draft.uuid, group_uuid, draft.author, std::string(TextIn(item, "sk")),
                    std::string(TextIn(item, "message"))};
  }
  co_return found;
}

Task<Result<Message>> Conversations::Post(std::string group_uuid, Draft draft) {
  if (draft.retry) {
    auto written = co_await FindWritten(group_uuid, draft);
    if (!written.ok()) co_return std::move(written).error();
    if (*written) co_return std::move(**written);
  }
  Message message{draft.uuid, group_uuid, draft.author, "", draft.text};
  for (int tries = 0; tries < kMostTries; ++tries) {
    message.created_at = NewStamp(tries);
    const auto put = co_await PutNew(MessageItem(message));
    if (!put.ok()) co_return put.error();
    if (*put) co_return message;
    const auto there = co_await IsThere(message);
    if (!there.ok()) co_return there.error();
    if (*there) co_return message;
  }
  co_return Fail(errors::kStillChanging, table_, "written to", 0);
}

Task<Result<Found>> Conversations::FindPair(std::string pk) {
  auto answer = co_await caller_.Call("DynamoDB_20120810.GetItem", GetRequest(table_, pk, kPairSort));
  if (!answer.ok()) co_return std::move(answer).error();
  STATOR_CO_TRY(const json::Value root, document_.Parse(*answer));
  const json::Value item = root.is_object() ? root.Find("Item") : json::Value();
  Found found;
  if (item.valid() && item.is_object()) found = std::string(TextIn(item, "conversation_uuid"));
  co_return found;
}

// The list from the newest down, or, with `*newest` set, what stands above it. Sets `*newest` if it was empty.
Task<Result<Found>> Conversations::FindInPages(std::string user, std::string other, std::string* newest) {
  Question question;
  question.table = table_;
  question.key = GroupKey(user);
  question.after = *newest;
  question.consistent = true;
  for (int pages = 0; pages < kMostPages; ++pages) {
    auto answer = co_await caller_.Call("DynamoDB_20120810.Query", QueryRequest(question));
    if (!answer.ok()) co_return std::move(answer).error();
    STATOR_CO_TRY(const json::Value root, document_.Parse(*answer));
    const json::Value items = root.is_object() ? root.Find("Items") : json::Value();
    if (!items.valid() || !items.is_array()) break;
    for (const json::Value item : items.elements()) {
      if (!item.is_object()) continue;
      if (newest->empty()) *newest = TextIn(item, "sk");
      if (TextIn(item, "user_uuid") == other) co_return Found(std::string(TextIn(item, "message_group_uuid")));
    }
    const json::Value next = root.Find("LastEvaluatedKey");
    if (!next.valid() || !next.is_object()) break;
    question.start = client::JsonText(next);
  }
  co_return Found();
}

// A row that moves to the top while the pages are read may leave one that is still to come for one that is past: it is
// looked for above what was the newest then.
Task<Result<Found>> Conversations::FindInList(std::string user, std::string other) {
  std::string newest;
  auto found = co_await FindInPages(user, other, &newest);
  if (!found.ok() || *found || newest.empty()) co_return found;
  co_return co_await FindInPages(user, other, &newest);
}

Task<Result<Found>> Conversations::FindExisting(Person author, Person recipient) {
  const std::string pk = PairKey(author.uuid, recipient.uuid);
  auto pair = co_await FindPair(pk);
  if (!pair.ok() || *pair) co_return pair;
  auto listed = co_await FindInList(author.uuid, recipient.uuid);
  if (!listed.ok() || !*listed) co_return listed;
  const auto put = co_await PutNew(PairItem(author.uuid, recipient.uuid, **listed));
  if (!put.ok()) co_return put.error();
  if (*put) co_return listed;
  co_return co_await FindPair(pk);
}

Task<Result<Conversations::Begun>> Conversations::Begin(Person recipient, Message first) {
  std::string request = PutAllNewRequest(table_, FirstRows(recipient, first));
  const auto answer = co_await caller_.Call("DynamoDB_20120810.TransactWriteItems", std::move(request));
  if (answer.ok()) co_return Begun::kDone;
  if (!client::IsRemote(answer.error(), "TransactionCanceledException")) co_return answer.error();
  const Cancelled why = ReasonsIn(*client::AsRemote(answer.error()));
  if (!why.failed.empty() && why.failed[0]) co_return Begun::kExists;
  if (std::find(why.failed.begin(), why.failed.end(), true) != why.failed.end()) co_return Begun::kTaken;
  if (why.busy) co_return Begun::kBusy;
  co_return answer.error();
}

Task<Result<Message>> Conversations::Start(Person recipient, Draft draft) {
  Message message{draft.uuid, NewUuid(), draft.author, "", draft.text};
  int failures = 0;
  for (int tries = 0; tries < kMostTries; ++tries) {
    auto existing = co_await FindExisting(draft.author, recipient);
    if (!existing.ok()) co_return std::move(existing).error();
    if (*existing) {
      // What this very start has written in an attempt whose answer was lost is found as a retry is.
      if (**existing == message.group_uuid) draft.retry = true;
      co_return co_await Post(std::move(**existing), std::move(draft));
    }
    message.created_at = NewStamp(tries);
    const auto begun = co_await Begin(recipient, message);
    if (!begun.ok()) co_return begun.error();
    if (*begun == Begun::kDone) {
      Keep(message.group_uuid, MembersOfTwo(draft.author, recipient));
      co_return message;
    }
    if (*begun == Begun::kBusy) {
      Pause pause(lane_, client::Backoff(failures++, ThreadRandom()));
      co_await pause;
    }
  }
  co_return Fail(errors::kStillChanging, table_, "written to", 0);
}

}  // namespace stator::messages
