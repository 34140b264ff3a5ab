#include "dispatch/routes.h"

#include <algorithm>

namespace stator::dispatch {
namespace {

constexpr size_t kMaxSegments = 16;  // more than any template has

// "/a/b/" and "/a/b": a, b. Nothing when it is no path, or longer than any template.
std::vector<Bytes> Split(Bytes path) {
  std::vector<Bytes> segments;
  if (path.empty() || path.front() != '/') return segments;
  path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  while (segments.size() <= kMaxSegments) {
    const size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == Bytes::npos) return segments;
    path.remove_prefix(slash + 1);
  }
  return {};
}

bool IsParameter(Bytes segment) { return segment.starts_with('{'); }

bool Fits(const std::vector<std::string_view>& pattern, const std::vector<Bytes>& segments) {
  if (pattern.size() != segments.size()) return false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (IsParameter(pattern[i]) ? segments[i].empty() : pattern[i] != segments[i]) return false;
  }
  return true;
}

}  // namespace

void Routes::Add(std::string_view method, std::string_view path, const RegisteredOperation* operation) {
  Route route{method, Split(path), operation};
  const auto more_literal = [](const Route& a, const Route& b) {
    return std::lexicographical_compare(
        a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
        [](Bytes left, Bytes right) { return !IsParameter(left) && IsParameter(right); });
  };
  routes_.insert(std::upper_bound(routes_.begin(), routes_.end(), route, more_literal), std::move(route));
}

RouteMatch Routes::Find(Bytes method, Bytes path) const {
  RouteMatch match;
  if (routes_.empty()) return match;
  const std::vector<Bytes> segments = Split(path);
  for (const Route& route : routes_) {
    if (route.method != method || !Fits(route.segments, segments)) continue;
    match.operation = route.operation;
    for (size_t i = 0; i < segments.size(); ++i) {
      const Bytes name = route.segments[i];
      if (IsParameter(name)) match.parameters.emplace_back(name.substr(1, name.size() - 2), segments[i]);
    }
    return match;
  }
  return match;
}

}  // namespace stator::dispatch
