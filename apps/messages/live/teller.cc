#include "live/teller.h"

#include "base/log.h"
#include "base/pause.h"
#include "json/writer.h"

namespace stator::messages {
namespace {

constexpr Duration kRecent = std::chrono::seconds(10);
constexpr Duration kIndexLag = std::chrono::milliseconds(200);

}  // namespace

std::vector<Told> ToldOf(const Message& message, const Members& members) {
  std::vector<Told> told;
  for (const Member& member : members) {
    std::string data;
    json::Writer out(&data);
    out.BeginObject().Key("uuid").String(message.uuid).Key("message_group_uuid").String(message.group_uuid);
    out.Key("user_uuid").String(message.author.uuid).Key("display_name").String(message.author.display_name);
    out.Key("handle").String(message.author.handle).Key("message").String(message.text);
    out.Key("created_at").String(message.created_at).Key("other").BeginObject();
    out.Key("uuid").String(member.other.uuid).Key("display_name").String(member.other.display_name);
    out.Key("handle").String(member.other.handle).EndObject().EndObject();
    told.push_back({member.uuid, std::move(data)});
  }
  return told;
}

Task<bool> Teller::Tell(Message message) {
  auto members = co_await conversations_.MembersOf(message.group_uuid);
  // On AWS the index is behind the table: a conversation that was just begun may not be in it yet.
  if (members.ok() && members->size() < 2 && message.created_at >= StampOf(Clock().Now() + -kRecent)) {
    Pause pause(lane_, kIndexLag);
    co_await pause;
    members = co_await conversations_.MembersOf(message.group_uuid);
  }
  if (!members.ok()) {
    LogWarn("a live update is lost: " + members.error().text);
    hub_.Begin();  // whoever listens reads again
    co_return false;
  }
  if (members->empty()) co_return false;
  hub_.Publish(ToldOf(message, *members));
  co_return true;
}

}  // namespace stator::messages
