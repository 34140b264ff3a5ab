#include "runtime/variables.h"

#include <map>

#include "base/base64.h"
#include "base/random.h"

namespace stator::runtime {
namespace {

using Map = std::map<std::string, std::string>;

void AddCommon(const functions::Function& function, const Layout& layout, const std::string& log_stream, Map* out) {
  Map& v = *out;
  v["_HANDLER"] = function.handler;
  v["AWS_REGION"] = v["AWS_DEFAULT_REGION"] = function.region;
  v["AWS_LAMBDA_FUNCTION_NAME"] = function.name;
  v["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = std::to_string(function.memory_mb);
  v["AWS_LAMBDA_FUNCTION_VERSION"] = function.version;
  v["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
  v["AWS_LAMBDA_LOG_GROUP_NAME"] = function.log_group;
  v["AWS_LAMBDA_LOG_STREAM_NAME"] = log_stream;
  v["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR";
  v["AWS_XRAY_DAEMON_ADDRESS"] = "127.0.0.1:2000";
  v["_AWS_XRAY_DAEMON_ADDRESS"] = "127.0.0.1";
  v["_AWS_XRAY_DAEMON_PORT"] = "2000";
  v["LAMBDA_TASK_ROOT"] = layout.task_root;
  v["LAMBDA_RUNTIME_DIR"] = layout.runtime_dir;
  v["LANG"] = "en_US.UTF-8";
  v["LD_LIBRARY_PATH"] = layout.task_root + ":" + layout.task_root + "/lib:/opt/lib";
  v["PATH"] = "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin";
  v["TMPDIR"] = layout.temporary;
  v["TZ"] = ":UTC";
}

void AddOfRuntime(const functions::Function& function, const Interpreter& interpreter, const Layout& layout, Map* out) {
  Map& v = *out;
  if (interpreter.kind != Interpreter::Kind::kProvided) v["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + function.runtime;
  if (interpreter.kind == Interpreter::Kind::kPython) {
    v["PYTHONPATH"] = layout.runtime_dir;
    v["LC_CTYPE"] = "C.UTF-8";
    v["PWD"] = layout.task_root;
    v["SHLVL"] = "0";
  }
  if (interpreter.kind == Interpreter::Kind::kNode) {
    v["NODE_PATH"] = "/opt/nodejs/node_modules:" + layout.runtime_dir + "/node_modules:" + layout.runtime_dir + ":" +
                     layout.task_root;
  }
}

// Letters and digits of the base32 alphabet, as access keys have.
std::string KeyLetters(size_t count) {
  std::string letters;
  for (const char c : SecureRandom(count)) letters.push_back("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[c & 31]);
  return letters;
}

}  // namespace

Credentials NewCredentials() {
  return {"ASIA" + KeyLetters(16), Base64(SecureRandom(30)), "IQoJb3JpZ2luX2Vj" + Base64(SecureRandom(270))};
}

std::vector<std::string> VariablesFor(const functions::Function& function, const Interpreter& interpreter,
                                      const Layout& layout, const Credentials& credentials,
                                      const std::string& log_stream, const std::string& runtime_api,
                                      const Surroundings& surroundings) {
  Map variables;
  AddCommon(function, layout, log_stream, &variables);
  AddOfRuntime(function, interpreter, layout, &variables);
  for (auto& [name, value] : VariablesOf(surroundings)) variables[name] = value;
  variables["AWS_ACCESS_KEY_ID"] = credentials.access_key;
  variables["AWS_SECRET_ACCESS_KEY"] = credentials.secret_key;
  variables["AWS_SESSION_TOKEN"] = credentials.session_token;
  for (const auto& [name, value] : function.environment) variables[name] = value;
  variables["AWS_LAMBDA_RUNTIME_API"] = runtime_api;
  std::vector<std::string> out;
  out.reserve(variables.size());
  for (const auto& [name, value] : variables) out.emplace_back(name).append("=").append(value);
  return out;
}

}  // namespace stator::runtime
