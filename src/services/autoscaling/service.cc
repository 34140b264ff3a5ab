#include "services/autoscaling/service.h"

#include "errors/autoscaling.h"
#include "json/lenient.h"
#include "services/autoscaling/model.h"

namespace stator::services::autoscaling {
namespace {

using dispatch::Answer;
using dispatch::Call;
using Reply = Answer (*)(const Call&);

// --- Act. ---

Bytes Text(json::Value body, Bytes name) {
  const json::Value value = json::Given(body, name);
  return value.valid() ? value.text() : Bytes();
}

// Nobody was given a NextToken.
Answer EmptyPage(const Call& call, Bytes member) {
  if (json::Given(call.body, "NextToken").valid()) return Fail(errors::kScalingTokenInvalid);
  return std::string("{\"").append(member).append("\":[]}");
}

Error NotRegistered(ErrorId row, json::Value body) {
  return Fail(row, Text(body, "ServiceNamespace"), Text(body, "ResourceId"), Text(body, "ScalableDimension"));
}

// --- Read fields, run, reply. ---

Answer DescribeTargets(const Call& call) { return EmptyPage(call, "ScalableTargets"); }
Answer DescribePolicies(const Call& call) { return EmptyPage(call, "ScalingPolicies"); }
Answer DescribeActions(const Call& call) { return EmptyPage(call, "ScheduledActions"); }
Answer DescribeActivities(const Call& call) { return EmptyPage(call, "ScalingActivities"); }

Answer Register(const Call& /*call*/) { return Fail(errors::kScalingUnavailable); }
// What needs a target that is registered.
Answer FindTarget(const Call& call) { return NotRegistered(errors::kScalingTargetNotFound, call.body); }
Answer FindPolicy(const Call& call) { return NotRegistered(errors::kScalingPolicyNotFound, call.body); }
Answer FindAction(const Call& call) { return NotRegistered(errors::kScalingActionNotFound, call.body); }

// --- Register. ---

constexpr dispatch::Support kEmpty{dispatch::Support::Level::kPartly,
                                   "nothing is registered, and so the list is empty."};
constexpr dispatch::Support kRefused{dispatch::Support::Level::kUnavailable,
                                     "nothing scales here, and tables take whatever comes; ValidationException."};
constexpr dispatch::Support kNoTarget{
    dispatch::Support::Level::kUnavailable,
    "no target is registered, and none can be; ObjectNotFoundException, as on AWS without one."};
constexpr dispatch::Support kNothing{dispatch::Support::Level::kPartly,
                                     "nothing is registered; ObjectNotFoundException for whatever is named."};

void Add(dispatch::Registry& registry, std::string_view name, const dispatch::Shape& input, Reply reply,
         const dispatch::Support& support) {
  registry.Add({.target_prefix = kTargetPrefix,
                .name = name,
                .input = &input,
                .run = [reply](const Call& call) -> Task<Answer> { co_return reply(call); },
                .protocol = dispatch::Protocol::kJson11,
                .support = support});
}

}  // namespace

void RegisterAll(dispatch::Registry& registry) {
  Add(registry, "DescribeScalableTargets", model::kDescribeScalableTargetsInput, DescribeTargets, kEmpty);
  Add(registry, "DescribeScalingPolicies", model::kDescribeScalingPoliciesInput, DescribePolicies, kEmpty);
  Add(registry, "DescribeScheduledActions", model::kDescribeScheduledActionsInput, DescribeActions, kEmpty);
  Add(registry, "DescribeScalingActivities", model::kDescribeScalingActivitiesInput, DescribeActivities, kEmpty);
  Add(registry, "RegisterScalableTarget", model::kRegisterScalableTargetInput, Register, kRefused);
  Add(registry, "DeregisterScalableTarget", model::kDeregisterScalableTargetInput, FindTarget, kNothing);
  Add(registry, "PutScalingPolicy", model::kPutScalingPolicyInput, FindTarget, kNoTarget);
  Add(registry, "DeleteScalingPolicy", model::kDeleteScalingPolicyInput, FindPolicy, kNothing);
  Add(registry, "PutScheduledAction", model::kPutScheduledActionInput, FindTarget, kNoTarget);
  Add(registry, "DeleteScheduledAction", model::kDeleteScheduledActionInput, FindAction, kNothing);
}

}  // namespace stator::services::autoscaling
