#include "client/surroundings.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace stator::client {
namespace {

std::optional<std::string> ReadVariable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

Surroundings RealSurroundings() {
  std::shared_ptr<Transport> transport = NewCurlTransport();
  return {&ReadVariable, &ReadFile, [transport](const HttpRequest& request) { return transport->Send(request); },
          [] { return Clock().Now(); }};
}

}  // namespace stator::client
