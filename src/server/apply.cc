#include "server/apply.h"

#include <fstream>
#include <sstream>
#include <vector>

#include "base/run_on.h"
#include "errors/dispatch.h"
#include "errors/server.h"

namespace stator::server {
namespace {

std::vector<json::Value> Requests(json::Value root) {
  std::vector<json::Value> out;
  if (root.is_object() && root.Find("Tables").valid()) root = root.Find("Tables");
  if (root.is_object()) out.push_back(root);
  if (!root.is_array()) return out;
  for (const json::Value element : root.elements()) out.push_back(element);
  return out;
}

Task<Status> CreateMissing(const dispatch::Operation& create, const dispatch::Call& call) {
  STATOR_CO_OK(dispatch::CheckShape(*create.input, call.body));
  const dispatch::Answer answer = co_await create.run(call);
  if (!answer.ok() && answer.error().type() != ErrorType::ResourceInUseException) co_return answer.error();
  co_return Status();
}

// Runs on the lane, one request after another.
Task<Status> CreateAll(std::vector<json::Value> requests, const dispatch::Operation& create,
                       const dispatch::Principal& principal, Lane& lane, Time now) {
  for (const json::Value request : requests) {
    if (!request.is_object()) co_return Fail(errors::kBodyNotObject);
    const dispatch::Call call{principal, request, lane, now};
    STATOR_CO_OK(co_await CreateMissing(create, call));
  }
  co_return Status();
}

}  // namespace

Status ApplyTables(const std::string& path, const Config& config, const dispatch::Registry& registry, Lane& lane,
                   const Clock& clock) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  json::Document document;
  const auto root = document.Parse(text.str());
  if (!file || !root.ok()) return Fail(errors::kApplyUnreadable, path);
  const dispatch::Operation& create = registry.Find("DynamoDB_20120810.CreateTable")->operation;
  const dispatch::Principal principal{{}, config.region, config.account};
  const Status status =
      RunOn(lane, [&](Lane& on) { return CreateAll(Requests(*root), create, principal, on, clock.Now()); });
  if (!status.ok()) return Fail(errors::kApplyRefused, path, status.error().text);
  return {};
}

}  // namespace stator::server
