#include "functions.h"

#include "client/json_text.h"
#include "client/tables.h"
#include "errors/common.h"
#include "json/value.h"
#include "json/writer.h"
#include "lambda_function.h"

namespace stator::messages {
namespace {

constexpr char kName[] = "messaging-stream";
constexpr char kMappings[] = "/2015-03-31/event-source-mappings/";
// The function looks again itself; this spares the calls, its own writes to the table above all.
constexpr char kFilter[] = R"({"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"MSG#"}]}}}})";

// Of a conversation only the last message of a batch moves it, so that large batches catch up with any backlog. In C++
// several conversations move at once.
constexpr int kCppBatch = 5000;
constexpr int kPythonBatch = 100;

class Installer {
 public:
  Installer(Session& session, const InstallOptions& options, client::Target target)
      : session_(session),
        options_(options),
        cpp_(options.language.empty() ? !session.wish.aws : options.language == "cpp"),
        lambda_(std::move(target), options.wait_seconds) {}

  Status Run();

 private:
  Status FindStream();
  Status MakeFunction();
  Status Map();
  Result<std::string> FindMapping();
  void Report() const;

  Session& session_;
  const InstallOptions& options_;
  const bool cpp_;
  LambdaClient lambda_;
  std::string stream_;
  std::string function_did_;
  std::string mapping_did_ = "kept";
  std::string mapping_;
};

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

Status Installer::MakeFunction() {
  FunctionSpec spec;
  spec.name = kName;
  spec.description = "Moves a conversation to the top of its members' lists";
  spec.cpp = cpp_;
  spec.code = options_.code;
  spec.role = options_.role;
  spec.environment = {{"TABLE_NAME", session_.table}};
  STATOR_TRY(const FunctionState state, lambda_.Ensure(spec));
  function_did_ = state.did;
  return {};
}

// The mapping to the table's present stream; empty: none. Those to earlier streams of the table go.
Result<std::string> Installer::FindMapping() {
  const std::string earlier = stream_.substr(0, stream_.rfind('/') + 1);
  std::string found;
  std::string marker;
  do {
    const std::string query =
        std::string("FunctionName=") + kName + (marker.empty() ? "" : "&Marker=" + PercentEncoded(marker));
    STATOR_TRY(const std::string answer, lambda_.Call("GET", kMappings, "", query));
    json::Document document;
    STATOR_TRY(const json::Value root, document.Parse(answer));
    const json::Value mappings = root.Find("EventSourceMappings");
    if (mappings.valid() && mappings.is_array()) {
      for (const json::Value mapping : mappings.elements()) {
        const Bytes source = client::TextOf(mapping, "EventSourceArn");
        const std::string uuid(client::TextOf(mapping, "UUID"));
        if (source == stream_) found = uuid;
        if (source != stream_ && source.starts_with(earlier)) {
          STATOR_TRY(const std::string deleted, lambda_.Call("DELETE", kMappings + uuid));
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
    out.Key("StartingPosition").String("TRIM_HORIZON").Key("BatchSize").Int(cpp_ ? kCppBatch : kPythonBatch);
    out.Key("FilterCriteria").BeginObject().Key("Filters").BeginArray();
    out.BeginObject().Key("Pattern").String(kFilter).EndObject().EndArray().EndObject().EndObject();
    STATOR_TRY(const std::string made, lambda_.Call("POST", kMappings, body));
    mapping_ = TextIn(made, "UUID");
    mapping_did_ = "created";
  }
  return lambda_.AwaitSettled(kMappings + mapping_, "event source mapping " + mapping_,
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
  STATOR_OK(FindStream());
  STATOR_OK(MakeFunction());
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
