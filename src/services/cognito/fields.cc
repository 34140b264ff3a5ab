#include "services/cognito/fields.h"

#include <algorithm>

#include "json/lenient.h"

namespace stator::services::cognito {

std::optional<std::string> GivenText(json::Value body, Bytes name) {
  const json::Value value = json::Given(body, name);
  return value.valid() ? std::optional(std::string(value.text())) : std::nullopt;
}

std::string Text(json::Value body, Bytes name) { return GivenText(body, name).value_or(""); }

bool Flag(json::Value body, Bytes name, bool otherwise) {
  const json::Value value = json::Given(body, name);
  return value.valid() ? json::Truth(value) : otherwise;
}

int64_t Number(json::Value body, Bytes name, int64_t otherwise) {
  const json::Value value = json::Given(body, name);
  return value.valid() ? json::WholeNumber(value) : otherwise;
}

std::vector<std::string> Texts(json::Value body, Bytes name) {
  std::vector<std::string> texts;
  const json::Value list = json::Given(body, name);
  if (!list.valid()) return texts;
  for (const json::Value element : list.elements()) {
    if (element.is_string()) texts.emplace_back(element.text());
  }
  return texts;
}

namespace {

void SetPair(pools::Pairs* pairs, std::string name, std::string value) {
  std::erase_if(*pairs, [&name](const auto& pair) { return pair.first == name; });
  pairs->emplace_back(std::move(name), std::move(value));
}

}  // namespace

pools::Pairs AttributeList(json::Value body, Bytes name) {
  pools::Pairs pairs;
  const json::Value list = json::Given(body, name);
  if (!list.valid()) return pairs;
  for (const json::Value element : list.elements()) {
    if (element.is_object()) SetPair(&pairs, Text(element, "Name"), Text(element, "Value"));
  }
  return pairs;
}

pools::Pairs TextMap(json::Value body, Bytes name) {
  pools::Pairs pairs;
  const json::Value map = json::Given(body, name);
  if (!map.valid()) return pairs;
  for (const json::Member member : map.members()) {
    if (member.value.is_string()) SetPair(&pairs, std::string(member.name), std::string(member.value.text()));
  }
  return pairs;
}

void WriteAttributes(const pools::User& user, const std::vector<std::string>* wanted, json::Writer& out) {
  const auto write = [&](const std::string& name, const std::string& value) {
    if (wanted && std::find(wanted->begin(), wanted->end(), name) == wanted->end()) return;
    out.BeginObject().Key("Name").String(name).Key("Value").String(value).EndObject();
  };
  out.BeginArray();
  write("sub", user.sub);
  for (const auto& [name, value] : user.attributes) write(name, value);
  out.EndArray();
}

void WriteTime(Time time, json::Writer& out) { out.Millis(time.millis()); }

void WriteDelivery(const pools::Delivery& delivery, json::Writer& out) {
  out.BeginObject().Key("Destination").String(delivery.destination);
  out.Key("DeliveryMedium").String(delivery.medium).Key("AttributeName").String(delivery.attribute).EndObject();
}

void WriteTokens(const pools::AuthAnswer& answer, json::Writer& out) {
  out.BeginObject().Key("AccessToken").String(answer.tokens.access);
  out.Key("ExpiresIn").Int(answer.tokens.expires_in).Key("TokenType").String("Bearer");
  if (!answer.refresh_token.empty()) out.Key("RefreshToken").String(answer.refresh_token);
  out.Key("IdToken").String(answer.tokens.id).EndObject();
}

std::string WriteAuthAnswer(const pools::AuthAnswer& answer) {
  std::string text;
  json::Writer out(&text);
  out.BeginObject();
  if (!answer.challenge.empty()) {
    out.Key("ChallengeName").String(answer.challenge);
    if (!answer.session.empty()) out.Key("Session").String(answer.session);
  }
  out.Key("ChallengeParameters").BeginObject();
  for (const auto& [name, value] : answer.parameters) out.Key(name).String(value);
  out.EndObject();
  if (answer.challenge.empty()) WriteTokens(answer, out.Key("AuthenticationResult"));
  out.EndObject();
  return text;
}

dispatch::Answer Nothing(const Status& status) {
  if (!status.ok()) return status.error();
  return std::string("{}");
}

}  // namespace stator::services::cognito
