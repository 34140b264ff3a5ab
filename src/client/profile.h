// The shared files of AWS's tools: profiles, and what stands in the chosen one.
#pragma once

#include <optional>
#include <string>

#include "client/ini.h"
#include "client/surroundings.h"
#include "errors/result.h"

namespace stator::client {

struct Profile {
  std::string name;
  IniSection settings;            // of the config file, overlaid by the credentials file
  std::string dynamodb_endpoint;  // of its services section or its own; empty if none
};

// ~/.aws/config and ~/.aws/credentials, or where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE point.
std::string ConfigPath(const Surroundings&);
std::string CredentialsPath(const Surroundings&);

// The profile of that name; if the name is empty, that of AWS_PROFILE or else "default". A default profile that does
// not exist is empty; any other that does not exist is kNoSuchProfile.
Result<Profile> ReadProfile(const Surroundings&, const std::string& name);

}  // namespace stator::client
