#include "server/conflict_control.h"

#include "dispatch/error_reply.h"
#include "errors/server.h"
#include "item/wire.h"
#include "json/lenient.h"
#include "table/key_layout.h"

namespace stator::server {
namespace {

using table::Conflicts;

constexpr int64_t kMostTimes = 1'000'000;

Result<uint8_t> ReadKinds(json::Value request) {
  static constexpr std::pair<Bytes, uint8_t> kKinds[] = {
      {"any", Conflicts::kWrite | Conflicts::kTransaction | Conflicts::kRead},
      {"write", Conflicts::kWrite},
      {"transaction", Conflicts::kTransaction},
      {"read", Conflicts::kRead},
  };
  const json::Value given = json::Given(request, "kind");
  if (!given.valid()) return kKinds[0].second;
  for (const auto& [name, kinds] : kKinds) {
    if (given.is_string() && given.text() == name) return kinds;
  }
  return Fail(errors::kConflictControl, "kind is one of write, transaction, read and any");
}

Result<uint64_t> ReadTimes(json::Value request) {
  const json::Value given = json::Given(request, "times");
  if (!given.valid()) return uint64_t{1};
  const int64_t times = given.is_number() ? json::WholeNumber(given) : -1;
  if (times < 0 || times > kMostTimes) return Fail(errors::kConflictControl, "times is a number up to 1000000");
  return static_cast<uint64_t>(times);
}

Status WantForItem(const catalog::Catalog& catalog, Conflicts& conflicts, json::Value request, uint64_t times) {
  const json::Value name = json::Given(request, "table");
  const json::Value key = json::Given(request, "key");
  if (!name.valid() || !name.is_string() || !key.valid()) {
    return Fail(errors::kConflictControl, "it takes table and key, or token");
  }
  STATOR_TRY(const uint8_t kinds, ReadKinds(request));
  STATOR_TRY(const catalog::TableRef table, catalog.ForItems(catalog::kSharedNamespace, name.text()));
  STATOR_TRY(const std::string item, item::ReadItem(key));
  STATOR_TRY(const std::string row, table::TableKey(*table, item::ItemView(item), table::KeySource::kKey));
  conflicts.Want(table->space, row, kinds, times);
  return {};
}

Status Want(const catalog::Catalog& catalog, Conflicts& conflicts, Bytes body) {
  json::Document document;
  STATOR_TRY(const json::Value request, document.Parse(body));
  if (!request.is_object()) return Fail(errors::kConflictControl, "it takes an object");
  if (request.size() == 0) {
    conflicts.Clear();
    return {};
  }
  STATOR_TRY(const uint64_t times, ReadTimes(request));
  const json::Value token = json::Given(request, "token");
  if (!token.valid()) return WantForItem(catalog, conflicts, request, times);
  if (!token.is_string()) return Fail(errors::kConflictControl, "token is a string");
  conflicts.WantInProgress(token.text(), times);
  return {};
}

}  // namespace

void AddConflictControl(dispatch::Dispatcher& dispatcher, const catalog::Catalog& catalog, table::Tables& tables) {
  dispatcher.AddPage("POST", "/_stator/test/conflicts",
                     [&catalog, &tables](const http::Request& request, Lane&) -> Task<http::Reply> {
                       const Status status = Want(catalog, tables.mutator().conflicts(), request.body);
                       if (!status.ok()) co_return dispatch::ErrorReply(status.error(), nullptr);
                       http::Reply reply;
                       reply.content_type = "application/json";
                       reply.body = "{}\n";
                       co_return reply;
                     });
}

}  // namespace stator::server
