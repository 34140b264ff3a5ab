#include "services/lambda/describe.h"

#include "sigv4/digest.h"

namespace stator::services::lambda {
namespace {

using functions::Function;
using functions::Shown;

void WriteTexts(Bytes name, const std::vector<std::string>& texts, json::Writer& out) {
  out.Key(name).BeginArray();
  for (const std::string& text : texts) out.String(text);
  out.EndArray();
}

void WriteEnvironment(const Function& function, json::Writer& out) {
  if (function.environment.empty()) return;
  out.Key("Environment").BeginObject().Key("Variables").BeginObject();
  for (const auto& [name, value] : function.environment) out.Key(name).String(value);
  out.EndObject().EndObject();
}

void WriteVpc(const Shown& shown, json::Writer& out) {
  if (!shown.vpc) return;
  out.Key("VpcConfig").BeginObject();
  WriteTexts("SubnetIds", shown.subnets, out);
  WriteTexts("SecurityGroupIds", shown.security_groups, out);
  out.Key("VpcId").String("").EndObject();
}

// A new function or version is Pending, an updated one Active with its update in progress.
void WriteStates(const Function& function, bool changing, json::Writer& out) {
  const bool pending = changing && !function.updated;
  out.Key("State").String(pending ? "Pending" : "Active");
  if (pending) {
    out.Key("StateReason").String("The function is being created.").Key("StateReasonCode").String("Creating");
    return;
  }
  out.Key("LastUpdateStatus").String(changing ? "InProgress" : "Successful");
  if (!changing) return;
  out.Key("LastUpdateStatusReason").String("The function is being created.");
  out.Key("LastUpdateStatusReasonCode").String("Creating");
}

void WriteRuntimeVersion(const Function& function, json::Writer& out) {
  out.Key("RuntimeVersionConfig").BeginObject().Key("RuntimeVersionArn");
  out.String("arn:aws:lambda:" + function.region + "::runtime:" + sigv4::Sha256Hex(function.runtime)).EndObject();
}

void WriteLogging(const Function& function, json::Writer& out) {
  const Shown& shown = function.shown;
  out.Key("LoggingConfig").BeginObject().Key("LogFormat").String(shown.log_format);
  if (!shown.application_log_level.empty()) out.Key("ApplicationLogLevel").String(shown.application_log_level);
  if (!shown.system_log_level.empty()) out.Key("SystemLogLevel").String(shown.system_log_level);
  out.Key("LogGroup").String(function.log_group).EndObject();
}

}  // namespace

std::string LambdaTime(Time time) {
  std::string text = FormatIso(time);
  text.pop_back();
  return text + "+0000";
}

bool IsChanging(const Function& function, Time now) { return now < function.settled; }

const std::string& RevisionAt(const Function& function, Time now) {
  return IsChanging(function, now) ? function.changing_revision_id : function.revision_id;
}

void WriteConfiguration(const Function& function, const Showing& showing, Time now, json::Writer& out) {
  const Shown& shown = function.shown;
  const bool changing = showing.changed || IsChanging(function, now);
  out.BeginObject().Key("FunctionName").String(function.name).Key("FunctionArn").String(showing.arn);
  out.Key("Runtime").String(function.runtime).Key("Role").String(function.role);
  out.Key("Handler").String(function.handler).Key("CodeSize").Int(function.code_size);
  out.Key("Description").String(function.description).Key("Timeout").Int(function.timeout_seconds);
  out.Key("MemorySize").Int(function.memory_mb).Key("LastModified").String(LambdaTime(function.last_modified));
  out.Key("CodeSha256").String(function.code_sha256).Key("Version").String(function.version);
  WriteVpc(shown, out);
  if (!shown.dead_letter.empty()) {
    out.Key("DeadLetterConfig").BeginObject().Key("TargetArn").String(shown.dead_letter).EndObject();
  }
  WriteEnvironment(function, out);
  if (!shown.kms_key.empty()) out.Key("KMSKeyArn").String(shown.kms_key);
  out.Key("TracingConfig").BeginObject().Key("Mode").String(shown.tracing).EndObject();
  out.Key("RevisionId").String(changing ? function.changing_revision_id : function.revision_id);
  if (showing.states) WriteStates(function, changing, out);
  out.Key("PackageType").String("Zip");
  WriteTexts("Architectures", {shown.architecture}, out);
  out.Key("EphemeralStorage").BeginObject().Key("Size").Int(function.ephemeral_mb).EndObject();
  out.Key("SnapStart").BeginObject().Key("ApplyOn").String(shown.snap_start);
  out.Key("OptimizationStatus").String("Off").EndObject();
  if (showing.states) WriteRuntimeVersion(function, out);
  WriteLogging(function, out);
  out.EndObject();
}

std::string Configuration(const Function& function, const Showing& showing, Time now) {
  std::string text;
  json::Writer out(&text);
  WriteConfiguration(function, showing, now, out);
  return text;
}

}  // namespace stator::services::lambda
