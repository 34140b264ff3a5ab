#include "services/lambda/publish.h"

#include "functions/codec.h"

namespace stator::services::lambda {

using functions::Function;
using functions::FunctionRef;

FunctionRef Publish(const functions::Functions& functions, functions::Entry* entry, const std::string* description) {
  const Function& latest = *entry->latest;
  if (!entry->versions.empty()) {
    const FunctionRef& newest = entry->versions.rbegin()->second;
    if (functions::SameContent(*newest, latest)) return newest;
  }
  Function version = latest;
  const uint64_t number = entry->next_version++;
  version.version = std::to_string(number);
  if (description) version.description = *description;
  functions.Stamp(&version, false);
  auto published = std::make_shared<const Function>(std::move(version));
  entry->versions[number] = published;
  return published;
}

}  // namespace stator::services::lambda
