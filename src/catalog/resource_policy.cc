// Tests: resource_policy_test.cc.
#include "catalog/resource_policy.h"

#include <algorithm>
#include <charconv>

#include "errors/catalog.h"
#include "json/value.h"

namespace stator::catalog {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Names of elements are the same in any case.
bool IsNamed(Bytes name, Bytes element) {
  return std::equal(name.begin(), name.end(), element.begin(), element.end(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

json::Value FindElement(json::Value object, Bytes element) {
  for (const json::Member member : object.members()) {
    if (IsNamed(member.name, element)) return member.value;
  }
  return {};
}

Status CheckNames(json::Value object, std::initializer_list<Bytes> known) {
  for (const json::Member member : object.members()) {
    const auto named = [&member](Bytes element) { return IsNamed(member.name, element); };
    if (std::none_of(known.begin(), known.end(), named)) return Fail(errors::kPolicyElementUnknown, member.name);
  }
  return {};
}

// A text or a list of texts, not empty.
bool IsTexts(json::Value value) {
  if (value.is_string()) return !value.text().empty();
  if (!value.is_array() || value.size() == 0) return false;
  for (const json::Value text : value.elements()) {
    if (!text.is_string() || text.text().empty()) return false;
  }
  return true;
}

// "*", or kinds of principals ("AWS", "Service") with one or several each.
bool IsPrincipal(json::Value value) {
  if (value.is_string()) return value.text() == "*";
  if (!value.is_object() || value.size() == 0) return false;
  for (const json::Member kind : value.members()) {
    if (!IsTexts(kind.value)) return false;
  }
  return true;
}

// Exactly one of the two elements, which is as `is_valid` wants it.
Status CheckEither(json::Value statement, Bytes element, Bytes opposite, bool (*is_valid)(json::Value)) {
  const json::Value given = FindElement(statement, element);
  const json::Value not_given = FindElement(statement, opposite);
  if (given.valid() && not_given.valid()) return Fail(errors::kPolicyElementsExclude, element, opposite);
  if (!given.valid() && !not_given.valid()) return Fail(errors::kPolicyElementMissing, element);
  if (given.valid() && !is_valid(given)) return Fail(errors::kPolicyElementInvalid, element);
  if (not_given.valid() && !is_valid(not_given)) return Fail(errors::kPolicyElementInvalid, opposite);
  return {};
}

// {operator: {key: values}}
bool IsCondition(json::Value condition) {
  if (!condition.is_object()) return false;
  for (const json::Member comparison : condition.members()) {
    if (!comparison.value.is_object()) return false;
  }
  return true;
}

Status CheckStatement(json::Value statement) {
  if (!statement.is_object()) return Fail(errors::kPolicyElementInvalid, "Statement");
  STATOR_OK(CheckNames(statement, {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal",
                                   "NotPrincipal", "Condition"}));
  const json::Value effect = FindElement(statement, "Effect");
  if (!effect.valid()) return Fail(errors::kPolicyElementMissing, "Effect");
  if (!effect.is_string() || (effect.text() != "Allow" && effect.text() != "Deny")) {
    return Fail(errors::kPolicyElementInvalid, "Effect");
  }
  const json::Value sid = FindElement(statement, "Sid");
  if (sid.valid() && !sid.is_string()) return Fail(errors::kPolicyElementInvalid, "Sid");
  STATOR_OK(CheckEither(statement, "Principal", "NotPrincipal", IsPrincipal));
  STATOR_OK(CheckEither(statement, "Action", "NotAction", IsTexts));
  STATOR_OK(CheckEither(statement, "Resource", "NotResource", IsTexts));
  const json::Value condition = FindElement(statement, "Condition");
  if (condition.valid() && !IsCondition(condition)) return Fail(errors::kPolicyElementInvalid, "Condition");
  return {};
}

Status CheckVersion(json::Value document) {
  const json::Value version = FindElement(document, "Version");
  if (!version.valid()) return {};
  const bool known = version.is_string() && (version.text() == "2012-10-17" || version.text() == "2008-10-17");
  return known ? Status() : Status(Fail(errors::kPolicyElementInvalid, "Version"));
}

Status CheckDocument(json::Value document) {
  if (!document.is_object()) return Fail(errors::kPolicyNotJson);
  STATOR_OK(CheckNames(document, {"Version", "Id", "Statement"}));
  STATOR_OK(CheckVersion(document));
  const json::Value statements = FindElement(document, "Statement");
  if (!statements.valid()) return Fail(errors::kPolicyElementMissing, "Statement");
  if (!statements.is_array()) return CheckStatement(statements);
  if (statements.size() == 0) return Fail(errors::kPolicyElementInvalid, "Statement");
  for (const json::Value statement : statements.elements()) STATOR_OK(CheckStatement(statement));
  return {};
}

auto Find(std::vector<ResourcePolicy>& policies, Bytes stream) {
  return std::find_if(policies.begin(), policies.end(),
                      [stream](const ResourcePolicy& policy) { return policy.stream == stream; });
}

Status CheckExpected(const ResourcePolicy* found, const PolicyTarget& target) {
  const Bytes revision = found ? Bytes(found->revision) : kNoPolicy;
  if (target.expected.empty() || target.expected == revision) return {};
  return Fail(errors::kPolicyRevisionNotFound, target.arn, target.expected);
}

// Milliseconds, as the service's; greater than the one before.
std::string NextRevision(const ResourcePolicy* before, Time now) {
  int64_t number = now.millis();
  if (before) {
    int64_t last = 0;
    const std::string& text = before->revision;
    std::from_chars(text.data(), text.data() + text.size(), last);
    number = std::max(number, last + 1);
  }
  return std::to_string(number);
}

}  // namespace

Status CheckPolicy(Bytes text) {
  if (text.size() > kMaxPolicyBytes) return Fail(errors::kPolicyTooLarge, kMaxPolicyBytes);
  json::Document document;
  const Result<json::Value> parsed = document.Parse(text);
  if (!parsed.ok()) return Fail(errors::kPolicyNotJson);
  return CheckDocument(*parsed);
}

const ResourcePolicy* FindPolicy(const TableSchema& table, Bytes stream) {
  for (const ResourcePolicy& policy : table.policies) {
    if (policy.stream == stream) return &policy;
  }
  return nullptr;
}

Result<TableSchema> WithPolicy(const TableSchema& table, const PolicyTarget& target, Bytes text, Time now) {
  const ResourcePolicy* found = FindPolicy(table, target.stream);
  STATOR_OK(CheckExpected(found, target));
  TableSchema next = table;
  if (found && found->text == text) return next;
  ResourcePolicy policy{target.stream, std::string(text), NextRevision(found, now)};
  if (found) {
    *Find(next.policies, target.stream) = std::move(policy);
  } else {
    next.policies.push_back(std::move(policy));
  }
  return next;
}

Result<TableSchema> WithoutPolicy(const TableSchema& table, const PolicyTarget& target) {
  const ResourcePolicy* found = FindPolicy(table, target.stream);
  const bool expected = !target.expected.empty();
  if (expected && (!found || found->revision != target.expected)) {
    return Fail(errors::kPolicyRevisionNotFound, target.arn, target.expected);
  }
  TableSchema next = table;
  if (found) next.policies.erase(Find(next.policies, target.stream));
  return next;
}

void ForgetPolicies(TableSchema* table, const std::function<bool(Bytes label)>& is_gone) {
  std::erase_if(table->policies,
                [&is_gone](const ResourcePolicy& policy) { return !policy.stream.empty() && is_gone(policy.stream); });
}

}  // namespace stator::catalog
