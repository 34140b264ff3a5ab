// What functions return: events again, whose `response` says what is to change. Tests: function_hooks_test.cc.
#include "errors/pools.h"
#include "json/copy.h"
#include "json/lenient.h"
#include "services/cognito/trigger_event.h"

namespace stator::services::cognito {
namespace {

using pools::Pairs;

// The service's limits are 140 and 20,000 characters.
constexpr size_t kMostLine = 560;
constexpr size_t kMostMail = 80'000;

// Members of an answer. The first one whose type is not what it should be latches.
class Fields {
 public:
  Fields(json::Value object, bool* wrong) : object_(object), wrong_(*wrong) {}

  bool Flag(Bytes name) {
    const json::Value value = Given(name);
    return value.valid() && Expect(value.is_bool()) && value.boolean();
  }
  std::string Text(Bytes name) {
    const json::Value value = Given(name);
    return value.valid() && Expect(value.is_string()) ? std::string(value.text()) : std::string();
  }
  std::optional<std::vector<std::string>> Texts(Bytes name) {
    const json::Value value = Given(name);
    if (!value.valid() || !Expect(value.is_array())) return std::nullopt;
    std::vector<std::string> texts;
    for (const json::Value each : value.elements()) {
      if (Expect(each.is_string())) texts.emplace_back(each.text());
    }
    return texts;
  }
  // A text of at most so many bytes.
  std::string Text(Bytes name, size_t most) {
    std::string text = Text(name);
    return Expect(text.size() <= most) ? text : std::string();
  }
  // Texts by name.
  Pairs TextMap(Bytes name) {
    Pairs pairs;
    const json::Value value = Given(name);
    if (!value.valid() || !Expect(value.is_object())) return pairs;
    for (const json::Member member : value.members()) {
      if (Expect(member.value.is_string())) pairs.emplace_back(member.name, member.value.text());
    }
    return pairs;
  }
  // JSON texts by name.
  Pairs JsonMap(Bytes name) {
    Pairs pairs;
    const json::Value value = Given(name);
    if (!value.valid() || !Expect(value.is_object())) return pairs;
    for (const json::Member member : value.members()) {
      std::string text;
      json::Writer out(&text);
      json::Copy(member.value, out);
      pairs.emplace_back(member.name, std::move(text));
    }
    return pairs;
  }
  // Without members when it is absent.
  Fields Object(Bytes name) {
    const json::Value value = Given(name);
    return Fields(value.valid() && Expect(value.is_object()) ? value : json::Value(), &wrong_);
  }
  bool Has(Bytes name) const { return Given(name).valid(); }

 private:
  bool Expect(bool right) {
    wrong_ = wrong_ || !right;
    return right;
  }
  json::Value Given(Bytes name) const { return object_.valid() ? json::Given(object_, name) : json::Value(); }

  json::Value object_;
  bool& wrong_;
};

// Reads the event's `response` with `read`.
template <class T, class Read>
Result<T> ReadResponse(Bytes payload, Read read) {
  json::Document document;
  const auto event = document.Parse(payload);
  if (!event.ok() || !event->is_object()) return Fail(errors::kPoolTriggerAnswer);
  bool wrong = false;
  T answer = read(Fields(*event, &wrong).Object("response"));
  if (wrong) return Fail(errors::kPoolTriggerAnswer);
  return answer;
}

void AppendLists(Fields details, pools::ClaimChanges* changes) {
  Fields groups = details.Object("groupOverrideDetails");
  changes->groups = groups.Texts("groupsToOverride");
}

// Version 1 changes id tokens only; groups are in both.
void ReadVersion1(Fields details, pools::ClaimChanges* changes) {
  for (auto& [name, value] : details.TextMap("claimsToAddOrOverride")) {
    std::string text;
    json::AppendQuoted(&text, value);
    changes->id_claims.emplace_back(name, std::move(text));
  }
  if (auto names = details.Texts("claimsToSuppress")) changes->id_suppressed = *std::move(names);
  AppendLists(details, changes);
}

void ReadVersion2(Fields details, pools::ClaimChanges* changes) {
  Fields id = details.Object("idTokenGeneration");
  changes->id_claims = id.JsonMap("claimsToAddOrOverride");
  if (auto names = id.Texts("claimsToSuppress")) changes->id_suppressed = *std::move(names);
  Fields access = details.Object("accessTokenGeneration");
  changes->access_claims = access.JsonMap("claimsToAddOrOverride");
  if (auto names = access.Texts("claimsToSuppress")) changes->access_suppressed = *std::move(names);
  if (auto names = access.Texts("scopesToAdd")) changes->scopes_added = *std::move(names);
  if (auto names = access.Texts("scopesToSuppress")) changes->scopes_suppressed = *std::move(names);
  AppendLists(details, changes);
}

std::string Filled(std::string text, Bytes parameter, const std::string& value) {
  for (size_t at = text.find(parameter); at != std::string::npos; at = text.find(parameter, at + value.size())) {
    text.replace(at, parameter.size(), value);
  }
  return text;
}

std::optional<pools::UserStatus> StatusNamed(Bytes name) {
  if (name == "CONFIRMED") return pools::UserStatus::kConfirmed;
  if (name == "FORCE_CHANGE_PASSWORD") return pools::UserStatus::kForceChangePassword;
  return std::nullopt;
}

}  // namespace

Status CheckAnswer(Bytes payload) {
  struct Nothing {};
  const auto read = ReadResponse<Nothing>(payload, [](const Fields&) { return Nothing(); });
  return read.ok() ? Status() : Status(read.error());
}

Result<pools::PreSignUpAnswer> ReadPreSignUp(Bytes payload) {
  return ReadResponse<pools::PreSignUpAnswer>(payload, [](Fields response) {
    return pools::PreSignUpAnswer{response.Flag("autoConfirmUser"), response.Flag("autoVerifyEmail"),
                                  response.Flag("autoVerifyPhone")};
  });
}

Result<pools::ClaimChanges> ReadPreTokenGeneration(Bytes payload) {
  return ReadResponse<pools::ClaimChanges>(payload, [](Fields response) {
    pools::ClaimChanges changes;
    if (response.Has("claimsAndScopeOverrideDetails")) {
      ReadVersion2(response.Object("claimsAndScopeOverrideDetails"), &changes);
    } else {
      ReadVersion1(response.Object("claimsOverrideDetails"), &changes);
    }
    return changes;
  });
}

Result<pools::CustomText> ReadCustomMessage(Bytes payload, const std::string& code, const std::string& username) {
  return ReadResponse<pools::CustomText>(payload, [&](Fields response) {
    const auto fill = [&](Bytes name, size_t most) {
      return Filled(Filled(response.Text(name, most), "{####}", code), "{username}", username);
    };
    return pools::CustomText{fill("emailSubject", kMostLine), fill("emailMessage", kMostMail),
                             fill("smsMessage", kMostLine)};
  });
}

Result<std::optional<pools::Migrated>> ReadUserMigration(Bytes payload) {
  return ReadResponse<std::optional<pools::Migrated>>(payload, [](Fields response) {
    std::optional<pools::Migrated> user;
    if (!response.Has("userAttributes")) return user;
    user.emplace();
    user->attributes = response.TextMap("userAttributes");
    // Neither is for the answer to say.
    std::erase_if(user->attributes, [](const auto& each) { return each.first == "username" || each.first == "sub"; });
    user->status = StatusNamed(response.Text("finalUserStatus"));
    user->suppress_message = response.Text("messageAction") == "SUPPRESS";
    return user;
  });
}

}  // namespace stator::services::cognito
