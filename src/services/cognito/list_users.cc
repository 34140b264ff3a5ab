// ListUsers: in the order in which users were created; those that a filter on an indexed attribute finds, in order of
// its values. A filter that no index serves looks at every user of the pool, on a worker.
#include "base/log.h"
#include "base/pause.h"
#include "errors/pools.h"
#include "services/cognito/admin.h"
#include "services/cognito/fields.h"
#include "services/cognito/model_admin.h"
#include "services/cognito/user_filter.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;
using pools::User;
using pools::Users;

constexpr int64_t kPage = 60;
constexpr size_t kReadAtOnce = 500;

struct Query {
  pools::PoolRef pool;
  std::optional<UserFilter> filter;
  std::optional<std::vector<std::string>> wanted;
  std::string after;
  size_t limit = kPage;
};

struct Found {
  std::vector<User> users;
  std::string next;  // place of the last one; empty: there are no more
};

// --- Act. ---

// What the index is asked for: everybody, or those of a value.
struct Range {
  std::string attribute = Users::kCreatedEntry;
  std::string value;
  bool prefix = true;
};
Range RangeOf(const std::optional<UserFilter>& filter) {
  if (!filter || !Users::IsIndexed(filter->attribute)) return {};
  return {filter->attribute, filter->value, filter->prefix};
}

std::string PlaceOf(const Query& query, const Range& range, const User& user) {
  std::string value = range.attribute == Users::kCreatedEntry ? Users::CreatedText(user) : user.sub;
  if (const std::string* found = user.Find(range.attribute)) value = *found;
  return Users::PlaceBy(*query.pool, range.attribute, value, user);
}

// Blocks for as long as it takes to find a page.
Result<Found> Find(const Users& users, const Query& query) {
  const Range range = RangeOf(query.filter);
  Found found;
  std::string after = query.after;
  for (;;) {
    const size_t most = query.filter ? kReadAtOnce : query.limit + 1;
    STATOR_TRY(std::vector<User> read,
               users.ListBy(*query.pool, range.attribute, range.value, range.prefix, after, most));
    for (User& user : read) {
      after = PlaceOf(query, range, user);
      if (query.filter && !Matches(*query.filter, *query.pool, user)) continue;
      if (found.users.size() == query.limit) {
        found.next = PlaceOf(query, range, found.users.back());
        return found;
      }
      found.users.push_back(std::move(user));
    }
    if (read.size() < most) return found;
  }
}

// The service refuses such a call, and scripts that take the first value for granted fail on the answer.
void WarnOfMissing(const Query& query, const Found& found) {
  if (!query.wanted) return;
  for (const std::string& name : *query.wanted) {
    size_t without = 0;
    for (const User& user : found.users) without += name != "sub" && !user.Find(name);
    if (without == 0) continue;
    LogWarn("ListUsers of " + query.pool->id + ": " + std::to_string(without) + " of " +
            std::to_string(found.users.size()) + " users have no " + name);
  }
}

std::string Reply(const Query& query, const Found& found) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Users").BeginArray();
  for (const User& user : found.users) {
    out.BeginObject();
    WriteUserMembers(user, "Attributes", query.wanted ? &*query.wanted : nullptr, out);
    out.EndObject();
  }
  out.EndArray();
  if (!found.next.empty()) out.Key("PaginationToken").String(PageToken(found.next));
  out.EndObject();
  return reply;
}

// --- Read, run, reply. ---

Result<Query> ReadQuery(const AdminNeeds& needs, json::Value body) {
  Query query;
  STATOR_TRY(query.pool, PoolNamed(needs, body));
  STATOR_TRY(query.filter, ParseFilter(Text(body, "Filter")));
  STATOR_TRY(query.after, ReadPageToken(body, "PaginationToken"));
  if (const int64_t limit = Number(body, "Limit", 0); limit > 0) query.limit = static_cast<size_t>(limit);
  // An empty list is none.
  std::vector<std::string> wanted = Texts(body, "AttributesToGet");
  for (const std::string& name : wanted) {
    if (name != "sub" && !query.pool->Find(name)) return Fail(errors::kPoolNoSuchAttribute);
  }
  if (!wanted.empty()) query.wanted = std::move(wanted);
  return query;
}

Task<Answer> ListUsers(AdminNeeds needs, const Call& call) {
  const Result<Query> query = ReadQuery(needs, call.body);
  if (!query.ok()) co_return query.error();
  co_await ToWorker(needs.realm.workers);
  const Result<Found> found = Find(needs.realm.users, *query);
  co_await ToLane(call.lane);
  if (!found.ok()) co_return found.error();
  WarnOfMissing(*query, *found);
  co_return Reply(*query, *found);
}

}  // namespace

void RegisterListUsers(dispatch::Registry& registry, AdminNeeds needs) {
  AddAdminOperation(registry, needs, "ListUsers", model::kListUsers, false, ListUsers);
}

}  // namespace stator::services::cognito
