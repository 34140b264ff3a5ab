// Prints what the server answers as JSON: every operation registered and how far it goes, each member of its request
// with its constraints, every error. bin/describe makes docs/operations.md and its pages of it, so that they cannot
// drift.
#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "catalog/catalog.h"
#include "engine/memory/memory_engine.h"
#include "errors/error.h"
#include "functions/functions.h"
#include "json/writer.h"
#include "server/described.h"
#include "server/pooling.h"
#include "server/running.h"
#include "server/telemetry.h"
#include "server/triggering.h"
#include "services/autoscaling/service.h"
#include "services/dynamodb/service.h"
#include "services/lambda/mapping_ops.h"
#include "services/lambda/service.h"
#include "table/tables.h"

namespace stator::server {
namespace {

using dispatch::Shape;

const char* KindName(Shape::Kind kind) {
  switch (kind) {
    case Shape::Kind::kString:
      return "String";
    case Shape::Kind::kInteger:
      return "Integer";
    case Shape::Kind::kLong:
      return "Long";
    case Shape::Kind::kDouble:
      return "Double";
    case Shape::Kind::kBoolean:
      return "Boolean";
    case Shape::Kind::kBlob:
      return "Blob";
    case Shape::Kind::kTimestamp:
      return "Timestamp";
    case Shape::Kind::kList:
      return "List";
    case Shape::Kind::kMap:
      return "Map";
    case Shape::Kind::kStructure:
      return "Structure";
    case Shape::Kind::kAttributeValue:
      return "AttributeValue";
    case Shape::Kind::kAny:
      return "Any";
  }
  return "";
}

// "List of KeySchemaElement", "String: PROVISIONED, PAY_PER_REQUEST"
std::string TypeOf(const Shape& shape) {
  std::string text = KindName(shape.kind);
  if (shape.element && (shape.kind == Shape::Kind::kList || shape.kind == Shape::Kind::kMap)) {
    text += " of " + (shape.element->kind == Shape::Kind::kStructure ? std::string(shape.element->model_name)
                                                                     : std::string(KindName(shape.element->kind)));
  }
  if (shape.kind == Shape::Kind::kStructure) text = shape.model_name;
  std::string values;
  for (const std::string_view value : shape.values) values += (values.empty() ? ": " : ", ") + std::string(value);
  return text + values;
}

std::string BoundsOf(const Shape& shape) {
  std::string text;
  if (shape.min >= 0) text = std::to_string(shape.min);
  if (shape.min >= 0 || shape.max >= 0) text += "..";
  if (shape.max >= 0) text += std::to_string(shape.max);
  if (!shape.pattern.empty()) text += (text.empty() ? "`" : ", `") + std::string(shape.pattern) + "`";
  return text;
}

void WriteMembers(const Shape& input, json::Writer& out) {
  out.Key("members").BeginArray();
  for (const dispatch::ShapeMember& member : input.members) {
    out.BeginObject().Key("name").String(member.name).Key("required").Bool(member.required);
    out.Key("type").String(TypeOf(*member.shape)).Key("bounds").String(BoundsOf(*member.shape));
    out.Key("state").String(StateOfMember(std::string(member.name))).EndObject();
  }
  out.EndArray();
}

std::string_view LevelName(dispatch::Support::Level level) {
  using Level = dispatch::Support::Level;
  if (level == Level::kServed) return "served";
  return level == Level::kPartly ? "partly" : "unavailable";
}

void WriteOperations(const dispatch::Registry& registry, json::Writer& out) {
  out.Key("operations").BeginArray();
  for (const auto& [target, registered] : registry.All()) {
    const dispatch::Operation& operation = registered.operation;
    // "DynamoDB_20120810", "DynamoDBStreams_20120810", "Lambda": without the version
    out.BeginObject().Key("service").String(operation.target_prefix.substr(0, operation.target_prefix.find('_')));
    out.Key("name").String(operation.name).Key("level").String(LevelName(operation.support.level));
    out.Key("remark").String(operation.support.remark);
    WriteMembers(*operation.input, out);
    out.EndObject();
  }
  out.EndArray();
}

void WriteErrors(json::Writer& out) {
  std::map<std::string, std::set<std::string>> texts;
#define STATOR_ERROR(id, type, text) texts[#type].insert(text);
#include "errors/table/all.def"
#undef STATOR_ERROR
  out.Key("errors").BeginObject();
  for (const auto& [type, lines] : texts) {
    out.Key(type).BeginArray();
    for (const std::string& line : lines) out.String(line);
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace
}  // namespace stator::server

int main() {
  using namespace stator;
  const Clock clock;
  const auto engine = engine::NewMemoryEngine(clock);
  const auto catalog = std::move(catalog::Catalog::Open(*engine, clock, {})).value();
  WorkerPool workers(1);
  const auto streams = std::move(streams::Streams::Open(*engine, *catalog, clock, {})).value();
  table::Tables tables(*engine, *catalog, *streams, workers);
  dispatch::Registry registry;
  services::dynamodb::RegisterAll(registry, {*catalog, *streams, tables, workers});
  services::autoscaling::RegisterAll(registry);
  const auto telemetry = std::move(server::Telemetry::Open(*engine, clock, {})).value();
  telemetry->Register(registry, workers);
  const auto functions = std::move(functions::Functions::Open(*engine, clock, workers, {})).value();
  const runtime::Surroundings surroundings;
  const auto running = std::move(server::Running::Open({}, *engine, clock, *functions, telemetry->logs(),
                                                       telemetry->metrics(), surroundings))
                           .value();
  services::lambda::Downloads downloads;
  services::lambda::RegisterAll(registry, {*functions, running->runner(), running->events(), downloads, clock});
  const auto triggers =
      std::move(server::OpenTriggers({}, *engine, *streams, *functions, *running, telemetry->metrics(), clock)).value();
  services::lambda::RegisterMappingOps(registry, {*triggers, *functions, *streams});
  const auto pooling = std::move(server::Pooling::Open({}, *engine, clock, *functions, running->runner())).value();
  pooling->Register(registry);
  std::string text;
  json::Writer out(&text);
  out.BeginObject();
  server::WriteOperations(registry, out);
  server::WriteErrors(out);
  out.EndObject();
  std::puts(text.c_str());
  return 0;
}
