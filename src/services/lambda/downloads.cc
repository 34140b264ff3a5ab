#include "services/lambda/downloads.h"

#include <algorithm>
#include <chrono>

#include "base/random.h"
#include "sigv4/digest.h"

namespace stator::services::lambda {
namespace {

constexpr size_t kMostTokens = 1000;
constexpr Duration kTokenTime = std::chrono::minutes(10);
constexpr char kPath[] = "/_stator/functions/code";
constexpr Bytes kTokenField = "token=";

}  // namespace

std::string Downloads::UrlFor(const functions::FunctionRef& function, const http::RequestHead& head, Time now) {
  Token token{sigv4::Hex(SecureRandom(24)), function, now + kTokenTime};
  std::string url = head.tls ? "https://" : "http://";
  url.append(head.Find("host")).append(kPath).append("?").append(kTokenField).append(token.text);
  const std::lock_guard lock(mutex_);
  tokens_.push_back(std::move(token));
  if (tokens_.size() > kMostTokens) tokens_.pop_front();
  return url;
}

functions::FunctionRef Downloads::Take(Bytes token, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(tokens_.begin(), tokens_.end(), [token](const Token& t) { return t.text == token; });
  if (found == tokens_.end()) return nullptr;
  const Token taken = std::move(*found);
  tokens_.erase(found);
  return taken.until < now ? nullptr : taken.function;
}

void AddDownloadPage(dispatch::Dispatcher& dispatcher, Downloads& downloads, functions::Functions& functions,
                     const Clock& clock) {
  dispatcher.AddPage("GET", kPath, [&](const http::Request& request, Lane& lane) -> Task<http::Reply> {
    http::Reply reply;
    reply.status = 403;
    reply.content_type = "text/plain";
    reply.body = "This link was used, or is older than ten minutes; ask GetFunction for another.\n";
    const Bytes query = request.head.query;
    const bool asks = query.starts_with(kTokenField) && request.head.method == "GET";
    functions::FunctionRef function;
    if (asks) function = downloads.Take(query.substr(kTokenField.size()), clock.Now());
    if (!function) co_return reply;
    Result<std::string> zip = co_await functions.ReadZip(function, lane);
    if (!zip.ok()) co_return reply;
    reply.status = 200;
    reply.content_type = "application/zip";
    reply.body = *std::move(zip);
    co_return reply;
  });
}

}  // namespace stator::services::lambda
