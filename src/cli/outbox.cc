// Tests: pools_test.cc.
#include "cli/outbox.h"

#include "cli/columns.h"
#include "client/json_text.h"
#include "errors/client.h"
#include "json/value.h"

namespace stator::cli {
namespace {

// As a part of a query: everything but letters and digits as %XX.
std::string Encoded(const std::string& text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (plain) {
      encoded.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return encoded;
}

std::string WhatIs(Bytes kind) {
  if (kind == "SignUp" || kind == "ResendCode") return "code to confirm the sign-up";
  if (kind == "ForgotPassword") return "code to set a new password";
  if (kind == "VerifyUserAttribute") return "code to verify the address";
  if (kind == "AdminCreateUser") return "temporary password";
  return std::string(kind);
}

// "2026-11-20 16:42:10  nora  123456  code to confirm the sign-up, to nora@example.com"
std::string LineOf(json::Value letter) {
  std::string time(client::TextOf(letter, "time").substr(0, 19));
  if (const size_t t = time.find('T'); t != std::string::npos) time[t] = ' ';
  const std::string to(client::TextOf(letter, "destination"));
  std::string line = time + "  " + Printable(std::string(client::TextOf(letter, "user")));
  line += "  " + Printable(std::string(client::TextOf(letter, "code"))) + "  " + WhatIs(client::TextOf(letter, "kind"));
  if (!to.empty()) line += ", to " + Printable(to);
  return line + "\n";
}

}  // namespace

Status OutboxTail::Read(const std::function<void(Bytes lines)>& print) {
  client::ServiceCall call;
  call.service = "cognito-idp";
  call.method = "GET";
  call.path = "/_stator/outbox";
  call.query = "after=" + std::to_string(last_id_);
  if (!options_.pool.empty()) call.query += "&pool=" + Encoded(options_.pool);
  if (!options_.user.empty()) call.query += "&user=" + Encoded(options_.user);
  STATOR_TRY(const std::string answer, client_.Call(call));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value letters = root.is_object() ? root.Find("messages") : json::Value();
  if (!letters.valid() || !letters.is_array()) return Fail(errors::kNotDynamoDb, client_.target().endpoint.url, 200);
  std::string lines;
  for (const json::Value letter : letters.elements()) {
    const json::Value id = letter.is_object() ? letter.Find("id") : json::Value();
    if (!id.valid() || id.kind() != json::Kind::kInteger || id.integer() <= last_id_) continue;
    last_id_ = id.integer();
    if (options_.json) {
      client::AppendJson(&lines, letter);
      lines.push_back('\n');
    } else {
      lines += LineOf(letter);
    }
  }
  if (!lines.empty()) print(lines);
  return {};
}

}  // namespace stator::cli
