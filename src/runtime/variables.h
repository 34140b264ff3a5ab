// The environment variables of a function's process. notes/lambda.md, section 4.3.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "functions/function.h"
#include "runtime/interpreters.h"
#include "runtime/surroundings.h"

namespace stator::runtime {

// Where things lie for one environment, as its process sees them.
struct Layout {
  std::string task_root;    // the function's code
  std::string runtime_dir;  // the bootstraps
  std::string temporary;    // its own /tmp
};

// Temporary credentials of the function's role, as they look on AWS.
struct Credentials {
  std::string access_key, secret_key, session_token;
};
Credentials NewCredentials();

// "NAME=value". What the function's configuration says wins over ours; AWS refuses the reserved names at creation.
std::vector<std::string> VariablesFor(const functions::Function& function, const Interpreter& interpreter,
                                      const Layout& layout, const Credentials& credentials,
                                      const std::string& log_stream, const std::string& runtime_api,
                                      const Surroundings& surroundings);

}  // namespace stator::runtime
