#include "functions.h"

#include <unistd.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "base/base64.h"
#include "client/json_text.h"
#include "client/tables.h"
#include "errors/client.h"
#include "errors/common.h"
#include "json/value.h"
#include "json/writer.h"
#include "sigv4/digest.h"
#include "zip.h"

namespace stator::messages {
namespace {

constexpr char kName[] = "messaging-stream";
constexpr char kFunctions[] = "/2015-03-31/functions";
constexpr char kMappings[] = "/2015-03-31/event-source-mappings/";
constexpr char kAnyRole[] = "arn:aws:iam::000000000000:role/messaging-stream";
// The function looks again itself; this spares the calls, its own writes to the table above all.
constexpr char kFilter[] = R"({"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"MSG#"}]}}}})";
constexpr int kTimeoutSeconds = 60;
constexpr int kMemoryMb = 256;
constexpr std::chrono::milliseconds kBetweenLooks{100};

struct Language {
  const char* file;  // in the zip, and beside this program
  const char* runtime;
  const char* handler;
  int mode;
};
constexpr Language kPython{"lambda_function.py", "python3.11", "lambda_function.lambda_handler", 0644};
constexpr Language kCpp{"bootstrap", "provided.al2023", "bootstrap", 0755};

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return file ? std::move(text).str() : std::string();
}

// Beside this program in a build, in ../lib/stator of an installation.
Result<std::string> ReadCode(const InstallOptions& options, const Language& language) {
  std::vector<std::string> places{options.code};
  if (options.code.empty()) {
    char self[4096];
    const ssize_t size = readlink("/proc/self/exe", self, sizeof self);
    const std::string path(self, size > 0 ? static_cast<size_t>(size) : 0);
    const std::string folder = path.substr(0, path.rfind('/'));
    places.clear();
    for (const char* place : {"/functions/", "/../lib/stator/functions/"}) {
      places.push_back(folder + place + kName + "/" + language.file);
    }
  }
  for (const std::string& place : places) {
    std::string code = ReadWhole(place);
    if (!code.empty()) return code;
  }
  return Fail(errors::kFileFailed, places.front(), "there is nothing to read; name the function's file with --code");
}

// For a query string.
std::string Encoded(const std::string& text) {
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

// One member's text of a JSON answer; empty if it has none.
std::string TextIn(const std::string& answer, Bytes name) {
  json::Document document;
  const auto root = document.Parse(answer);
  return root.ok() && root->is_object() ? std::string(client::TextOf(*root, name)) : std::string();
}

class Installer {
 public:
  Installer(Session& session, const InstallOptions& options, client::Target lambda)
      : session_(session),
        options_(options),
        cpp_(options.language.empty() ? !session.wish.aws : options.language == "cpp"),
        language_(cpp_ ? kCpp : kPython),
        lambda_(std::move(lambda)) {}

  Status Run();

 private:
  Result<std::string> Call(const char* method, const std::string& path, const std::string& body = "",
                           const std::string& query = "");
  std::string FunctionPath(const char* rest) const { return std::string(kFunctions) + "/" + kName + rest; }

  Status FindStream();
  Status MakeFunction(const std::string& zip);
  Status UpdateFunction(const std::string& present, const std::string& zip);
  Result<bool> Configured(const std::string& present) const;
  void WriteConfiguration(json::Writer* out) const;
  // Looks until `settled` says true of the answer.
  Status AwaitSettled(const std::string& path, const std::string& what,
                      const std::function<bool(const std::string& answer)>& settled);
  Status AwaitFunction();
  Status Map();
  Result<std::string> FindMapping();
  void Report() const;

  Session& session_;
  const InstallOptions& options_;
  const bool cpp_;
  const Language language_;
  client::Client lambda_;
  std::string stream_;
  std::string function_did_ = "kept";
  std::string mapping_did_ = "kept";
  std::string mapping_;
};

Result<std::string> Installer::Call(const char* method, const std::string& path, const std::string& body,
                                    const std::string& query) {
  client::ServiceCall call;
  call.service = "lambda";
  call.method = method;
  call.path = path;
  call.query = query;
  call.content_type = "application/json";
  call.body = body;
  return lambda_.Call(call);
}

Status Installer::FindStream() {
  STATOR_TRY(const std::string description, client::DescribeTable(*session_.client, session_.table));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(description));
  const json::Value table = root.Find("Table");
  if (table.valid() && table.is_object()) stream_ = client::TextOf(table, "LatestStreamArn");
  if (!stream_.empty()) return {};
  return Fail(errors::kValidation, "table " + session_.table +
                                       " has no stream; make it anew with `cruddur ddb drop` and `cruddur ddb "
                                       "schema-load`, or enable its stream with NEW_IMAGE");
}

