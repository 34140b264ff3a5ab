// Which program runs a runtime's functions here.
#pragma once

#include <cstdint>
#include <string>

namespace stator::runtime {

struct Interpreter {
  enum class Kind : uint8_t { kNone, kPython, kNode, kProvided } kind = Kind::kNone;
  std::string path;     // empty for kProvided, and when it is not installed
  std::string version;  // "3.11", "20"
};

// `runtime`: "python3.12", "nodejs20.x", "provided.al2023". Every python3.* runs on the version asked for if the
// system has it (python3.12), or else on its python3; every nodejs* on its node; what the system has not is looked for
// on the PATH. Looks for them once each and may run `--version`: blocks for some milliseconds. Threads: any.
Interpreter FindInterpreter(const std::string& runtime);

// Whether it runs on another version than its name says: for the line that tells so.
bool IsSubstitute(const std::string& runtime, const Interpreter& interpreter);

}  // namespace stator::runtime
