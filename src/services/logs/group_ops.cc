// Log groups and how long they keep their events.
#include <algorithm>

#include "errors/logs.h"
#include "json/lenient.h"
#include "services/logs/model.h"
#include "services/logs/service.h"

namespace stator::services::logs {
namespace {

using dispatch::Answer;
using dispatch::Call;
using stator::logs::GroupInfo;

constexpr int64_t kPage = 50;
constexpr int64_t kDays[] = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                             365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

// --- Act. ---

void WriteGroup(const GroupInfo& group, Bytes account, json::Writer& out) {
  const std::string arn = GroupArn(group, account);
  out.BeginObject().Key("logGroupName").String(group.name);
  out.Key("creationTime").Int(group.record.created);
  if (group.record.retention_days > 0) out.Key("retentionInDays").Int(group.record.retention_days);
  out.Key("metricFilterCount").Int(0);
  out.Key("arn").String(arn + ":*").Key("logGroupArn").String(arn);
  out.Key("storedBytes").Int(static_cast<int64_t>(group.record.bytes));
  out.Key("logGroupClass").String("STANDARD").Key("deletionProtectionEnabled").Bool(false);
  out.EndObject();
}

struct Wanted {
  std::string prefix, pattern, after;
  size_t limit = kPage;

  bool Matches(Bytes name) const {
    return name > after && name.starts_with(prefix) && name.find(pattern) != Bytes::npos;
  }
};

std::string ListGroups(const std::vector<GroupInfo>& groups, const Wanted& wanted, Bytes account) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("logGroups").BeginArray();
  size_t listed = 0;
  const GroupInfo* last = nullptr;
  bool more = false;
  for (const GroupInfo& group : groups) {
    if (!wanted.Matches(group.name)) continue;
    more = listed == wanted.limit;
    if (more) break;
    WriteGroup(group, account, out);
    last = &group;
    ++listed;
  }
  out.EndArray();
  if (more && last) out.Key("nextToken").String(NameToken(last->name));
  out.EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

Task<Answer> CreateGroup(Needs needs, const Call& call) {
  stator::logs::Tags tags;
  if (const json::Value given = json::Given(call.body, "tags"); given.valid()) {
    for (const json::Member tag : given.members()) tags.insert_or_assign(std::string(tag.name), tag.value.text());
  }
  std::string name = Text(call.body, "logGroupName");
  std::string region(call.principal.region);
  const Status done = co_await needs.store.CreateGroup(std::move(name), std::move(region), std::move(tags), call.lane);
  co_return Nothing(done);
}

Task<Answer> DeleteGroup(Needs needs, const Call& call) {
  std::string name = Text(call.body, "logGroupName");
  const Status done = co_await needs.store.DeleteGroup(std::move(name), call.lane);
  co_return Nothing(done);
}

Answer RunDescribe(Needs needs, const Call& call) {
  Wanted wanted{Text(call.body, "logGroupNamePrefix"), Text(call.body, "logGroupNamePattern"), ""};
  if (!wanted.prefix.empty() && !wanted.pattern.empty()) return Fail(errors::kLogsPrefixAndPattern);
  STATOR_TRY(wanted.after, ReadNameToken(call.body));
  if (const json::Value limit = json::Given(call.body, "limit"); limit.valid()) {
    wanted.limit = static_cast<size_t>(json::WholeNumber(limit));
  }
  return ListGroups(needs.store.Groups(), wanted, call.principal.account);
}
Task<Answer> DescribeGroups(Needs needs, const Call& call) { co_return RunDescribe(needs, call); }

Task<Answer> SetRetention(Needs needs, const Call& call, int64_t days) {
  std::string name = Text(call.body, "logGroupName");
  const Status done = co_await needs.store.SetRetention(std::move(name), static_cast<uint32_t>(days), call.lane);
  co_return Nothing(done);
}

Task<Answer> PutRetention(Needs needs, const Call& call) {
  const int64_t days = json::WholeNumber(json::Given(call.body, "retentionInDays"));
  if (std::find(std::begin(kDays), std::end(kDays), days) == std::end(kDays)) {
    co_return Answer(Fail(errors::kLogsRetention, days));
  }
  Answer answer = co_await SetRetention(needs, call, days);
  co_return answer;
}

Task<Answer> DeleteRetention(Needs needs, const Call& call) {
  Answer answer = co_await SetRetention(needs, call, 0);
  co_return answer;
}

}  // namespace

// --- Register. ---

void RegisterGroupOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, Op run) {
    AddOperation(registry, name, input, writes, [needs, run](const Call& call) { return run(needs, call); });
  };
  add("CreateLogGroup", model::kCreateLogGroup, true, CreateGroup);
  add("DeleteLogGroup", model::kDeleteLogGroup, true, DeleteGroup);
  add("DescribeLogGroups", model::kDescribeLogGroups, false, DescribeGroups);
  add("PutRetentionPolicy", model::kPutRetentionPolicy, true, PutRetention);
  add("DeleteRetentionPolicy", model::kDeleteRetentionPolicy, true, DeleteRetention);
}

}  // namespace stator::services::logs
