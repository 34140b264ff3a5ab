#include "services/cognito/outbox_page.h"

#include <charconv>

#include "dispatch/error_reply.h"
#include "dispatch/query.h"

namespace stator::services::cognito {
namespace {

http::Reply Refuse(std::string why) {
  http::Reply reply;
  reply.status = 403;
  reply.content_type = "text/plain";
  reply.body = std::move(why);
  return reply;
}

http::Reply Show(const pools::LetterBox& box, const http::Request& request) {
  if (!request.head.loopback_listener) return Refuse("Forbidden: the outbox is shown on the server's machine only.\n");
  if (!request.head.Find("origin").empty()) return Refuse("Forbidden: the outbox is not for web pages.\n");
  const auto form = dispatch::ReadForm(request.head.query);
  if (!form.ok()) return dispatch::ErrorReply(form.error(), nullptr);
  pools::LetterBox::Query query;
  query.pool = dispatch::FindInForm(*form, "pool");
  query.user = dispatch::FindInForm(*form, "user");
  const Bytes after = dispatch::FindInForm(*form, "after");
  std::from_chars(after.data(), after.data() + after.size(), query.after);
  http::Reply reply;
  reply.content_type = "application/json";
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.body = box.Read(query) + "\n";
  return reply;
}

}  // namespace

void AddOutboxPage(dispatch::Dispatcher& dispatcher, const pools::LetterBox& box) {
  dispatcher.AddPage("GET", "/_stator/outbox", [&box](const http::Request& request, Lane&) -> Task<http::Reply> {
    co_return Show(box, request);
  });
}

}  // namespace stator::services::cognito
