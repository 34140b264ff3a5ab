#include "functions/entry.h"

#include <charconv>

#include "functions/name.h"

namespace stator::functions {

FunctionRef Entry::Find(Bytes qualifier) const {
  if (qualifier.empty() || qualifier == "$LATEST") return latest;
  if (!IsVersion(qualifier)) {
    const auto alias = aliases.find(std::string(qualifier));
    return alias == aliases.end() ? nullptr : Find(alias->second.version);
  }
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(qualifier.data(), qualifier.data() + qualifier.size(), number);
  if (error != std::errc() || end != qualifier.data() + qualifier.size()) return nullptr;
  const auto version = versions.find(number);
  return version == versions.end() ? nullptr : version->second;
}

}  // namespace stator::functions
