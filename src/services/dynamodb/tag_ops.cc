// Tags live in the table's schema. The service's texts for resources that are not there differ from operation to
// operation.
#include <algorithm>

#include "catalog/name.h"
#include "catalog/validate_settings.h"
#include "errors/catalog.h"
#include "errors/dispatch.h"
#include "errors/statements.h"
#include "json/lenient.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/table_ops.h"

namespace stator::services::dynamodb {
namespace {

using catalog::kSharedNamespace;
using catalog::TableRef;
using catalog::TableSchema;
using catalog::Tags;
using dispatch::Answer;
using dispatch::Call;
using Change = std::function<Result<TableSchema>(const TableSchema&)>;

// --- Act. ---

// TagResource and UntagResource answer without a body.
Answer Nothing() { return std::string(); }

std::string TagsReply(Tags tags) {
  std::sort(tags.begin(), tags.end());
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Tags").BeginArray();
  for (const auto& [key, value] : tags) {
    out.BeginObject().Key("Key").String(key).Key("Value").String(value).EndObject();
  }
  out.EndArray().EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

struct Resource {
  Bytes arn;
  Bytes table;
};

Result<Resource> ReadResource(json::Value body) {
  const json::Value arn = json::Given(body, "ResourceArn");
  if (!arn.valid()) return Fail(errors::kTableArnMissing);
  STATOR_TRY(const Bytes table, catalog::TableNameOfResource(arn.text()));
  return Resource{arn.text(), table};
}

// The list of that name, which must be there and not empty.
Result<json::Value> ReadList(json::Value body, Bytes name, ErrorId empty) {
  const json::Value list = json::Given(body, name);
  if (!list.valid()) return Fail(errors::kShapeNull, name);
  if (list.size() == 0) return Fail(empty);
  return list;
}

Error NotFoundAs(const Error& error, const Error& instead) {
  return error.id == errors::kTableNotFound ? instead : error;
}

Result<Tags> ReadAdded(json::Value body) {
  STATOR_TRY(const json::Value list, ReadList(body, "Tags", errors::kTagsEmpty));
  return catalog::ReadTags(list);
}

Task<Answer> TagResource(TableAccess tables, const Call& call) {
  const Result<Resource> resource = ReadResource(call.body);
  if (!resource.ok()) co_return Answer(resource.error());
  const Result<Tags> added = ReadAdded(call.body);
  if (!added.ok()) co_return Answer(added.error());
  Change change = [&added](const TableSchema& newest) -> Result<TableSchema> {
    TableSchema next = newest;
    STATOR_TRY(next.tags, catalog::MergeTags(newest.tags, *added));
    return next;
  };
  std::string table(resource->table);
  const Result<TableRef> changed =
      co_await tables.catalog.Change(kSharedNamespace, std::move(table), std::move(change), call.lane);
  if (changed.ok()) co_return Nothing();
  co_return Answer(NotFoundAs(changed.error(), Fail(errors::kTaggedNotFound, resource->arn)));
}

Task<Answer> UntagResource(TableAccess tables, const Call& call) {
  const Result<Resource> resource = ReadResource(call.body);
  if (!resource.ok()) co_return Answer(resource.error());
  const Result<json::Value> keys = ReadList(call.body, "TagKeys", errors::kTagKeysEmpty);
  if (!keys.ok()) co_return Answer(keys.error());
  Change change = [&keys](const TableSchema& newest) -> Result<TableSchema> {
    TableSchema next = newest;
    for (const json::Value key : keys->elements()) {
      std::erase_if(next.tags, [&key](const auto& tag) { return tag.first == key.text(); });
    }
    return next;
  };
  std::string table(resource->table);
  const Result<TableRef> changed =
      co_await tables.catalog.Change(kSharedNamespace, std::move(table), std::move(change), call.lane);
  if (changed.ok()) co_return Nothing();
  co_return Answer(NotFoundAs(changed.error(), Fail(errors::kResourceNotFound)));
}

Answer RunListTags(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const Resource resource, ReadResource(call.body));
  // All tags are on one page, so that nobody can have been given a token.
  if (json::Given(call.body, "NextToken").valid()) return Fail(errors::kNextTokenInvalid);
  const TableRef table = tables.catalog.Find(kSharedNamespace, resource.table);
  if (!table) return Fail(errors::kTaggedNotFound, resource.arn);
  return TagsReply(table->tags);
}
Task<Answer> ListTagsOfResource(TableAccess tables, const Call& call) { co_return RunListTags(tables, call); }

}  // namespace

// --- Register. ---

void RegisterTagOps(dispatch::Registry& registry, TableAccess tables) {
  using Run = Task<Answer> (*)(TableAccess, const Call&);
  const auto add = [&](Bytes name, const dispatch::Shape& input, bool writes, Run run) {
    AddControlOperation(registry, name, input, writes, [tables, run](const Call& call) { return run(tables, call); });
  };
  add("TagResource", model::kTagResourceInput, true, TagResource);
  add("UntagResource", model::kUntagResourceInput, true, UntagResource);
  add("ListTagsOfResource", model::kListTagsOfResourceInput, false, ListTagsOfResource);
}

}  // namespace stator::services::dynamodb
