// The one place that names the TOML library.
#include "server/config_file.h"

#include <toml++/toml.h>

#include "errors/server.h"

namespace stator::server {
namespace {

Result<std::string> ScalarText(const std::string& path, std::string_view name, const toml::node& node) {
  if (const auto* s = node.as_string()) return s->get();
  if (const auto* b = node.as_boolean()) return std::string(b->get() ? "true" : "false");
  if (const auto* i = node.as_integer()) return std::to_string(i->get());
  if (const auto* f = node.as_floating_point()) return std::to_string(f->get());
  return Fail(errors::kConfigUnreadable, path, "the value of '" + std::string(name) + "' is of no use here");
}

}  // namespace

Result<std::map<std::string, std::vector<std::string>>> ReadConfigFile(const std::string& path) {
  std::map<std::string, std::vector<std::string>> values;
  toml::table root;
  try {
    root = toml::parse_file(path);
  } catch (const toml::parse_error& e) {
    const auto line = e.source().begin.line;
    const std::string where = line > 0 ? "line " + std::to_string(line) + ": " : "";
    return Fail(errors::kConfigUnreadable, path, where + std::string(e.description()));
  }
  for (const auto& [key, node] : root) {
    std::vector<std::string>& texts = values[std::string(key.str())];
    if (const auto* list = node.as_array()) {
      for (const auto& element : *list) {
        STATOR_TRY(std::string text, ScalarText(path, key.str(), element));
        texts.push_back(std::move(text));
      }
    } else {
      STATOR_TRY(std::string text, ScalarText(path, key.str(), node));
      texts.push_back(std::move(text));
    }
  }
  return values;
}

}  // namespace stator::server
