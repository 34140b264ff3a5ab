// What clients look for beside functions and do not find here: layers, code signing.
#include "services/lambda/lookup.h"
#include "services/lambda/model.h"

namespace stator::services::lambda {
namespace model {
namespace {

constinit const Shape kListLayersInput = Structure("ListLayersRequest", {});
constexpr ShapeMember kLayerMembers[] = {{"LayerName", &kText, true}};
constinit const Shape kListLayerVersionsInput = Structure("ListLayerVersionsRequest", kLayerMembers);

}  // namespace
}  // namespace model

namespace {

using dispatch::Answer;
using dispatch::Call;

Task<Answer> Reply(std::string json) { co_return Answer(std::move(json)); }

Answer RunGetSigning(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindUnqualified(needs, call));
  std::string reply;
  json::Writer(&reply).BeginObject().Key("FunctionName").String(target.name.name).EndObject();
  return reply;
}
Task<Answer> GetSigning(Needs needs, const Call& call) { co_return RunGetSigning(needs, call); }

}  // namespace

void RegisterLayerOps(dispatch::Registry& registry, const Needs& needs) {
  AddOperation(registry, "ListLayers", {.method = "GET", .path = "/2018-10-31/layers"}, model::kListLayersInput,
               [](const Call&) { return Reply(R"({"Layers":[]})"); });
  AddOperation(registry, "ListLayerVersions", {.method = "GET", .path = "/2018-10-31/layers/{LayerName}/versions"},
               model::kListLayerVersionsInput, [](const Call&) { return Reply(R"({"LayerVersions":[]})"); });
  AddOperation(registry, "GetFunctionCodeSigningConfig",
               {.method = "GET", .path = "/2020-06-30/functions/{FunctionName}/code-signing-config"},
               model::kFunctionOnly, [needs](const Call& call) { return GetSigning(needs, call); });
}

}  // namespace stator::services::lambda
