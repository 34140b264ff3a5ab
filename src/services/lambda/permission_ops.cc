// AddPermission, GetPolicy, RemovePermission: statements are kept and shown; nothing is decided by them here.
#include <algorithm>

#include "base/random.h"
#include "errors/functions.h"
#include "errors/triggers.h"
#include "services/lambda/lookup.h"
#include "services/lambda/model.h"

namespace stator::services::lambda {
namespace model {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsStatementId(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLetter(c) || IsDigit(c) || c == '-' || c == '_'; });
}
bool IsAction(std::string_view text) {
  if (text == "*" || text == "lambda:*") return true;
  if (!text.starts_with("lambda:") || text.size() == 7) return false;
  text.remove_prefix(7);
  return std::all_of(text.begin(), text.end(), IsLetter);
}
bool IsSourceAccount(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), IsDigit);
}
bool IsArn(std::string_view text) { return text.starts_with("arn:"); }
bool HasNoSpace(std::string_view text) {
  return !text.empty() &&
         std::none_of(text.begin(), text.end(), [](char c) { return c == ' ' || (c >= 9 && c <= 13); });
}

constexpr Shape kStatementId = Matching("StatementId", 1, 100, "([a-zA-Z0-9-_]+)", IsStatementId);
constexpr Shape kAction = Matching("Action", -1, -1, "(lambda:[*]|lambda:[a-zA-Z]+|[*])", IsAction);
constexpr Shape kPrincipal = Matching("Principal", -1, -1, R"([^\s]+)", HasNoSpace);
constexpr Shape kSourceArn = Matching(
    "Arn", -1, -1, R"(arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*))", IsArn);
constexpr Shape kSourceAccount = Matching("SourceOwner", -1, 12, R"(\d{12})", IsSourceAccount);
constexpr std::string_view kAuthTypeValues[] = {"NONE", "AWS_IAM"};
constexpr Shape kAuthType = Enum("FunctionUrlAuthType", kAuthTypeValues);
constexpr ShapeMember kAddMembers[] = {{"FunctionName", &kFunctionName, true},
                                       {"StatementId", &kStatementId, true},
                                       {"Action", &kAction, true},
                                       {"Principal", &kPrincipal, true},
                                       {"SourceArn", &kSourceArn},
                                       {"SourceAccount", &kSourceAccount},
                                       {"EventSourceToken", &kText},
                                       {"Qualifier", &kQualifier},
                                       {"RevisionId", &kText},
                                       {"PrincipalOrgID", &kText},
                                       {"FunctionUrlAuthType", &kAuthType}};
constinit const Shape kAddPermissionInput = Structure("AddPermissionRequest", kAddMembers);
constexpr ShapeMember kRemoveMembers[] = {{"FunctionName", &kFunctionName, true},
                                          {"StatementId", &kText, true},
                                          {"Qualifier", &kQualifier},
                                          {"RevisionId", &kText}};
constinit const Shape kRemovePermissionInput = Structure("RemovePermissionRequest", kRemoveMembers);

}  // namespace
}  // namespace model

