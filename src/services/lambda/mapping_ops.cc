// CreateEventSourceMapping and its like. Texts and their order: notes/lambda.md, sections 2.1 to 2.3. What a mapping
// does is in `triggers`.
#include "services/lambda/mapping_ops.h"

#include <utility>

#include "errors/triggers.h"
#include "functions/name.h"
#include "json/lenient.h"
#include "services/lambda/mapping_settings.h"
#include "services/lambda/model_mapping.h"
#include "services/lambda/service.h"

namespace stator::services::lambda {
namespace {

using dispatch::Answer;
using dispatch::Call;
using json::Given;
using triggers::Mapping;
using triggers::MappingView;

constexpr size_t kMostListed = 100;

// --- Act. ---

std::string Reply(const MappingView& view) {
  std::string text;
  json::Writer out(&text);
  WriteMapping(view, out);
  return text;
}

Answer ReplyOf(const Result<MappingView>& view) {
  if (!view.ok()) return view.error();
  return Reply(*view);
}

// The ARN a mapping keeps: with the qualifier it was given, if any.
Result<std::string> FunctionArnOf(const functions::Resolver& resolver, Bytes given) {
  const functions::FunctionRef function = resolver.Resolve(given, {});
  functions::Name name;
  if (!function || !functions::ParseName(given, &name)) return Fail(errors::kMappingFunctionUnknown);
  return name.qualifier.empty() ? function->arn : function->arn + ":" + name.qualifier;
}

// Of a stream that is there, whatever region and account the given one names.
Result<std::string> StreamArnOf(const streams::Streams& streams, Bytes given) {
  streams::StreamArnParts parts;
  if (!streams::SplitStreamArn(given, &parts)) return Fail(errors::kMappingSourceUnknown);
  const streams::StreamRef stream = streams.Find(catalog::kSharedNamespace, given);
  if (!stream) return Fail(errors::kMappingStreamUnknown, given);
  return stream->arn;
}

// --- Read fields, run, reply. ---

Status ReadPosition(json::Value body, Bytes source, bool* latest) {
  const json::Value position = Given(body, "StartingPosition");
  if (!position.valid()) return Fail(errors::kMappingPositionMissing);
  if (position.text() == "AT_TIMESTAMP") return Fail(errors::kMappingPositionUnsupported, source);
  *latest = position.text() == "LATEST";
  return {};
}

Result<Mapping> ReadNew(const MappingNeeds& needs, const Call& call) {
  Mapping mapping;
  const json::Value source = Given(call.body, "EventSourceArn");
  if (!source.valid()) return Fail(errors::kMappingSourceUnknown);
  STATOR_OK(ReadPosition(call.body, source.text(), &mapping.latest));
  STATOR_TRY(mapping.function_arn, FunctionArnOf(needs.functions, Given(call.body, "FunctionName").text()));
  STATOR_TRY(mapping.stream_arn, StreamArnOf(needs.streams, source.text()));
  STATOR_OK(ReadSettings(call.body, &mapping.settings));
  const json::Value enabled = Given(call.body, "Enabled");
  mapping.enabled = !enabled.valid() || json::Truth(enabled);
  mapping.arn = "arn:aws:lambda:" + std::string(call.principal.region) + ":" + std::string(call.principal.account) +
                ":event-source-mapping:";
  return mapping;
}

Task<Answer> CreateMapping(MappingNeeds needs, const Call& call) {
  Result<Mapping> mapping = ReadNew(needs, call);
  if (!mapping.ok()) co_return Answer(mapping.error());
  const Result<MappingView> created = co_await needs.triggers.Create(std::move(*mapping), call.lane);
  co_return ReplyOf(created);
}

Status ReadChange(const MappingNeeds& needs, json::Value body, Mapping* mapping) {
  const json::Value function = Given(body, "FunctionName");
  if (function.valid()) {
    STATOR_TRY(mapping->function_arn, FunctionArnOf(needs.functions, function.text()));
  }
  const json::Value enabled = Given(body, "Enabled");
  if (enabled.valid()) mapping->enabled = json::Truth(enabled);
  return ReadSettings(body, &mapping->settings);
}

Task<Answer> UpdateMapping(MappingNeeds needs, const Call& call) {
  std::string uuid(Given(call.body, "UUID").text());
  triggers::Triggers::Change change = [&needs, &call](Mapping* mapping) {
    return ReadChange(needs, call.body, mapping);
  };
  const Result<MappingView> updated = co_await needs.triggers.Update(std::move(uuid), std::move(change), call.lane);
  co_return ReplyOf(updated);
}

Task<Answer> DeleteMapping(MappingNeeds needs, const Call& call) {
  std::string uuid(Given(call.body, "UUID").text());
  const Result<MappingView> deleted = co_await needs.triggers.Delete(std::move(uuid), call.lane);
  co_return ReplyOf(deleted);
}

Task<Answer> GetMapping(MappingNeeds needs, const Call& call) {
  co_return ReplyOf(needs.triggers.Find(Given(call.body, "UUID").text()));
}

// Which mappings a list is about. A function's name stands for the same name and qualifier in any account.
class Wanted {
 public:
  explicit Wanted(json::Value body) {
    const json::Value source = Given(body, "EventSourceArn");
    if (source.valid()) source_ = source.text();
    const json::Value function = Given(body, "FunctionName");
    by_function_ = function.valid() && functions::ParseName(function.text(), &function_);
  }
  bool operator()(const Mapping& mapping) const {
    if (!source_.empty() && mapping.stream_arn != source_) return false;
    functions::Name name;
    return !by_function_ || (functions::ParseName(mapping.function_arn, &name) && name.name == function_.name &&
                             name.qualifier == function_.qualifier);
  }

