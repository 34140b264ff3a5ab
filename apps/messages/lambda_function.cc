#include "lambda_function.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/base64.h"
#include "client/json_text.h"
#include "errors/client.h"
#include "errors/common.h"
#include "json/value.h"
#include "json/writer.h"
#include "sigv4/digest.h"
#include "zip.h"

namespace stator::messages {
namespace {

constexpr char kFunctions[] = "/2015-03-31/functions";
constexpr std::chrono::milliseconds kBetweenLooks{100};

struct Language {
  const char* file;  // in the zip, and beside this program
  const char* runtime;
  const char* handler;
  int mode;
};
constexpr Language kPython{"lambda_function.py", "python3.11", "lambda_function.lambda_handler", 0644};
constexpr Language kCpp{"bootstrap", "provided.al2023", "bootstrap", 0755};

const Language& LanguageOf(const FunctionSpec& spec) { return spec.cpp ? kCpp : kPython; }

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return file ? std::move(text).str() : std::string();
}

// Beside this program in a build, in ../lib/stator of an installation.
Result<std::string> ReadCode(const FunctionSpec& spec) {
  std::vector<std::string> places{spec.code};
  if (spec.code.empty()) {
    char self[4096];
    const ssize_t size = readlink("/proc/self/exe", self, sizeof self);
    const std::string path(self, size > 0 ? static_cast<size_t>(size) : 0);
    const std::string folder = path.substr(0, path.rfind('/'));
    places.clear();
    for (const char* place : {"/functions/", "/../lib/stator/functions/"}) {
      places.push_back(folder + place + spec.name + "/" + LanguageOf(spec).file);
    }
  }
  for (const std::string& place : places) {
    std::string code = ReadWhole(place);
    if (!code.empty()) return code;
  }
  return Fail(errors::kFileFailed, places.front(), "there is nothing to read; name the function's file with --code");
}

std::string FunctionPath(const FunctionSpec& spec, const char* rest) {
  return std::string(kFunctions) + "/" + spec.name + rest;
}

std::string RoleOf(const FunctionSpec& spec) {
  return spec.role.empty() ? "arn:aws:iam::000000000000:role/" + spec.name : spec.role;
}

void WriteConfiguration(const FunctionSpec& spec, json::Writer* out) {
  const Language& language = LanguageOf(spec);
  out->Key("Runtime").String(language.runtime).Key("Handler").String(language.handler);
  out->Key("Role").String(RoleOf(spec));
  out->Key("Timeout").Int(spec.timeout_seconds).Key("MemorySize").Int(spec.memory_mb);
  out->Key("Environment").BeginObject().Key("Variables").BeginObject();
  for (const auto& [name, value] : spec.environment) out->Key(name).String(value);
  out->EndObject().EndObject();
}

// Whether the function is configured as this installation would.
Result<bool> Configured(const FunctionSpec& spec, const std::string& present) {
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(present));
  const json::Value environment = root.Find("Environment");
  const bool has_environment = environment.valid() && environment.is_object();
  const json::Value variables = has_environment ? environment.Find("Variables") : json::Value();
  for (const auto& [name, value] : spec.environment) {
    if (!variables.valid() || !variables.is_object() || client::TextOf(variables, name) != value) return false;
  }
  const bool same_role = spec.role.empty() || client::TextOf(root, "Role") == spec.role;
  return same_role && client::TextOf(root, "Runtime") == LanguageOf(spec).runtime &&
         client::TextOf(root, "Handler") == LanguageOf(spec).handler;
}

}  // namespace

std::string PercentEncoded(const std::string& text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      out.append({'%', kDigits[static_cast<uint8_t>(c) >> 4], kDigits[static_cast<uint8_t>(c) & 15]});
    }
  }
  return out;
}

std::string TextIn(const std::string& answer, Bytes name) {
  json::Document document;
  const auto root = document.Parse(answer);
  return root.ok() && root->is_object() ? std::string(client::TextOf(*root, name)) : std::string();
}