void Installer::WriteConfiguration(json::Writer* out) const {
  out->Key("Runtime").String(language_.runtime).Key("Handler").String(language_.handler);
  out->Key("Role").String(options_.role.empty() ? kAnyRole : options_.role);
  out->Key("Timeout").Int(kTimeoutSeconds).Key("MemorySize").Int(kMemoryMb);
  out->Key("Environment").BeginObject().Key("Variables").BeginObject();
  out->Key("TABLE_NAME").String(session_.table).EndObject().EndObject();
}

Status Installer::MakeFunction(const std::string& zip) {
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("FunctionName").String(kName);
  out.Key("Description").String("Moves a conversation to the top of its members' lists");
  WriteConfiguration(&out);
  out.Key("Code").BeginObject().Key("ZipFile").String(Base64(zip)).EndObject().EndObject();
  STATOR_TRY(const std::string made, Call("POST", kFunctions, body));
  function_did_ = "created";
  return {};
}

// Whether the function is configured as this installation would.
Result<bool> Installer::Configured(const std::string& present) const {
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(present));
  const json::Value environment = root.Find("Environment");
  const bool has_environment = environment.valid() && environment.is_object();
  const json::Value variables = has_environment ? environment.Find("Variables") : json::Value();
  const bool same_table =
      variables.valid() && variables.is_object() && client::TextOf(variables, "TABLE_NAME") == session_.table;
  const bool same_role = options_.role.empty() || client::TextOf(root, "Role") == options_.role;
  return same_table && same_role && client::TextOf(root, "Runtime") == language_.runtime &&
         client::TextOf(root, "Handler") == language_.handler;
}

Status Installer::UpdateFunction(const std::string& present, const std::string& zip) {
  STATOR_TRY(const bool configured, Configured(present));
  if (!configured) {
    std::string body;
    json::Writer out(&body);
    out.BeginObject();
    WriteConfiguration(&out);
    out.EndObject();
    STATOR_TRY(const std::string done, Call("PUT", FunctionPath("/configuration"), body));
    function_did_ = "updated";
    STATOR_OK(AwaitFunction());
  }
  if (TextIn(present, "CodeSha256") != Base64(sigv4::Sha256(zip))) {
    std::string body;
    json::Writer(&body).BeginObject().Key("ZipFile").String(Base64(zip)).EndObject();
    STATOR_TRY(const std::string done, Call("PUT", FunctionPath("/code"), body));
    function_did_ = "updated";
  }
  return {};
}

Status Installer::AwaitSettled(const std::string& path, const std::string& what,
                               const std::function<bool(const std::string&)>& settled) {
  const MonotonicTime until =
      MonotonicNow() + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(options_.wait_seconds));
  while (true) {
    STATOR_TRY(const std::string answer, Call("GET", path));
    if (settled(answer)) return {};
    if (TextIn(answer, "State") == "Failed" || TextIn(answer, "LastUpdateStatus") == "Failed") {
      return Fail(errors::kValidation,
                  what + " failed: " + TextIn(answer, "StateReason") + TextIn(answer, "LastUpdateStatusReason"));
    }
    if (MonotonicNow() >= until) {
      return Fail(errors::kValidation, what + " is still " + TextIn(answer, "State") + " after " +
                                           std::to_string(static_cast<int>(options_.wait_seconds)) + " seconds");
    }
    lambda_.Pause(kBetweenLooks);
  }
}

