#include "client/connect.h"

#include "client/profile.h"
#include "errors/client.h"

namespace stator::client {
namespace {

constexpr Bytes kDefaultUrl = "http://localhost:8000";

std::string FirstOf(std::initializer_list<std::optional<std::string>> choices) {
  for (const auto& choice : choices) {
    if (choice && !choice->empty()) return *choice;
  }
  return "";
}

// The variable of a service's own endpoint. Its name there is that of AWS's tools, not the one requests are signed for.
std::string EndpointVariable(const std::string& service) {
  std::string name = "AWS_ENDPOINT_URL_";
  if (service == "cognito-idp") return name + "COGNITO_IDENTITY_PROVIDER";
  for (const char c : service) name.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return name;
}

std::string RegionIn(const Profile& profile) {
  const auto found = profile.settings.find("region");
  return found == profile.settings.end() ? "" : found->second;
}

}  // namespace

Result<Target> Connect(const Wish& wish, const Surroundings& around) {
  STATOR_TRY(const Profile profile, ReadProfile(around, wish.profile));
  std::string region =
      FirstOf({wish.region, around.env("AWS_REGION"), around.env("AWS_DEFAULT_REGION"), RegionIn(profile)});
  std::string url = wish.endpoint_url;
  if (url.empty() && !wish.aws) {
    url = FirstOf({around.env(EndpointVariable(wish.service)), around.env("AWS_ENDPOINT_URL"),
                   profile.dynamodb_endpoint, std::string(kDefaultUrl)});
  }
  if (url.empty() && region.empty()) return Fail(errors::kNoRegion);
  STATOR_TRY(Endpoint endpoint, url.empty() ? AwsEndpoint(wish.service, region) : ParseEndpoint(url));

  const bool strict = endpoint.aws || wish.aws;
  if (region.empty()) {
    if (strict) return Fail(errors::kNoRegion);
    region = "us-east-1";
  }
  CredentialChain::Options options;
  options.profile = wish.profile;
  options.services = strict;
  if (!strict) options.fallback = sigv4::Credentials{"stator", "stator", ""};
  auto chain = std::make_shared<CredentialChain>(around, options);
  return Target{std::move(endpoint), std::move(region), std::move(chain)};
}

}  // namespace stator::client
