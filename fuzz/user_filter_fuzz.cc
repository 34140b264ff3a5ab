// Any text is a filter of ListUsers, none at all, or refused as one; a filter written out again is the same filter. The
// first line of the input is the filter, the rest a value to hold it against.
#include "base/check.h"
#include "errors/pools.h"
#include "services/cognito/user_filter.h"

namespace {

using stator::services::cognito::UserFilter;

std::string Written(const UserFilter& filter) {
  std::string text = filter.attribute + (filter.prefix ? " ^= \"" : " = \"");
  for (const char c : filter.value) {
    if (c == '"' || c == '\\') text.push_back('\\');
    text.push_back(c);
  }
  return text + "\"";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator::services::cognito;  // NOLINT(google-build-using-namespace)
  const stator::Bytes input(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(input.find('\n'), size);
  const auto parsed = ParseFilter(input.substr(0, end));
  if (!parsed.ok()) {
    STATOR_CHECK(parsed.error().id.OneOf({stator::errors::kPoolFilter, stator::errors::kPoolFilterAttribute}));
    return 0;
  }
  if (!*parsed) return 0;
  const UserFilter& filter = **parsed;
  const auto again = ParseFilter(Written(filter));
  STATOR_CHECK(again.ok() && *again);
  STATOR_CHECK((*again)->attribute == filter.attribute && (*again)->value == filter.value &&
               (*again)->prefix == filter.prefix);
  stator::pools::Pool pool;
  stator::pools::User user;
  user.username = input.substr(end);
  user.attributes = {{"email", filter.value + user.username}, {"name", user.username}};
  const bool found = Matches(filter, pool, user);
  // Who has the value is found, and so is who has more behind it, by a prefix.
  if (filter.attribute == "email") STATOR_CHECK(found == (filter.prefix || user.username.empty()));
  return 0;
}
