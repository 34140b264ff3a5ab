#include "post.h"

#include <algorithm>

#include "base/random.h"
#include "errors/common.h"
#include "json/writer.h"
#include "rows_read.h"

namespace stator::messages {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{20};
constexpr int kMostTries = 100;  // for a moment at which nothing else was written

Result<std::vector<Row>> MembersOf(Session& session, const std::string& group) {
  STATOR_TRY(RowPage page,
             QueryRows(*session.client, {session.table, std::string(kGroupIndex), "message_group_uuid", group, "", 0}));
  return std::move(page.rows);
}

// The author as the other member's row shows them.
Result<Person> AuthorIn(const std::vector<Row>& members, const std::string& user, const std::string& group) {
  const std::string uuid = UserOf(user);
  const bool member = std::any_of(members.begin(), members.end(),
                                  [&](const Row& row) { return Attribute(row, "pk") == GroupKey(uuid); });
  for (const Row& row : members) {
    if (!member || Attribute(row, "user_uuid") != uuid) continue;
    return Person{uuid, std::string(Attribute(row, "user_handle")), std::string(Attribute(row, "user_display_name"))};
  }
  return Fail(errors::kValidation, user + " is no member of conversation " + group +
                                       "; see who is with `cruddur ddb patterns list-members --group " + group + "`");
}

// Its time is the key: the next free one from now on.
Status Put(Session& session, Message* message) {
  Time time = Clock().Now();
  for (int tries = 0;; ++tries, ++time.micros) {
    message->created_at = StampOf(time);
    std::string body;
    json::Writer out(&body);
    out.BeginObject().Key("TableName").String(session.table).Key("Item").Raw(MessageItem(*message));
    out.Key("ConditionExpression").String("attribute_not_exists(pk)").EndObject();
    const auto answer = session.client->Call("PutItem", body);
    if (answer.ok()) return {};
    if (tries >= kMostTries || !client::IsRemote(answer.error(), "ConditionalCheckFailedException")) {
      return answer.error();
    }
  }
}

// Whether the conversation stands where a message of that time or a newer one puts it, in that member's list.
Result<bool> OnTop(Session& session, const std::string& pk, const Message& message) {
  STATOR_TRY(const RowPage page, QueryRows(*session.client, {session.table, "", "pk", pk, "", 0}));
  size_t rows = 0;
  bool moved = false;
  for (const Row& row : page.rows) {
    if (Attribute(row, "message_group_uuid") != message.group_uuid) continue;
    ++rows;
    moved = moved || Attribute(row, "sk") >= message.created_at;
  }
  return moved && rows == 1;
}

Status AwaitMove(Session& session, const std::vector<Row>& members, const Message& message, double seconds) {
  const MonotonicTime until =
      MonotonicNow() + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  for (const Row& member : members) {
    while (true) {
      STATOR_TRY(const bool done, OnTop(session, std::string(Attribute(member, "pk")), message));
      if (done) break;
      if (MonotonicNow() >= until) {
        return Fail(errors::kValidation, "the message is written, but conversation " + message.group_uuid +
                                             " has not moved after " + std::to_string(static_cast<int>(seconds)) +
                                             " seconds; install the function with `cruddur functions install" +
                                             TableWords(session) +
                                             "`, or see what it says with `stator logs messaging-stream`");
      }
      session.client->Pause(kBetweenLooks);
    }
  }
  return {};
}

void Report(const Session& session, const Message& message, double waited) {
  std::string out;
  if (session.json) {
    json::Writer writer(&out);
    writer.BeginObject().Key("message_group_uuid").String(message.group_uuid);
    writer.Key("message_uuid").String(message.uuid).Key("sk").String(message.created_at);
    if (waited >= 0) writer.Key("moved_after_seconds").Double(waited);
    writer.EndObject();
  } else {
    out = message.author.display_name + " wrote to conversation " + message.group_uuid + " at " + message.created_at;
    if (waited >= 0) {
      out += "\nthe conversation was on top of its members' lists " + std::to_string(static_cast<int>(waited * 1000)) +
             " ms later";
    }
  }
  Print(out + "\n");
}

}  // namespace

Status PostMessage(Session& session, const PostOptions& options) {
  STATOR_TRY(const std::string group, GroupOf(session, options.where));
  STATOR_TRY(const std::vector<Row> members, MembersOf(session, group));
  STATOR_TRY(Person author, AuthorIn(members, options.where.user, group));
  Message message{NewUuid(), group, std::move(author), "", options.text};
  STATOR_OK(Put(session, &message));
  const MonotonicTime written = MonotonicNow();
  double waited = -1;
  if (options.wait_seconds > 0) {
    STATOR_OK(AwaitMove(session, members, message, options.wait_seconds));
    waited = std::chrono::duration<double>(MonotonicNow() - written).count();
  }
  Report(session, message, waited);
  return {};
}

}  // namespace stator::messages
