#include "sigv4/canonical.h"

#include <algorithm>
#include <utility>

namespace stator::sigv4 {
namespace {

bool Unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

void AppendEncoded(std::string* out, Bytes text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (Unreserved(c)) {
      out->push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out->append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// A '%' that is not followed by two digits stands for itself.
std::string Decoded(Bytes text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// Takes what stands before the next `separator` off the front of `text`.
Bytes Cut(Bytes* text, char separator) {
  const size_t at = text->find(separator);
  const Bytes head = text->substr(0, at);
  *text = at == Bytes::npos ? Bytes() : text->substr(at + 1);
  return head;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool SameName(Bytes a, Bytes lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) { return Lower(x) == y; });
}

void AppendTidied(std::string* out, Bytes value) {
  bool pending = false;
  bool begun = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t') {
      pending = begun;
      continue;
    }
    if (pending) out->push_back(' ');
    pending = false;
    begun = true;
    out->push_back(c);
  }
}

}  // namespace

std::string CanonicalPath(Bytes path, PathRule rule) {
  if (path.empty()) return "/";
  if (rule == PathRule::kAsSent) return std::string(path);
  std::vector<Bytes> segments;
  const bool ends_in_slash = path.back() == '/' || path.ends_with("/.") || path.ends_with("/..");
  while (!path.empty()) {
    const Bytes segment = Cut(&path, '/');
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (!segments.empty()) {
      segments.pop_back();
    }
  }
  std::string out;
  for (const Bytes segment : segments) {
    out.push_back('/');
    AppendEncoded(&out, segment);
  }
  if (ends_in_slash || out.empty()) out.push_back('/');
  return out;
}

std::string CanonicalQuery(Bytes query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    Bytes value = Cut(&query, '&');
    if (value.empty()) continue;
    const std::string name = Decoded(Cut(&value, '='));
    if (name == "X-Amz-Signature") continue;
    auto& [encoded_name, encoded_value] = parameters.emplace_back();
    AppendEncoded(&encoded_name, name);
    AppendEncoded(&encoded_value, Decoded(value));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out.push_back('&');
    out.append(name).append("=").append(value);
  }
  return out;
}

std::string CanonicalHeaders(std::span<const Field> headers, std::span<const std::string> signed_names) {
  std::string out;
  for (const std::string& name : signed_names) {
    out.append(name).push_back(':');
    bool first = true;
    for (const Field& header : headers) {
      if (!SameName(header.name, name)) continue;
      if (!first) out.push_back(',');
      first = false;
      AppendTidied(&out, header.value);
    }
    out.push_back('\n');
  }
  return out;
}

std::vector<std::string> HeaderNames(std::span<const Field> headers) {
  std::vector<std::string> names;
  for (const Field& header : headers) {
    std::string& name = names.emplace_back(header.name);
    std::transform(name.begin(), name.end(), name.begin(), Lower);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string JoinNames(std::span<const std::string> names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out.push_back(';');
    out.append(name);
  }
  return out;
}

std::string CanonicalRequest(const Request& request, std::span<const std::string> signed_names, Bytes payload_hash,
                             PathRule rule) {
  std::string out(request.method);
  out.append("\n").append(CanonicalPath(request.path, rule));
  out.append("\n").append(CanonicalQuery(request.query));
  out.append("\n").append(CanonicalHeaders(request.headers, signed_names));
  out.append("\n").append(JoinNames(signed_names));
  out.append("\n").append(payload_hash);
  return out;
}

}  // namespace stator::sigv4