 private:
  std::string source_;
  bool by_function_ = false;
  functions::Name function_;
};

std::string RunList(const MappingNeeds& needs, json::Value body) {
  const json::Value marker = Given(body, "Marker");
  const json::Value most = Given(body, "MaxItems");
  const size_t limit = std::min(most.valid() ? static_cast<size_t>(json::WholeNumber(most)) : kMostListed, kMostListed);
  const std::vector<MappingView> page =
      needs.triggers.List(Wanted(body), marker.valid() ? marker.text() : Bytes(), limit + 1);
  std::string text;
  json::Writer out(&text);
  out.BeginObject().Key("EventSourceMappings").BeginArray();
  for (size_t i = 0; i < page.size() && i < limit; ++i) WriteMapping(page[i], out);
  out.EndArray();
  if (page.size() > limit) out.Key("NextMarker").String(page[limit - 1].mapping->uuid);
  out.EndObject();
  return text;
}

Task<Answer> ListMappings(MappingNeeds needs, const Call& call) { co_return RunList(needs, call.body); }

}  // namespace

// --- Register. ---

void RegisterMappingOps(dispatch::Registry& registry, const MappingNeeds& needs) {
  constexpr Bytes kAll = "/2015-03-31/event-source-mappings";
  constexpr Bytes kOne = "/2015-03-31/event-source-mappings/{UUID}";
  using Function = Task<Answer> (*)(MappingNeeds, const Call&);
  const auto add = [&](Bytes name, const dispatch::RestRoute& route, const dispatch::Shape& input, Function run) {
    AddOperation(registry, name, route, input, [needs, run](const Call& call) { return run(needs, call); });
  };
  add("CreateEventSourceMapping", {.method = "POST", .path = kAll, .success = 202}, model::kCreateMappingInput,
      CreateMapping);
  add("GetEventSourceMapping", {.method = "GET", .path = kOne}, model::kMappingUuidInput, GetMapping);
  add("ListEventSourceMappings", {.method = "GET", .path = kAll}, model::kListMappingsInput, ListMappings);
  add("UpdateEventSourceMapping", {.method = "PUT", .path = kOne, .success = 202}, model::kUpdateMappingInput,
      UpdateMapping);
  add("DeleteEventSourceMapping", {.method = "DELETE", .path = kOne, .success = 202}, model::kMappingUuidInput,
      DeleteMapping);
}

}  // namespace stator::services::lambda
