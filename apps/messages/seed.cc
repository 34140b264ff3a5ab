#include "seed.h"

#include <algorithm>

#include "client/batch_writer.h"
#include "client/progress.h"
#include "errors/common.h"
#include "json/writer.h"
#include "rows_read.h"

namespace stator::messages {
namespace {

// The application moves a person's group row with every message; writing the seeded one beside a moved one would show
// the conversation twice.
Result<bool> HasGroupRow(Session& session, const Person& owner, const std::string& group_uuid) {
  STATOR_TRY(const RowPage page, QueryRows(*session.client, {session.table, "", "pk", GroupKey(owner.uuid), "", 0}));
  return std::any_of(page.rows.begin(), page.rows.end(),
                     [&](const Row& row) { return Attribute(row, "message_group_uuid") == group_uuid; });
}

Status PutConversation(Session& session, const Conversation& conversation, client::BatchWriter* writer,
                       uint64_t* number) {
  for (const Message& message : conversation.messages) STATOR_OK(writer->Put({++*number, MessageItem(message)}));
  const Person& first = conversation.people[0];
  const Person& second = conversation.people[1];
  for (const auto& [owner, other] : {std::pair(first, second), std::pair(second, first)}) {
    auto present = HasGroupRow(session, owner, conversation.group_uuid);
    if (!present.ok()) return std::move(present).error();
    if (!*present) STATOR_OK(writer->Put({++*number, GroupItem(owner, other, conversation.messages.back())}));
  }
  return {};
}

client::BatchWriter::Options WriterOptions(const Session& session, int threads) {
  client::BatchWriter::Options options;
  options.table = session.table;
  options.threads = threads;
  options.connect = [target = session.target] { return std::make_unique<client::Client>(target); };
  return options;
}

void ReportConversations(const Session& session, const std::vector<Conversation>& conversations) {
  std::string out;
  if (session.json) {
    json::Writer writer(&out);
    writer.BeginObject().Key("table").String(session.table).Key("conversations").BeginArray();
    for (const Conversation& each : conversations) {
      writer.BeginObject().Key("message_group_uuid").String(each.group_uuid);
      writer.Key("messages").Int(static_cast<int64_t>(each.messages.size())).Key("people").BeginArray();
      for (const Person& person : each.people) {
        writer.BeginObject().Key("user_uuid").String(person.uuid).Key("user_handle").String(person.handle);
        writer.Key("user_display_name").String(person.display_name).EndObject();
      }
      writer.EndArray().EndObject();
    }
    writer.EndArray().EndObject();
    out.push_back('\n');
  } else {
    for (const Conversation& each : conversations) {
      out += "seeded " + std::to_string(each.messages.size()) + " messages between " + each.people[0].display_name +
             " (@" + each.people[0].handle + ") and " + each.people[1].display_name + " (@" + each.people[1].handle +
             ")\n";
    }
  }
  Print(out);
}

}  // namespace

Status SeedConversations(Session& session, const std::optional<Role>& role) {
  const std::vector<Conversation> conversations = SeededConversations(role);
  for (const Conversation& each : conversations) {
    if (each.people[0].handle == each.people[1].handle) {
      return Fail(errors::kValidation, "handle " + each.people[0].handle +
                                           " is that of another person in the seeded conversations; choose "
                                           "one of your own");
    }
  }
  client::BatchWriter writer(WriterOptions(session, 1));
  uint64_t number = 0;
  for (const Conversation& each : conversations) STATOR_OK(PutConversation(session, each, &writer, &number));
  STATOR_OK(writer.Finish());
  ReportConversations(session, conversations);
  return {};
}

Status SeedSynthetic(Session& session, const SyntheticPlan& plan, int threads) {
  const MonotonicTime begun = MonotonicNow();
  uint64_t number = 0;
  Result<SyntheticCounts> counts = SyntheticCounts{};
  {
    client::Progress progress("seeding", "messages", plan.messages, session.quiet || session.json);
    auto options = WriterOptions(session, threads);
    options.on_written = [&](uint64_t written) { progress.Update(std::min(written, plan.messages)); };
    client::BatchWriter writer(std::move(options));
    counts = MakeSynthetic(plan, [&](std::string item) { return writer.Put({++number, std::move(item)}); });
    if (!counts.ok()) return std::move(counts).error();
    STATOR_OK(writer.Finish());
  }
  const double seconds = std::chrono::duration<double>(MonotonicNow() - begun).count();
  std::string out;
  if (session.json) {
    json::Writer writer(&out);
    writer.BeginObject().Key("table").String(session.table);
    writer.Key("users").Int(static_cast<int64_t>(plan.users));
    writer.Key("messages").Int(static_cast<int64_t>(counts->messages));
    writer.Key("conversations").Int(static_cast<int64_t>(counts->conversations));
    writer.Key("items").Int(static_cast<int64_t>(number)).Key("seconds").Double(seconds).EndObject();
    out.push_back('\n');
  } else {
    out = "seeded " + client::Grouped(counts->messages) + " messages in " + client::Grouped(counts->conversations) +
          " conversations, " + client::Grouped(static_cast<uint64_t>(static_cast<double>(number) / seconds)) +
          " items a second; look at those of " + SyntheticPerson(0).handle + "\n";
  }
  Print(out);
  return {};
}

}  // namespace stator::messages
