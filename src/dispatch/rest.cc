// Parameters are put behind the body's members, where they win: of a repeated member the last one counts.
// Tests: rest_test.cc.
#include "dispatch/rest.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "errors/dispatch.h"

namespace stator::dispatch {
namespace {

using Kind = Shape::Kind;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

Bytes Trimmed(Bytes text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// "tagKeys" is the member TagKeys.
bool SameName(Bytes member, Bytes parameter) {
  return member.size() == parameter.size() && !member.empty() && Lower(member[0]) == Lower(parameter[0]) &&
         member.substr(1) == parameter.substr(1);
}

const ShapeMember* FindMember(const Shape& shape, Bytes parameter) {
  const auto found = std::find_if(shape.members.begin(), shape.members.end(),
                                  [parameter](const ShapeMember& member) { return SameName(member.name, parameter); });
  return found == shape.members.end() ? nullptr : &*found;
}

// A parameter is text; where a number belongs, it is written as one if it is one.
void WriteParameter(const Shape& shape, const std::string& text, json::Writer& out) {
  if (shape.kind == Kind::kInteger || shape.kind == Kind::kLong) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) {
      out.Int(number);
      return;
    }
  }
  out.String(text);
}

// The query's parameters that are members, by name; a repeated one has several values.
std::map<const ShapeMember*, std::vector<std::string>> ReadQuery(const Shape& input, Bytes query) {
  std::map<const ShapeMember*, std::vector<std::string>> values;
  while (!query.empty()) {
    const size_t end = query.find('&');
    const Bytes pair = query.substr(0, end);
    query.remove_prefix(end == Bytes::npos ? query.size() : end + 1);
    const size_t equals = pair.find('=');
    const ShapeMember* member = FindMember(input, PercentDecoded(pair.substr(0, equals)));
    if (!member) continue;
    std::string value(equals == Bytes::npos ? Bytes() : pair.substr(equals + 1));
    std::replace(value.begin(), value.end(), '+', ' ');
    values[member].push_back(PercentDecoded(value));
  }
  return values;
}

void WriteQuery(const Shape& input, Bytes query, json::Writer& out) {
  for (const auto& [member, values] : ReadQuery(input, query)) {
    out.Key(member->name);
    if (member->shape->kind != Kind::kList) {
      WriteParameter(*member->shape, values.back(), out);
      continue;
    }
    out.BeginArray();
    for (const std::string& value : values) WriteParameter(*member->shape->element, value, out);
    out.EndArray();
  }
}

// Where the string of a member stands, between its quotes. In valid JSON the name in quotes, followed by a colon, is
// found nowhere but at the member: quotes within strings are escaped.
struct Span {
  size_t begin;
  size_t end;
};
std::optional<Span> FindString(Bytes body, Bytes name) {
  const std::string quoted = '"' + std::string(name) + '"';
  size_t at = body.find(quoted);
  if (at == Bytes::npos) return std::nullopt;
  at += quoted.size();
  const auto skip = [&](char wanted) {
    while (at < body.size() && IsSpace(body[at])) ++at;
    return at < body.size() && body[at++] == wanted;
  };
  if (!skip(':') || !skip('"')) return std::nullopt;
  const size_t end = body.find('"', at);
  if (end == Bytes::npos) return std::nullopt;
  return Span{at, end};
}

}  // namespace

std::string PercentDecoded(Bytes text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
    if (low >= 0) {
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

RestText ReadRest(const RouteMatch& match, const http::Request& request) {
  const Operation& operation = match.operation->operation;
  RestText text;
  Bytes body = operation.route.raw_body ? Bytes() : Trimmed(request.body);
  if (body.empty()) body = "{}";
  const auto blob = operation.route.blob.empty() ? std::nullopt : FindString(body, operation.route.blob);
  std::string& json = text.json;
  if (blob) {
    text.blob = body.substr(blob->begin, blob->end - blob->begin);
    json.append(body.substr(0, blob->begin)).append(body.substr(blob->end));
  } else {
    json.append(body);
  }

  std::string parameters;
  json::Writer out(&parameters);
  WriteQuery(*operation.input, request.head.query, out);
  for (const auto& [name, value] : match.parameters) out.Key(name).String(PercentDecoded(value));
  if (parameters.empty() || !json.ends_with('}')) return text;
  json.pop_back();
  while (!json.empty() && IsSpace(json.back())) json.pop_back();
  if (!json.ends_with('{')) json.push_back(',');
  json.append(parameters).push_back('}');
  return text;
}

Status CheckBodyLimit(const Registry& registry, const http::RequestHead& head) {
  const Bytes length = head.Find("content-length");
  uint64_t announced = 0;
  std::from_chars(length.data(), length.data() + length.size(), announced);
  if (announced == 0) return {};
  const RouteMatch match = registry.FindRoute(head.method, head.path);
  if (!match.operation) return {};
  const Operation& operation = match.operation->operation;
  const RestRoute& route = operation.route;
  if (route.body_limit == 0 || announced <= route.body_limit) return {};
  return Fail(errors::kRestBodyTooLarge, route.body_limit,
              route.limit_name.empty() ? operation.name : route.limit_name);
}

}  // namespace stator::dispatch
