#include "patterns.h"

#include <algorithm>

#include "errors/common.h"
#include "ids.h"
#include "json/writer.h"
#include "rows_read.h"
#include "text_table.h"

namespace stator::messages {
namespace {

// Of the list of conversations, in columns: what is left of the line goes to the message.
constexpr int kTimeWidth = 16;
constexpr int kUuidWidth = 36;
constexpr int kGaps = 6;
constexpr int kLeastMessage = 16;
constexpr uint64_t kLookThrough = 1000;  // conversations searched for the person named by --with

// "2025-12-31T23:59:05+00:00" as "2025-12-31 23:59".
std::string ShortTime(Bytes stamp) {
  std::string time(stamp.substr(0, 16));
  std::replace(time.begin(), time.end(), 'T', ' ');
  return time;
}

std::string Name(const Row& row) {
  return std::string(Attribute(row, "user_display_name")) + " (@" + std::string(Attribute(row, "user_handle")) + ")";
}

void WriteRows(json::Writer* writer, Bytes name, const RowPage& page) {
  writer->Key(name).BeginArray();
  for (const Row& row : page.rows) {
    writer->BeginObject();
    for (const auto& [attribute, value] : row) writer->Key(attribute).String(value);
    writer->EndObject();
  }
  writer->EndArray();
  // What to pass as --before to read on; null at the end.
  writer->Key("before");
  if (page.more) {
    writer->String(Attribute(page.rows.back(), "sk"));
  } else {
    writer->Null();
  }
}

Result<RowPage> GroupsOf(Session& session, const std::string& user, const std::string& before, uint64_t limit) {
  return QueryRows(*session.client, {session.table, "", "pk", GroupKey(UserOf(user)), before, limit});
}

void PrintMore(const RowPage& page, const std::string& command) {
  if (page.more) {
    Print("\nOlder ones: " + command + " --before " + std::string(Attribute(page.rows.back(), "sk")) + "\n");
  }
}

}  // namespace

std::string UserOf(Bytes name) {
  if (IsUuid(name)) return std::string(name);
  if (name.starts_with('@')) name.remove_prefix(1);
  return UserUuid(name);
}

Result<std::string> GroupOf(Session& session, const ConversationOptions& options) {
  if (!options.group.empty()) return options.group;
  STATOR_TRY(const RowPage page, GroupsOf(session, options.user, "", options.with.empty() ? 1 : kLookThrough));
  for (const Row& row : page.rows) {
    if (options.with.empty() || Attribute(row, "user_handle") == options.with) {
      return std::string(Attribute(row, "message_group_uuid"));
    }
  }
  const std::string whom = options.with.empty() ? "" : " with " + options.with;
  return Fail(errors::kValidation, options.user + " has no conversation" + whom + " in table " + session.table +
                                       "; fill it with `cruddur ddb seed" + TableWords(session) +
                                       "`, or see `cruddur ddb patterns list-conversations --help`");
}

Status GetConversation(Session& session, const ConversationOptions& options) {
  auto group = GroupOf(session, options);
  if (!group.ok()) return std::move(group).error();
  auto page = QueryRows(*session.client, {session.table, "", "pk", MessageKey(*group), options.before, options.limit});
  if (!page.ok()) return std::move(page).error();
  std::string out;
  if (session.json) {
    json::Writer writer(&out);
    writer.BeginObject().Key("message_group_uuid").String(*group);
    WriteRows(&writer, "messages", *page);
    writer.EndObject();
    Print(out + "\n");
    return {};
  }
  // Newest first is how they are read from the table; as a conversation it reads downwards.
  TextTable table({"TIME (UTC)", "FROM", "MESSAGE"});
  for (auto row = page->rows.rbegin(); row != page->rows.rend(); ++row) {
    table.Add({ShortTime(Attribute(*row, "sk")), std::string(Attribute(*row, "user_display_name")),
               std::string(Attribute(*row, "message"))});
  }
  Print("Conversation " + *group + "\n\n" + table.Render(PrintWidth()));
  PrintMore(*page, "cruddur ddb patterns get-conversation" + TableWords(session) + " --group " + *group);
  return {};
}

Status ListConversations(Session& session, const ListOptions& options) {
  auto page = GroupsOf(session, options.user, options.before, options.limit);
  if (!page.ok()) return std::move(page).error();
  std::string out;
  if (session.json) {
    json::Writer writer(&out);
    writer.BeginObject().Key("user_uuid").String(UserOf(options.user));
    WriteRows(&writer, "conversations", *page);
    writer.EndObject();
    Print(out + "\n");
    return {};
  }
  int left = PrintWidth() - kTimeWidth - kUuidWidth;
  int name_width = 0;
  for (const Row& row : page->rows) name_width = std::max(name_width, DisplayWidth(Name(row)));
  left = std::max(left - name_width - kGaps, kLeastMessage);
  TextTable table({"LAST MESSAGE", "WITH", "MESSAGE", "CONVERSATION"});
  for (const Row& row : page->rows) {
    table.Add({ShortTime(Attribute(row, "sk")), Name(row), Clipped(Attribute(row, "message"), left),
               std::string(Attribute(row, "message_group_uuid"))});
  }
  Print("Conversations of " + options.user + "\n\n" + table.Render(PrintWidth()));
  if (table.empty()) Print("none; fill the table with `cruddur ddb seed" + TableWords(session) + "`\n");
  PrintMore(*page, "cruddur ddb patterns list-conversations" + TableWords(session) + " --user " + options.user);
  return {};
}

Status ListMembers(Session& session, const std::string& group) {
  auto page = QueryRows(*session.client, {session.table, std::string(kGroupIndex), "message_group_uuid", group, "", 0});
  if (!page.ok()) return std::move(page).error();
  std::string out;
  if (session.json) {
    json::Writer writer(&out);
    writer.BeginObject().Key("message_group_uuid").String(group);
    WriteRows(&writer, "group_rows", *page);
    writer.EndObject();
    Print(out + "\n");
    return {};
  }
  TextTable table({"ROW OF (PK)", "LAST MESSAGE (SK)", "SHOWS"});
  for (const Row& row : page->rows) {
    table.Add({std::string(Attribute(row, "pk")), std::string(Attribute(row, "sk")), Name(row)});
  }
  Print(table.Render(PrintWidth()));
  return {};
}

}  // namespace stator::messages
