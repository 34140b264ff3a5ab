#include "directory/database_url.h"

#include <filesystem>
#include <optional>

#include "directory/errors.h"
#include "directory/text.h"

namespace stator::messages {
namespace {

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::string Decoded(Bytes text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : std::nullopt;
    const auto low = high ? HexDigit(text[i + 2]) : std::nullopt;
    if (low) {
      out.push_back(static_cast<char>(*high * 16 + *low));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string Encoded(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '%') {
      out += "%25";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// "postgresql://user:password@host/name" without the password, wherever it stands.
std::string WithoutPassword(const std::string& url) {
  std::string shown = url;
  const size_t begin = shown.find("://") + 3;
  const size_t end = shown.find_first_of("/?", begin);
  const size_t at = shown.substr(0, end).rfind('@');
  const size_t colon = shown.find(':', begin);
  if (at != std::string::npos && colon < at) shown.erase(colon, at - colon);
  const size_t parameter = shown.find("password=");
  if (parameter != std::string::npos) {
    shown.erase(parameter, shown.find('&', parameter) - parameter);
  }
  return shown;
}

}  // namespace

Result<DatabaseUrl> ParseDatabaseUrl(Bytes given) {
  DatabaseUrl url;
  url.url = given;
  if (!IsText(given)) return Fail(directory_errors::kDatabaseUrl, "DATABASE_URL");
  if (given.starts_with("postgres://") || given.starts_with("postgresql://")) {
    url.dialect = Dialect::kPostgres;
    url.shown = WithoutPassword(url.url);
    return url;
  }
  Bytes path = given;
  constexpr Bytes kScheme = "sqlite:";
  if (!path.starts_with(kScheme)) return Fail(directory_errors::kDatabaseUrl, given);
  path.remove_prefix(kScheme.size());
  if (path.starts_with("//")) {
    path.remove_prefix(2);
    if (!path.starts_with('/')) return Fail(directory_errors::kDatabaseUrl, given);
  }
  std::error_code failed;
  url.path = std::filesystem::absolute(Decoded(path), failed).lexically_normal().string();
  if (failed || path.empty() || url.path.ends_with('/') || !IsText(url.path)) {
    return Fail(directory_errors::kDatabaseUrl, given);
  }
  url.url = "sqlite://" + Encoded(url.path);
  url.shown = url.path;
  return url;
}

}  // namespace stator::messages
