// Tests: user_filter_test.cc.
#include "services/cognito/user_filter.h"

#include <algorithm>

#include "errors/pools.h"

namespace stator::services::cognito {
namespace {

constexpr Bytes kSearchable[] = {"username",   "email",       "phone_number",       "name",
                                 "given_name", "family_name", "preferred_username", "cognito:user_status",
                                 "status",     "sub"};

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

void SkipSpaces(Bytes* text) {
  while (!text->empty() && IsSpace(text->front())) text->remove_prefix(1);
}

bool Take(Bytes* text, Bytes what) {
  if (!text->starts_with(what)) return false;
  text->remove_prefix(what.size());
  return true;
}

std::string TakeName(Bytes* text) {
  size_t size = 0;
  while (size < text->size() && !IsSpace((*text)[size]) && Bytes("=^\"").find((*text)[size]) == Bytes::npos) ++size;
  std::string name(text->substr(0, size));
  text->remove_prefix(size);
  return name;
}

// In quotes; a backslash takes the next character as it is.
bool TakeValue(Bytes* text, std::string* value) {
  if (!Take(text, "\"")) return false;
  while (!text->empty()) {
    if (Take(text, "\"")) return true;
    Take(text, "\\");
    if (text->empty()) return false;
    value->push_back(text->front());
    text->remove_prefix(1);
  }
  return false;
}

std::string SmallLetters(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool Compare(const UserFilter& filter, const std::string& wanted, const std::string& found) {
  return filter.prefix ? found.starts_with(wanted) : found == wanted;
}

}  // namespace

Result<std::optional<UserFilter>> ParseFilter(Bytes text) {
  SkipSpaces(&text);
  if (text.empty()) return std::optional<UserFilter>();
  UserFilter filter;
  filter.attribute = TakeName(&text);
  SkipSpaces(&text);
  filter.prefix = Take(&text, "^");
  const bool compares = Take(&text, "=");
  SkipSpaces(&text);
  const bool complete = compares && TakeValue(&text, &filter.value);
  SkipSpaces(&text);
  if (filter.attribute.empty() || !complete || !text.empty()) return Fail(errors::kPoolFilter);
  if (std::find(std::begin(kSearchable), std::end(kSearchable), filter.attribute) == std::end(kSearchable)) {
    return Fail(errors::kPoolFilterAttribute, filter.attribute);
  }
  return std::optional(std::move(filter));
}

bool Matches(const UserFilter& filter, const pools::Pool& pool, const pools::User& user) {
  if (filter.attribute == "username") return Compare(filter, filter.value, user.username);
  if (filter.attribute == "status") return Compare(filter, filter.value, user.enabled ? "Enabled" : "Disabled");
  if (filter.attribute == "cognito:user_status") {
    return Compare(filter, SmallLetters(filter.value), SmallLetters(pools::NameOf(user.status)));
  }
  if (filter.attribute == "sub") return Compare(filter, filter.value, user.sub);
  const std::string* found = user.Find(filter.attribute);
  return found && Compare(filter, pool.Fold(filter.value), pool.Fold(*found));
}

}  // namespace stator::services::cognito
