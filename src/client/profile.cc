#include "client/profile.h"

#include "errors/client.h"

namespace stator::client {
namespace {

std::string HomeFile(const Surroundings& around, const std::string& variable, const std::string& name) {
  std::string path = around.env(variable).value_or("~/.aws/" + name);
  if (path.starts_with("~/")) path = around.env("HOME").value_or("") + path.substr(1);
  return path;
}

Ini ReadIni(const Surroundings& around, const std::string& path) { return ParseIni(around.file(path).value_or("")); }

std::string Setting(const IniSection& section, Bytes name) {
  const auto found = section.find(name);
  return found == section.end() ? "" : found->second;
}

std::string EndpointOf(const Ini& config, const IniSection& settings) {
  if (Setting(settings, "ignore_configured_endpoint_urls") == "true") return "";
  const auto services = config.find("services " + Setting(settings, "services"));
  if (services != config.end()) {
    std::string url = Setting(services->second, "dynamodb.endpoint_url");
    if (!url.empty()) return url;
  }
  return Setting(settings, "endpoint_url");
}

}  // namespace

std::string ConfigPath(const Surroundings& around) { return HomeFile(around, "AWS_CONFIG_FILE", "config"); }
std::string CredentialsPath(const Surroundings& around) {
  return HomeFile(around, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
}

Result<Profile> ReadProfile(const Surroundings& around, const std::string& name) {
  Profile profile;
  profile.name = name.empty() ? around.env("AWS_PROFILE").value_or("default") : name;
  const Ini config = ReadIni(around, ConfigPath(around));
  const Ini credentials = ReadIni(around, CredentialsPath(around));

  auto from_config = config.find("profile " + profile.name);
  if (from_config == config.end() && profile.name == "default") from_config = config.find("default");
  const auto from_credentials = credentials.find(profile.name);
  if (from_config == config.end() && from_credentials == credentials.end() && profile.name != "default") {
    return Fail(errors::kNoSuchProfile, profile.name, CredentialsPath(around), ConfigPath(around));
  }
  if (from_config != config.end()) profile.settings = from_config->second;
  if (from_credentials != credentials.end()) {
    for (const auto& [key, value] : from_credentials->second) profile.settings[key] = value;
  }
  profile.dynamodb_endpoint = EndpointOf(config, profile.settings);
  return profile;
}

}  // namespace stator::client
