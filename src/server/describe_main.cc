// Prints docs/operations.md: every operation served, each member of its request with its constraints, every error. The
// facts come from the registry, the request shapes and the error table, so that the page cannot drift; a test holds the
// committed page against this program's output.
#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "catalog/catalog.h"
#include "engine/memory/memory_engine.h"
#include "errors/error.h"
#include "functions/functions.h"
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

using Level = dispatch::Support::Level;

void PrintMembers(const Shape& input, Level level) {
  if (input.members.empty()) {
    std::printf("\nNo members.\n");
    return;
  }
  std::printf("\n| Member | Type | Bounds | State |\n|---|---|---|---|\n");
  for (const dispatch::ShapeMember& member : input.members) {
    std::printf("| %s%s | %s | %s | %s |\n", std::string(member.name).c_str(), member.required ? "*" : "",
                TypeOf(*member.shape).c_str(), BoundsOf(*member.shape).c_str(),
                level == Level::kUnavailable ? "checked" : StateOfMember(std::string(member.name)).c_str());
  }
}

// "DynamoDB_20120810", "DynamoDBStreams_20120810", "Lambda"
std::string ServiceName(std::string_view prefix) { return std::string(prefix.substr(0, prefix.find('_'))); }

// What is not there, in one place. An operation that is partly served says so where it stands.
void PrintUnavailable(const dispatch::Registry& registry) {
  std::printf(
      "\nThese operations answer with the error that AWS has for a feature that is not there; nothing is done, and "
      "nothing is\npretended:\n\n");
  for (const auto& [target, registered] : registry.All()) {
    const dispatch::Operation& operation = registered.operation;
    if (operation.support.level != Level::kUnavailable) continue;
    std::printf("- %s: %s\n", std::string(operation.name).c_str(), std::string(operation.support.remark).c_str());
  }
}

void PrintSupport(const dispatch::Support& support) {
  if (support.level == Level::kServed) return;
  const char* level = support.level == Level::kPartly ? "Partly served" : "Unavailable";
  std::printf("\n%s: %s\n", level, std::string(support.remark).c_str());
}

void PrintOperations(const dispatch::Registry& registry) {
  std::printf(
      "\nIn the tables below `*` marks a required member. Bounds are lengths in characters, numbers of entries, or "
      "values.\n");
  std::string_view service;
  for (const auto& [target, registered] : registry.All()) {
    const std::string_view prefix = registered.operation.target_prefix;
    if (prefix != service) std::printf("\n## %s\n", ServiceName(prefix).c_str());
    service = prefix;
    std::printf("\n### %s\n", std::string(registered.operation.name).c_str());
    PrintSupport(registered.operation.support);
    PrintMembers(*registered.operation.input, registered.operation.support.level);
  }
}

void PrintErrors() {
  std::map<std::string, std::set<std::string>> texts;
#define STATOR_ERROR(id, type, text) texts[#type].insert(text);
#include "errors/table/all.def"
#undef STATOR_ERROR
  std::printf("\n## Errors\n\nEvery text the server can answer, by the name of its error; `{}` stands for a detail.\n");
  for (const auto& [type, lines] : texts) {
    std::printf("\n### %s\n\n", type.c_str());
    for (const std::string& line : lines) std::printf("- `%s`\n", line.empty() ? "(no text)" : line.c_str());
  }
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
  std::printf("%s", server::kOperationsIntroduction);
  server::PrintUnavailable(registry);
  server::PrintOperations(registry);
  server::PrintErrors();
  return 0;
}