Status Installer::AwaitFunction() {
  return AwaitSettled(FunctionPath("/configuration"), std::string("function ") + kName, [](const std::string& answer) {
    return TextIn(answer, "State") == "Active" && TextIn(answer, "LastUpdateStatus") != "InProgress";
  });
}

// The mapping to the table's present stream; empty: none. Those to earlier streams of the table go.
Result<std::string> Installer::FindMapping() {
  const std::string earlier = stream_.substr(0, stream_.rfind('/') + 1);
  std::string found;
  std::string marker;
  do {
    const std::string query =
        std::string("FunctionName=") + kName + (marker.empty() ? "" : "&Marker=" + Encoded(marker));
    STATOR_TRY(const std::string answer, Call("GET", kMappings, "", query));
    json::Document document;
    STATOR_TRY(const json::Value root, document.Parse(answer));
    const json::Value mappings = root.Find("EventSourceMappings");
    if (mappings.valid() && mappings.is_array()) {
      for (const json::Value mapping : mappings.elements()) {
        const Bytes source = client::TextOf(mapping, "EventSourceArn");
        const std::string uuid(client::TextOf(mapping, "UUID"));
        if (source == stream_) found = uuid;
        if (source != stream_ && source.starts_with(earlier)) {
          STATOR_TRY(const std::string deleted, Call("DELETE", kMappings + uuid));
        }
      }
    }
    marker = client::TextOf(root, "NextMarker");
  } while (!marker.empty());
  return found;
}

Status Installer::Map() {
  STATOR_TRY(mapping_, FindMapping());
  if (mapping_.empty()) {
    std::string body;
    json::Writer out(&body);
    out.BeginObject().Key("FunctionName").String(kName).Key("EventSourceArn").String(stream_);
    // What was written before the mapping is heeded too: it changes nothing that is right already.
    out.Key("StartingPosition").String("TRIM_HORIZON").Key("BatchSize").Int(100);
    out.Key("FilterCriteria").BeginObject().Key("Filters").BeginArray();
    out.BeginObject().Key("Pattern").String(kFilter).EndObject().EndArray().EndObject().EndObject();
    STATOR_TRY(const std::string made, Call("POST", kMappings, body));
    mapping_ = TextIn(made, "UUID");
    mapping_did_ = "created";
  }
  return AwaitSettled(kMappings + mapping_, "event source mapping " + mapping_,
                      [](const std::string& answer) { return TextIn(answer, "State") == "Enabled"; });
}

void Installer::Report() const {
  std::string text;
  if (session_.json) {
    json::Writer out(&text);
    out.BeginObject().Key("FunctionName").String(kName).Key("function").String(function_did_);
    out.Key("EventSourceArn").String(stream_).Key("UUID").String(mapping_).Key("mapping").String(mapping_did_);
    out.EndObject();
    text.push_back('\n');
  } else {
    text = function_did_ + " function " + kName + " (" + (cpp_ ? "cpp" : "python") + ")\n" + mapping_did_ +
           " its mapping to " + stream_ + "\n";
  }
  Print(text);
}

Status Installer::Run() {
  STATOR_TRY(std::string code, ReadCode(options_, language_));
  const std::string zip = MakeZip({{language_.file, std::move(code), language_.mode}});
  STATOR_OK(FindStream());
  const auto present = Call("GET", FunctionPath("/configuration"));
  if (present.ok()) {
    STATOR_OK(UpdateFunction(*present, zip));
  } else if (client::IsRemote(present.error(), "ResourceNotFoundException")) {
    STATOR_OK(MakeFunction(zip));
  } else {
    return present.error();
  }
  STATOR_OK(AwaitFunction());
  STATOR_OK(Map());
  Report();
  return {};
}

}  // namespace

Status InstallFunction(Session& session, const InstallOptions& options) {
  client::Wish wish = session.wish;
  wish.service = "lambda";
  STATOR_TRY(client::Target target, client::Connect(wish, session.around));
  return Installer(session, options, std::move(target)).Run();
}

}  // namespace stator::messages
