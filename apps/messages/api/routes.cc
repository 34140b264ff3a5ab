// What each call does: read what it was told, ask, write the answer.
#include <array>
#include <charconv>

#include "api/address.h"
#include "api/new_message.h"
#include "api/problem.h"
#include "api/service.h"
#include "directory/text.h"
#include "ids.h"
#include "json/writer.h"

namespace stator::messages {
namespace {

constexpr int kUsualPage = 20;
constexpr int kMostRows = 100;
constexpr size_t kMostFoundPeople = 20;
constexpr size_t kLongestSearch = 100;
constexpr size_t kLongestTime = 40;

http::Reply JsonReply(std::string body) {
  http::Reply reply;
  reply.content_type = "application/json";
  reply.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  reply.compress = true;
  reply.body = std::move(body);
  return reply;
}

void WriteUser(json::Writer& out, const Person& person) {
  out.BeginObject().Key("uuid").String(person.uuid).Key("display_name").String(person.display_name);
  out.Key("handle").String(person.handle).EndObject();
}

std::string UserJson(const Person& person) {
  std::string body;
  json::Writer out(&body);
  WriteUser(out, person);
  return body;
}

// A time as rows have it; a '+' that was not encoded has become a space.
bool IsTime(std::string* text) {
  if (text->empty() || text->size() > kLongestTime) return false;
  for (char& c : *text) {
    if (c == ' ') c = '+';
    const bool digit = c >= '0' && c <= '9';
    if (!digit && Bytes("-:T.+Z").find(c) == Bytes::npos) return false;
  }
  return true;
}

Result<PageRequest> PageOf(Bytes query) {
  PageRequest page{kUsualPage, ""};
  bool bad = false;
  if (auto before = Parameter(query, "before", &bad)) {
    if (!IsTime(&*before)) return Refusal(problems::kFieldInvalid);
    page.before = std::move(*before);
  }
  if (const auto limit = Parameter(query, "limit", &bad)) {
    const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    bad =
        bad || error != std::errc() || end != limit->data() + limit->size() || page.limit < 1 || page.limit > kMostRows;
  }
  if (bad) return Refusal(problems::kFieldInvalid);
  return page;
}

std::string MessageJson(const Message& message) {
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("uuid").String(message.uuid).Key("message_group_uuid").String(message.group_uuid);
  out.Key("user_uuid").String(message.author.uuid).Key("display_name").String(message.author.display_name);
  out.Key("handle").String(message.author.handle).Key("message").String(message.text);
  out.Key("created_at").String(message.created_at).EndObject();
  return body;
}

}  // namespace

std::span<const Service::Route> Service::Routes() {
  static constexpr std::array<Route, 10> kRoutes = {{
      {"GET", "/api/message_groups", false, &Service::ListGroups},
      {"GET", "/api/messages/{}", false, &Service::ReadMessages},
      {"POST", "/api/messages", false, &Service::PostMessage},
      {"GET", "/api/users/@{}/short", false, &Service::ShortUser},
      {"GET", "/api/users", false, &Service::SearchUsers},
      {"GET", "/api/me", false, &Service::Me},
      {"GET", "/api/live", false, &Service::Live},
      {"GET", "/api/health", true, &Service::Health},
      {"GET", "/api/config", true, &Service::Config},
      {"GET", "/api/openapi.json", true, &Service::OpenApi},
  }};
  return kRoutes;
}

Task<Result<http::Reply>> Service::Health(const Ask& /*ask*/) { co_return JsonReply(R"({"status":"ok"})"); }

Task<Result<http::Reply>> Service::Config(const Ask& /*ask*/) { co_return JsonReply(parts_.config); }

Task<Result<http::Reply>> Service::OpenApi(const Ask& /*ask*/) { co_return JsonReply(std::string(OpenApiText())); }

Task<Result<http::Reply>> Service::ListGroups(const Ask& ask) {
  STATOR_CO_TRY(PageRequest page, PageOf(ask.request.head.query));
  auto body = co_await parts_.conversations.List(ask.me.uuid, std::move(page));
  if (!body.ok()) co_return std::move(body).error();
  co_return JsonReply(std::move(*body));
}

Task<Result<http::Reply>> Service::ReadMessages(const Ask& ask) {
  std::string group(ask.argument);
  if (!IsUuid(group)) co_return Refusal(problems::kFieldInvalid);
  STATOR_CO_TRY(PageRequest page, PageOf(ask.request.head.query));
  auto other = co_await parts_.conversations.OtherIn(group, ask.me.uuid);
  if (!other.ok()) co_return std::move(other).error();
  if (!*other) co_return Refusal(problems::kNotAMember);
  auto body = co_await parts_.conversations.Read(std::move(group), std::move(**other), std::move(page));
  if (!body.ok()) co_return std::move(body).error();
  co_return JsonReply(std::move(*body));
}

Task<Result<http::Reply>> Service::PostMessage(const Ask& ask) {
  STATOR_CO_TRY(NewMessage wanted, ReadNewMessage(ask.request.body));
  auto written = co_await Write(std::move(wanted), ask.me);
  if (!written.ok()) co_return std::move(written).error();
  parts_.written();
  co_return JsonReply(MessageJson(*written));
}

Task<Result<Message>> Service::Write(NewMessage wanted, Person author) {
  Draft draft{std::move(author), std::move(wanted.text), std::move(wanted.uuid), wanted.retry};
  if (!wanted.handle.empty()) return PostToHandle(std::move(wanted.handle), std::move(draft));
  return PostIntoGroup(std::move(wanted.group_uuid), std::move(draft));
}

Task<Result<Message>> Service::PostIntoGroup(std::string group_uuid, Draft draft) {
  auto other = co_await parts_.conversations.OtherIn(group_uuid, draft.author.uuid);
  if (!other.ok()) co_return std::move(other).error();
  if (!*other) co_return Refusal(problems::kNotAMember);
  co_return co_await parts_.conversations.Post(std::move(group_uuid), std::move(draft));
}

Task<Result<Message>> Service::PostToHandle(std::string handle, Draft draft) {
  auto recipient = co_await parts_.people.ByHandle(std::move(handle));
  if (!recipient.ok()) co_return std::move(recipient).error();
  if (!*recipient) co_return Refusal(problems::kRecipientNotFound);
  if ((*recipient)->uuid == draft.author.uuid) co_return Refusal(problems::kMessageToOneself);
  co_return co_await parts_.conversations.Start(std::move(**recipient), std::move(draft));
}

Task<Result<http::Reply>> Service::Me(const Ask& ask) { co_return JsonReply(UserJson(ask.me)); }

Task<Result<http::Reply>> Service::ShortUser(const Ask& ask) {
  auto handle = Decoded(ask.argument);
  if (!handle) co_return Refusal(problems::kUtf8Invalid);
  auto person = co_await parts_.people.ByHandle(std::move(*handle));
  if (!person.ok()) co_return std::move(person).error();
  if (!*person) co_return Refusal(problems::kUserNotFound);
  co_return JsonReply(UserJson(**person));
}

Task<Result<http::Reply>> Service::SearchUsers(const Ask& ask) {
  bool bad = false;
  auto text = Parameter(ask.request.head.query, "search", &bad);
  if (bad) co_return Refusal(problems::kUtf8Invalid);
  const size_t size = text ? CodePoints(*text).value_or(0) : 0;
  if (size == 0 || size > kLongestSearch) co_return Refusal(problems::kFieldInvalid);
  // One more, since it may be oneself.
  auto people = co_await parts_.people.Search(std::move(*text), kMostFoundPeople + 1);
  if (!people.ok()) co_return std::move(people).error();
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("users").BeginArray();
  size_t left = kMostFoundPeople;
  for (const Person& person : *people) {
    if (person.uuid == ask.me.uuid || left == 0) continue;
    --left;
    WriteUser(out, person);
  }
  out.EndArray().EndObject();
  co_return JsonReply(std::move(body));
}

Task<Result<http::Reply>> Service::Live(const Ask& ask) {
  http::Reply reply;
  reply.content_type = "text/event-stream";
  reply.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  reply.go_on = [&hub = parts_.hub, user = ask.me.uuid, last = std::string(ask.request.head.Find("last-event-id")),
                 expires = ask.expires](std::shared_ptr<http::Outflow> flow) {
    hub.Join(user, last, expires, std::move(flow));
  };
  co_return reply;
}

}  // namespace stator::messages
