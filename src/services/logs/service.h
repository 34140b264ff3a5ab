// The CloudWatch Logs API (notes/lambda.md, section 5.2): what its operations work on, and their registration, one
// function and file per family.
#pragma once

#include <functional>
#include <string>

#include "base/lane.h"
#include "dispatch/operation.h"
#include "logs/log_store.h"

namespace stator::services::logs {

inline constexpr std::string_view kTargetPrefix = "Logs_20140328";

// Borrowed by every operation; outlives the registry.
struct Needs {
  stator::logs::LogStore& store;
  WorkerPool& workers;
};

void RegisterGroupOps(dispatch::Registry& registry, Needs needs);   // groups and their retention
void RegisterStreamOps(dispatch::Registry& registry, Needs needs);  // streams
void RegisterEventOps(dispatch::Registry& registry, Needs needs);   // putting, getting and filtering events
void RegisterTagOps(dispatch::Registry& registry, Needs needs);     // tags of groups
// Every operation of this service.
void RegisterAll(dispatch::Registry& registry, Needs needs);

using Run = std::function<Task<dispatch::Answer>(const dispatch::Call&)>;
void AddOperation(dispatch::Registry& registry, std::string_view name, const dispatch::Shape& input, bool writes,
                  Run run);

// A string member, empty when absent.
std::string Text(json::Value body, Bytes name);
// "arn:aws:logs:REGION:ACCOUNT:log-group:NAME".
std::string GroupArn(const stator::logs::GroupInfo& group, Bytes account);
// The name in a group's name or ARN.
std::string GroupNamed(Bytes name_or_arn);
// logGroupName, or else logGroupIdentifier.
Result<std::string> GroupOf(json::Value body);
// The answer of operations that say nothing.
dispatch::Answer Nothing(const Status& status);

// How far a listing has come: the last name, in hexadecimal.
std::string NameToken(Bytes last);
Result<std::string> ReadNameToken(json::Value body);

}  // namespace stator::services::logs
