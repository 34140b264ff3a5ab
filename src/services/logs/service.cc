#include "services/logs/service.h"

#include "errors/logs.h"
#include "json/lenient.h"

namespace stator::services::logs {
namespace {

constexpr Bytes kArnMark = ":log-group:";
constexpr char kDigits[] = "0123456789abcdef";

}  // namespace

void RegisterAll(dispatch::Registry& registry, Needs needs) {
  RegisterGroupOps(registry, needs);
  RegisterStreamOps(registry, needs);
  RegisterEventOps(registry, needs);
  RegisterTagOps(registry, needs);
}

void AddOperation(dispatch::Registry& registry, std::string_view name, const dispatch::Shape& input, bool writes,
                  Run run) {
  dispatch::Operation operation{kTargetPrefix, name, &input, writes, std::move(run)};
  operation.protocol = dispatch::Protocol::kJson11;
  operation.invalid = ErrorType::LogsInvalidParameter;
  registry.Add(std::move(operation));
}

std::string Text(json::Value body, Bytes name) {
  const json::Value value = json::Given(body, name);
  return value.valid() ? std::string(value.text()) : std::string();
}

std::string GroupArn(const stator::logs::GroupInfo& group, Bytes account) {
  std::string arn = "arn:aws:logs:";
  return arn.append(group.record.region).append(":").append(account).append(kArnMark).append(group.name);
}

std::string GroupNamed(Bytes name_or_arn) {
  const size_t at = name_or_arn.find(kArnMark);
  if (at != Bytes::npos) name_or_arn.remove_prefix(at + kArnMark.size());
  if (name_or_arn.ends_with(":*")) name_or_arn.remove_suffix(2);
  return std::string(name_or_arn);
}

Result<std::string> GroupOf(json::Value body) {
  const std::string name = Text(body, "logGroupName");
  const std::string identifier = Text(body, "logGroupIdentifier");
  if (name.empty() == identifier.empty()) return Fail(errors::kLogsOneOfNames);
  return name.empty() ? GroupNamed(identifier) : name;
}

dispatch::Answer Nothing(const Status& status) {
  if (!status.ok()) return status.error();
  return std::string();
}

std::string NameToken(Bytes last) {
  std::string token;
  for (const char c : last) {
    token.push_back(kDigits[static_cast<uint8_t>(c) >> 4]);
    token.push_back(kDigits[static_cast<uint8_t>(c) & 15]);
  }
  return token;
}

Result<std::string> ReadNameToken(json::Value body) {
  const std::string token = Text(body, "nextToken");
  std::string last;
  if (token.size() % 2 != 0 || token.find_first_not_of(kDigits) != std::string::npos) {
    return Fail(errors::kLogsBadToken);
  }
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (size_t i = 0; i < token.size(); i += 2)
    last.push_back(static_cast<char>(digit(token[i]) << 4 | digit(token[i + 1])));
  return last;
}

}  // namespace stator::services::logs