namespace {

using dispatch::Answer;
using dispatch::Call;
using functions::Entry;
using functions::EntryRef;
using functions::Policy;

constexpr size_t kPolicyBytes = 20'480;

// --- Act. ---

// A service, an account, an ARN, or everybody.
Status WritePrincipal(Bytes principal, json::Writer& out) {
  out.Key("Principal");
  if (principal == "*") {
    out.String("*");
  } else if (model::IsSourceAccount(principal)) {
    out.BeginObject().Key("AWS").String("arn:aws:iam::" + std::string(principal) + ":root").EndObject();
  } else if (principal.starts_with("arn:")) {
    out.BeginObject().Key("AWS").String(principal).EndObject();
  } else if (principal.find('.') != Bytes::npos) {
    out.BeginObject().Key("Service").String(principal).EndObject();
  } else {
    return Fail(errors::kPrincipalInvalid);
  }
  return {};
}

void WriteConditions(json::Value body, json::Writer& out) {
  const std::pair<Bytes, Bytes> equals[] = {{"SourceAccount", "AWS:SourceAccount"},
                                            {"EventSourceToken", "lambda:EventSourceToken"},
                                            {"PrincipalOrgID", "aws:PrincipalOrgID"},
                                            {"FunctionUrlAuthType", "lambda:FunctionUrlAuthType"}};
  const Bytes source = TextOf(body, "SourceArn");
  const bool any = std::any_of(std::begin(equals), std::end(equals),
                               [body](const auto& pair) { return !TextOf(body, pair.first).empty(); });
  if (!any && source.empty()) return;
  out.Key("Condition").BeginObject();
  if (any) {
    out.Key("StringEquals").BeginObject();
    for (const auto& [member, key] : equals) {
      if (const Bytes value = TextOf(body, member); !value.empty()) out.Key(key).String(value);
    }
    out.EndObject();
  }
  if (!source.empty()) out.Key("ArnLike").BeginObject().Key("AWS:SourceArn").String(source).EndObject();
  out.EndObject();
}

Result<std::string> StatementOf(json::Value body, const std::string& resource) {
  std::string statement;
  json::Writer out(&statement);
  out.BeginObject().Key("Sid").String(TextOf(body, "StatementId")).Key("Effect").String("Allow");
  STATOR_OK(WritePrincipal(TextOf(body, "Principal"), out));
  out.Key("Action").String(TextOf(body, "Action")).Key("Resource").String(resource);
  WriteConditions(body, out);
  out.EndObject();
  return statement;
}

std::string PolicyText(const Policy& policy) {
  std::string text;
  json::Writer out(&text);
  out.BeginObject().Key("Version").String("2012-10-17").Key("Id").String("default").Key("Statement").BeginArray();
  for (const auto& [id, statement] : policy.statements) out.Raw(statement);
  out.EndArray().EndObject();
  return text;
}

Result<Entry> WithStatement(const Entry& entry, json::Value body, const std::string& qualifier,
                            const std::string& statement) {
  Entry next = entry;
  Policy& policy = next.policies[qualifier];
  if (!policy.revision_id.empty()) STATOR_OK(CheckRevision(body, policy.revision_id, "GetPolicy"));
  const std::string id(TextOf(body, "StatementId"));
  const auto same = [&id](const auto& pair) { return pair.first == id; };
  if (std::any_of(policy.statements.begin(), policy.statements.end(), same)) {
    return Fail(errors::kStatementExists, id);
  }
  policy.statements.emplace_back(id, statement);
  const size_t size = PolicyText(policy).size();
  if (size > kPolicyBytes) return Fail(errors::kPolicyTooLong, size, kPolicyBytes);
  policy.revision_id = NewUuid();
  return next;
}

Result<Entry> WithoutStatement(const Entry& entry, json::Value body, const std::string& qualifier) {
  Entry next = entry;
  const auto found = next.policies.find(qualifier);
  if (found == next.policies.end()) return Fail(errors::kPolicyMissing);
  Policy& policy = found->second;
  STATOR_OK(CheckRevision(body, policy.revision_id, "GetPolicy"));
  const std::string id(TextOf(body, "StatementId"));
  if (std::erase_if(policy.statements, [&id](const auto& pair) { return pair.first == id; }) == 0) {
    return Fail(errors::kStatementMissing, id);
  }
  policy.revision_id = NewUuid();
  if (policy.statements.empty()) next.policies.erase(found);
  return next;
}

// --- Read fields, run, reply. ---

Task<Answer> AddPermission(Needs needs, const Call& call) {
  STATOR_CO_TRY(const Target target, FindTarget(needs, call));
  STATOR_CO_TRY(const std::string statement, StatementOf(call.body, target.arn()));
  functions::Functions::Change change = [&](const Entry& entry) {
    return WithStatement(entry, call.body, target.name.qualifier, statement);
  };
  const Result<EntryRef> entry = co_await ChangeEntry(needs, call, target.name, std::move(change));
  if (!entry.ok()) co_return Answer(entry.error());
  std::string reply;
  json::Writer(&reply).BeginObject().Key("Statement").String(statement).EndObject();
  co_return reply;
}

Task<Answer> RemovePermission(Needs needs, const Call& call) {
  STATOR_CO_TRY(const Target target, FindTarget(needs, call));
  functions::Functions::Change change = [&](const Entry& entry) {
    return WithoutStatement(entry, call.body, target.name.qualifier);
  };
  const Result<EntryRef> entry = co_await ChangeEntry(needs, call, target.name, std::move(change));
  if (!entry.ok()) co_return Answer(entry.error());
  co_return std::string();
}

Answer RunGetPolicy(const Needs& needs, const Call& call) {
  STATOR_TRY(const Target target, FindTarget(needs, call));
  const auto found = target.entry->policies.find(target.name.qualifier);
  if (found == target.entry->policies.end()) return Fail(errors::kMappingNotFound);  // the same words
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Policy").String(PolicyText(found->second));
  out.Key("RevisionId").String(found->second.revision_id).EndObject();
  return reply;
}
Task<Answer> GetPolicy(Needs needs, const Call& call) { co_return RunGetPolicy(needs, call); }

}  // namespace

// --- Register. ---

void RegisterPermissionOps(dispatch::Registry& registry, const Needs& needs) {
  constexpr std::string_view kPath = "/2015-03-31/functions/{FunctionName}/policy";
  AddOperation(registry, "AddPermission", {.method = "POST", .path = kPath, .success = 201}, model::kAddPermissionInput,
               [needs](const Call& call) { return AddPermission(needs, call); });
  AddOperation(registry, "GetPolicy", {.method = "GET", .path = kPath}, model::kQualified,
               [needs](const Call& call) { return GetPolicy(needs, call); });
  AddOperation(
      registry, "RemovePermission",
      {.method = "DELETE", .path = "/2015-03-31/functions/{FunctionName}/policy/{StatementId}", .success = 204},
      model::kRemovePermissionInput, [needs](const Call& call) { return RemovePermission(needs, call); });
}

}  // namespace stator::services::lambda
