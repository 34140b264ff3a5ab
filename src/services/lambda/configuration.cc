#include "services/lambda/configuration.h"

#include <algorithm>
#include <iterator>

#include "errors/functions.h"
#include "services/lambda/lookup.h"

namespace stator::services::lambda {
namespace {

using functions::Function;
using functions::Shown;

constexpr size_t kEnvironmentBytes = 4096;
constexpr Bytes kHotBucket = "hot-reload";

// What is run here: by the interpreters of this machine, or as it is.
constexpr std::string_view kRuntimes[] = {"nodejs20.x", "provided.al2023", "python3.12", "python3.13", "nodejs22.x",
                                          "nodejs24.x", "python3.14",      "nodejs16.x", "python3.10", "python3.11",
                                          "nodejs18.x", "provided.al2",    "python3.8",  "python3.9",  "provided",
                                          "nodejs14.x", "nodejs12.x",      "python3.7",  "python3.6"};

// What the environment of a function sets itself: notes/lambda.md, section 4.3. AWS_LAMBDA_ is reserved as a whole but
// for the wrapper.
constexpr std::string_view kReserved[] = {"_HANDLER",          "_X_AMZN_TRACE_ID",      "AWS_DEFAULT_REGION",
                                          "AWS_REGION",        "AWS_EXECUTION_ENV",     "AWS_ACCESS_KEY",
                                          "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
                                          "LAMBDA_TASK_ROOT",  "LAMBDA_RUNTIME_DIR"};

bool IsReserved(Bytes name) {
  if (name.starts_with("AWS_LAMBDA_")) return name != "AWS_LAMBDA_EXEC_WRAPPER";
  return std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
}

Status CheckRuntime(Bytes runtime) {
  if (std::find(std::begin(kRuntimes), std::end(kRuntimes), runtime) != std::end(kRuntimes)) return {};
  std::string set;
  for (const std::string_view known : kRuntimes) set.append(set.empty() ? "" : ", ").append(known);
  return Fail(errors::kRuntimeUnknown, runtime, set);
}

Status ReadEnvironment(json::Value environment, Function* function) {
  function->environment.clear();
  const json::Value variables = json::Given(environment, "Variables");
  if (!variables.valid()) return {};
  std::string measured;
  std::string reserved;
  json::Writer out(&measured);
  out.BeginObject();
  for (const json::Member member : variables.members()) {
    out.Key(member.name).String(member.value.text());
    if (IsReserved(member.name)) reserved.append(reserved.empty() ? "" : ", ").append(member.name);
    function->environment.emplace_back(member.name, member.value.text());
  }
  out.EndObject();
  if (measured.size() > kEnvironmentBytes) return Fail(errors::kEnvironmentTooLarge, measured);
  if (!reserved.empty()) return Fail(errors::kEnvironmentReserved, reserved);
  return {};
}

// No layer can be published here, so none is there.
Status CheckLayers(json::Value layers) {
  if (!layers.valid() || layers.size() == 0) return {};
  return Fail(errors::kLayerMissing, (*layers.elements().begin()).text());
}

std::vector<std::string> Texts(json::Value object, Bytes name) {
  std::vector<std::string> texts;
  const json::Value list = json::Given(object, name);
  if (!list.valid()) return texts;
  for (const json::Value element : list.elements()) texts.emplace_back(element.text());
  return texts;
}

void Take(json::Value body, Bytes name, std::string* to) {
  const json::Value value = json::Given(body, name);
  if (value.valid()) *to = value.text();
}
void Take(json::Value body, Bytes name, int* to) { *to = NumberOf(body, name).value_or(*to); }

void ReadLogging(json::Value logging, Function* function) {
  Shown& shown = function->shown;
  Take(logging, "LogFormat", &shown.log_format);
  Take(logging, "LogGroup", &function->log_group);
  const bool text = shown.log_format == "Text";
  shown.application_log_level = text ? "" : "INFO";
  shown.system_log_level = text ? "" : "INFO";
  Take(logging, "ApplicationLogLevel", &shown.application_log_level);
  Take(logging, "SystemLogLevel", &shown.system_log_level);
}

void ReadShown(json::Value body, Function* function) {
  Shown& shown = function->shown;
  if (const json::Value vpc = json::Given(body, "VpcConfig"); vpc.valid()) {
    shown.subnets = Texts(vpc, "SubnetIds");
    shown.security_groups = Texts(vpc, "SecurityGroupIds");
    shown.vpc = !shown.subnets.empty() || !shown.security_groups.empty();
  }
  if (const json::Value letters = json::Given(body, "DeadLetterConfig"); letters.valid()) {
    shown.dead_letter = TextOf(letters, "TargetArn");
  }
  if (const json::Value tracing = json::Given(body, "TracingConfig"); tracing.valid()) {
    Take(tracing, "Mode", &shown.tracing);
  }
  if (const json::Value snap = json::Given(body, "SnapStart"); snap.valid()) Take(snap, "ApplyOn", &shown.snap_start);
  Take(body, "KMSKeyArn", &shown.kms_key);
  if (const auto architectures = Texts(body, "Architectures"); !architectures.empty()) {
    shown.architecture = architectures.front();
  }
  if (const json::Value logging = json::Given(body, "LoggingConfig"); logging.valid()) ReadLogging(logging, function);
}

}  // namespace

Status ReadConfiguration(json::Value body, Function* function) {
  if (const json::Value environment = json::Given(body, "Environment"); environment.valid()) {
    STATOR_OK(ReadEnvironment(environment, function));
  }
  STATOR_OK(CheckLayers(json::Given(body, "Layers")));
  if (const Bytes runtime = TextOf(body, "Runtime"); !runtime.empty()) STATOR_OK(CheckRuntime(runtime));
  Take(body, "Runtime", &function->runtime);
  Take(body, "Handler", &function->handler);
  Take(body, "Role", &function->role);
  Take(body, "Description", &function->description);
  Take(body, "Timeout", &function->timeout_seconds);
  Take(body, "MemorySize", &function->memory_mb);
  if (const json::Value storage = json::Given(body, "EphemeralStorage"); storage.valid()) {
    Take(storage, "Size", &function->ephemeral_mb);
  }
  ReadShown(body, function);
  return {};
}

Task<Result<functions::Code>> ReadCode(Needs needs, std::string name, json::Value source, Bytes blob, Lane& lane) {
  using functions::Code;
  const bool zip = json::Given(source, "ZipFile").valid();
  const Bytes bucket = TextOf(source, "S3Bucket");
  if (!TextOf(source, "ImageUri").empty()) co_return Result<Code>(Fail(errors::kImagesNotServed));
  if (zip) {
    Result<Code> code = co_await needs.functions.Unpack(std::move(name), blob, lane);
    co_return code;
  }
  if (bucket.empty()) co_return Result<Code>(Fail(errors::kCodeSourceMissing));
  if (bucket != kHotBucket) co_return Result<Code>(Fail(errors::kCodeBucketMissing));
  std::string path(TextOf(source, "S3Key"));
  Result<Code> code = co_await needs.functions.UseFolder(std::move(path), lane);
  co_return code;
}

void UseCode(const functions::Code& code, Function* function) {
  function->code_folder = code.folder;
  function->code_sha256 = code.sha256;
  function->code_size = code.size;
  function->hot = code.hot;
  function->code_kept = code.kept;
}

}  // namespace stator::services::lambda
