#include "http/host.h"

#include <algorithm>
#include <charconv>

#include "http/text.h"

namespace stator::http {
namespace {

constexpr size_t kMaxHost = 255;

// Four decimal numbers, the first 127. A name such as 127.0.0.1.example.com is not one.
bool IsLoopbackV4(Bytes host) {
  int dots = 0;
  int digits = 0;
  for (char c : host) {
    if (c == '.') {
      if (digits == 0) return false;
      ++dots;
      digits = 0;
    } else if (c < '0' || c > '9' || ++digits > 3) {
      return false;
    }
  }
  return dots == 3 && digits > 0 && host.starts_with("127.");
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsNameByte(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_'; }

bool IsAddressByte(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.'; }

bool IsHost(Bytes host) {
  if (host.empty() || host.size() > kMaxHost) return false;
  if (host.front() != '[') return std::all_of(host.begin(), host.end(), IsNameByte);
  return host.size() > 2 && host.back() == ']' && std::all_of(host.begin() + 1, host.end() - 1, IsAddressByte);
}

}  // namespace

std::string LowerCase(Bytes text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ToLower);
  return lower;
}

Bytes WithoutPort(Bytes authority) {
  size_t end = authority.find(':');
  if (authority.starts_with('[')) {
    const size_t bracket = authority.find(']');
    if (bracket == Bytes::npos) return {};
    end = bracket + 1;
  }
  if (end >= authority.size()) return authority;
  const Bytes port = authority.substr(end);
  if (port.front() != ':') return {};
  return std::all_of(port.begin() + 1, port.end(), IsDigit) ? authority.substr(0, end) : Bytes();
}

std::optional<HostPort> ParseAuthority(Bytes authority, int default_port) {
  if (authority.size() > kMaxHost + 6) return std::nullopt;
  HostPort parsed{LowerCase(WithoutPort(authority)), default_port};
  if (!IsHost(parsed.host)) return std::nullopt;
  if (authority.size() > parsed.host.size()) {
    const Bytes port = authority.substr(parsed.host.size() + 1);
    if (port.empty()) return parsed;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), parsed.port);
    if (error != std::errc()) return std::nullopt;
  }
  if (parsed.port < 1 || parsed.port > 65535) return std::nullopt;
  return parsed;
}

bool IsLoopbackHost(Bytes host) {
  return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || IsLoopbackV4(host);
}

bool IsAwsHost(Bytes host) { return host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"); }

}  // namespace stator::http