Result<std::string> LambdaClient::Call(const char* method, const std::string& path, const std::string& body,
                                       const std::string& query) {
  client::ServiceCall call;
  call.service = "lambda";
  call.method = method;
  call.path = path;
  call.query = query;
  call.content_type = "application/json";
  call.body = body;
  return client_->Call(call);
}

Result<FunctionState> LambdaClient::Ensure(const FunctionSpec& spec) {
  STATOR_TRY(std::string code, ReadCode(spec));
  const std::string zip = MakeZip({{LanguageOf(spec).file, std::move(code), LanguageOf(spec).mode}});
  FunctionState state{"", "kept"};
  const auto present = Call("GET", FunctionPath(spec, "/configuration"));
  if (present.ok()) {
    STATOR_TRY(const bool updated, Update(spec, *present, zip));
    if (updated) state.did = "updated";
  } else if (client::IsRemote(present.error(), "ResourceNotFoundException")) {
    STATOR_OK(Make(spec, zip));
    state.did = "created";
  } else {
    return present.error();
  }
  STATOR_OK(AwaitActive(spec));
  STATOR_TRY(const std::string active, Call("GET", FunctionPath(spec, "/configuration")));
  state.arn = TextIn(active, "FunctionArn");
  return state;
}

Status LambdaClient::Make(const FunctionSpec& spec, const std::string& zip) {
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("FunctionName").String(spec.name).Key("Description").String(spec.description);
  WriteConfiguration(spec, &out);
  out.Key("Code").BeginObject().Key("ZipFile").String(Base64(zip)).EndObject().EndObject();
  STATOR_TRY(const std::string made, Call("POST", kFunctions, body));
  return {};
}

Result<bool> LambdaClient::Update(const FunctionSpec& spec, const std::string& present, const std::string& zip) {
  STATOR_TRY(const bool configured, Configured(spec, present));
  if (!configured) {
    std::string body;
    json::Writer out(&body);
    out.BeginObject();
    WriteConfiguration(spec, &out);
    out.EndObject();
    STATOR_TRY(const std::string done, Call("PUT", FunctionPath(spec, "/configuration"), body));
    STATOR_OK(AwaitActive(spec));
  }
  const bool same_code = TextIn(present, "CodeSha256") == Base64(sigv4::Sha256(zip));
  if (!same_code) {
    std::string body;
    json::Writer(&body).BeginObject().Key("ZipFile").String(Base64(zip)).EndObject();
    STATOR_TRY(const std::string done, Call("PUT", FunctionPath(spec, "/code"), body));
  }
  return !configured || !same_code;
}

Status LambdaClient::AwaitSettled(const std::string& path, const std::string& what,
                                  const std::function<bool(const std::string&)>& settled) {
  const MonotonicTime until =
      MonotonicNow() + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(wait_seconds_));
  while (true) {
    STATOR_TRY(const std::string answer, Call("GET", path));
    if (settled(answer)) return {};
    if (TextIn(answer, "State") == "Failed" || TextIn(answer, "LastUpdateStatus") == "Failed") {
      return Fail(errors::kValidation,
                  what + " failed: " + TextIn(answer, "StateReason") + TextIn(answer, "LastUpdateStatusReason"));
    }
    if (MonotonicNow() >= until) {
      return Fail(errors::kValidation, what + " is still " + TextIn(answer, "State") + " after " +
                                           std::to_string(static_cast<int>(wait_seconds_)) + " seconds");
    }
    client_->Pause(kBetweenLooks);
  }
}

Status LambdaClient::AwaitActive(const FunctionSpec& spec) {
  return AwaitSettled(FunctionPath(spec, "/configuration"), "function " + spec.name, [](const std::string& answer) {
    return TextIn(answer, "State") == "Active" && TextIn(answer, "LastUpdateStatus") != "InProgress";
  });
}

}  // namespace stator::messages
