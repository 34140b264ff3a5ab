#include "client/credentials.h"

#include "client/iso_time.h"
#include "client/profile.h"
#include "errors/client.h"

namespace stator::client {
namespace {

constexpr Duration kRenewBefore = std::chrono::minutes(5);

Result<std::optional<Time>> Expiry(const std::optional<std::string>& text, const std::string& source) {
  if (!text) return std::optional<Time>();
  const std::optional<Time> time = ParseIso(*text);
  if (!time) return Fail(errors::kCredentialService, source, "their expiry " + *text + " is not a time");
  return time;
}

// Ways to get credentials that need another program or service.
constexpr struct {
  Bytes key;
  Bytes what;
} kForeign[] = {{"role_arn", "an assumed role"},
                {"sso_session", "single sign-on"},
                {"sso_start_url", "single sign-on"},
                {"credential_process", "a credential process"}};

Find NoneFound() { return std::optional<FoundCredentials>(); }

std::string Setting(const IniSection& section, Bytes name) {
  const auto found = section.find(name);
  return found == section.end() ? "" : found->second;
}

}  // namespace

Find FromEnvironment(const Surroundings& around) {
  const std::string source = "the environment";
  const auto id = around.env("AWS_ACCESS_KEY_ID");
  const auto secret = around.env("AWS_SECRET_ACCESS_KEY");
  if (!id && !secret) return NoneFound();
  if (!id || !secret) return Fail(errors::kHalfCredentials, source);
  STATOR_TRY(const auto expires, Expiry(around.env("AWS_CREDENTIAL_EXPIRATION"), source));
  return std::optional(FoundCredentials{{*id, *secret, around.env("AWS_SESSION_TOKEN").value_or("")}, expires, source});
}

Find FromProfile(const Surroundings& around, const std::string& name) {
  STATOR_TRY(const Profile profile, ReadProfile(around, name));
  const std::string source = "profile " + profile.name;
  const std::string id = Setting(profile.settings, "aws_access_key_id");
  const std::string secret = Setting(profile.settings, "aws_secret_access_key");
  for (const auto& [key, what] : kForeign) {
    if (!Setting(profile.settings, key).empty()) {
      return Fail(errors::kForeignProfile, profile.name, what, profile.name);
    }
  }
  if (id.empty() && secret.empty()) return NoneFound();
  if (id.empty() || secret.empty()) return Fail(errors::kHalfCredentials, source);
  const std::string until = Setting(profile.settings, "aws_credential_expiration");
  STATOR_TRY(const auto expires, Expiry(until.empty() ? std::nullopt : std::optional(until), source));
  return std::optional(FoundCredentials{{id, secret, Setting(profile.settings, "aws_session_token")}, expires, source});
}

CredentialChain::CredentialChain(Surroundings around, Options options)
    : around_(std::move(around)), options_(std::move(options)) {}

Find CredentialChain::Look() {
  if (options_.profile.empty()) {
    STATOR_TRY(auto found, FromEnvironment(around_));
    if (found) return found;
  }
  STATOR_TRY(auto found, FromProfile(around_, options_.profile));
  if (found || !options_.services) return found;
  STATOR_TRY(auto from_container, FromContainer(around_));
  if (from_container) return from_container;
  return FromInstance(around_);
}

Result<sigv4::Credentials> CredentialChain::Get() {
  const std::lock_guard lock(mutex_);
  const Time now = around_.now();
  if (kept_ && (!kept_->expires || now + kRenewBefore < *kept_->expires)) return kept_->credentials;
  auto looked = Look();
  // A server that takes any credentials does not need those of a profile that only other programs can use.
  if (!looked.ok() && looked.error().id == errors::kForeignProfile && options_.fallback) looked = NoneFound();
  STATOR_TRY(auto found, std::move(looked));
  if (!found && options_.fallback) found = FoundCredentials{*options_.fallback, std::nullopt, "nowhere"};
  if (!found) return Fail(errors::kNoCredentials);
  if (found->expires && *found->expires <= now) {
    return Fail(errors::kCredentialsExpired, found->source, FormatIso(*found->expires));
  }
  kept_ = std::move(found);
  return kept_->credentials;
}

void CredentialChain::Forget() {
  const std::lock_guard lock(mutex_);
  kept_.reset();
}

}  // namespace stator::client
