// Policies of tables and streams live in the table's schema, as tags do (catalog/resource_policy.h).
#include "catalog/name.h"
#include "catalog/resource_policy.h"
#include "errors/catalog.h"
#include "errors/streams.h"
#include "services/dynamodb/infrastructure.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/parameters.h"
#include "services/dynamodb/service.h"

namespace stator::services::dynamodb {
namespace {

using catalog::kSharedNamespace;
using catalog::PolicyTarget;
using catalog::ResourcePolicy;
using catalog::TableRef;
using catalog::TableSchema;
using dispatch::Answer;
using dispatch::Call;
using streams::Streams;

struct PolicyAccess {
  catalog::Catalog& catalog;
  const Streams& streams;
};

// --- Act. ---

// Of a resource without a policy there is no revision to give.
std::string RevisionReply(Bytes revision) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  if (!revision.empty()) out.Key("RevisionId").String(revision);
  out.EndObject();
  return reply;
}

std::string PolicyReply(const ResourcePolicy& policy) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Policy").String(policy.text).Key("RevisionId").String(policy.revision).EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

struct Resource {
  TableRef table;
  PolicyTarget target;
};

// The table whose stream it is may be gone, or another one by now.
Result<Resource> FindStream(const PolicyAccess& access, Bytes arn) {
  const streams::StreamRef stream = access.streams.Find(kSharedNamespace, arn);
  if (!stream) return Fail(errors::kStreamNotFound, arn);
  TableRef table = access.catalog.Find(kSharedNamespace, stream->table);
  if (!table || table->id != stream->table_id) return Fail(errors::kStreamNotFound, arn);
  return Resource{std::move(table), {stream->label, std::string(arn), {}}};
}

Result<Resource> FindResource(const PolicyAccess& access, json::Value body) {
  const Bytes arn = TextField(body, "ResourceArn");
  streams::StreamArnParts parts;
  if (streams::SplitStreamArn(arn, &parts)) return FindStream(access, arn);
  STATOR_TRY(const Bytes name, catalog::TableNameOfResource(arn));
  TableRef table = access.catalog.Find(kSharedNamespace, name);
  if (!table) return Fail(errors::kTableNotFound, name);
  return Resource{std::move(table), {{}, std::string(arn), {}}};
}

// What is asked about a policy that is to change.
Result<Resource> ReadChange(const PolicyAccess& access, json::Value body) {
  STATOR_TRY(Resource resource, FindResource(access, body));
  resource.target.expected = TextField(body, "ExpectedRevisionId");
  return resource;
}

Task<Answer> PutResourcePolicy(PolicyAccess access, const Call& call) {
  const Bytes text = TextField(call.body, "Policy");
  const Status checked = catalog::CheckPolicy(text);
  if (!checked.ok()) co_return Answer(checked.error());
  const Result<Resource> resource = ReadChange(access, call.body);
  if (!resource.ok()) co_return Answer(resource.error());
  const PolicyTarget& target = resource->target;
  std::function<Result<TableSchema>(const TableSchema&)> change =
      [&](const TableSchema& newest) -> Result<TableSchema> {
    STATOR_TRY(TableSchema next, catalog::WithPolicy(newest, target, text, call.now));
    catalog::ForgetPolicies(&next, [&](Bytes label) {
      return !access.streams.Find(kSharedNamespace, streams::StreamArn(next.arn, label));
    });
    return next;
  };
  std::string table = resource->table->name;
  const Result<TableRef> changed =
      co_await access.catalog.Change(kSharedNamespace, std::move(table), std::move(change), call.lane);
  if (!changed.ok()) co_return Answer(changed.error());
  co_return Answer(RevisionReply(catalog::FindPolicy(**changed, target.stream)->revision));
}

Answer RunGet(const PolicyAccess& access, const Call& call) {
  STATOR_TRY(const Resource resource, FindResource(access, call.body));
  const ResourcePolicy* policy = catalog::FindPolicy(*resource.table, resource.target.stream);
  if (!policy) return Fail(errors::kPolicyNotFound, resource.target.arn);
  return PolicyReply(*policy);
}
Task<Answer> GetResourcePolicy(PolicyAccess access, const Call& call) { co_return RunGet(access, call); }

Task<Answer> DeleteResourcePolicy(PolicyAccess access, const Call& call) {
  const Result<Resource> resource = ReadChange(access, call.body);
  if (!resource.ok()) co_return Answer(resource.error());
  const PolicyTarget& target = resource->target;
  std::string removed;
  std::function<Result<TableSchema>(const TableSchema&)> change = [&](const TableSchema& newest) {
    const ResourcePolicy* policy = catalog::FindPolicy(newest, target.stream);
    removed = policy ? policy->revision : "";
    return catalog::WithoutPolicy(newest, target);
  };
  std::string table = resource->table->name;
  const Result<TableRef> changed =
      co_await access.catalog.Change(kSharedNamespace, std::move(table), std::move(change), call.lane);
  if (!changed.ok()) co_return Answer(changed.error());
  co_return Answer(RevisionReply(removed));
}

}  // namespace

// --- Register. ---

void RegisterPolicyOps(dispatch::Registry& registry, catalog::Catalog& catalog, const Streams& streams) {
  using Run = Task<Answer> (*)(PolicyAccess, const Call&);
  const PolicyAccess access{catalog, streams};
  const auto add = [&](Bytes name, const dispatch::Shape& input, bool writes, Run run, std::string_view remark) {
    registry.Add({.target_prefix = "DynamoDB_20120810",
                  .name = name,
                  .input = &input,
                  .writes = writes,
                  .run = [access, run](const Call& call) { return run(access, call); },
                  .support = Partly(remark)});
  };
  constexpr std::string_view kKept = "policies are kept; nothing is allowed or refused because of them yet.";
  add("PutResourcePolicy", model::kPutResourcePolicyInput, true, PutResourcePolicy,
      "policies are kept; nothing is allowed or refused because of them yet, and Resource may name anything.");
  add("GetResourcePolicy", model::kGetResourcePolicyInput, false, GetResourcePolicy, kKept);
  add("DeleteResourcePolicy", model::kDeleteResourcePolicyInput, true, DeleteResourcePolicy, kKept);
}

}  // namespace stator::services::dynamodb
