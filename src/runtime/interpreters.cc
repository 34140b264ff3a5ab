#include "runtime/interpreters.h"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <vector>

#include "base/bytes.h"
#include "base/os/process.h"

namespace stator::runtime {
namespace {

namespace fs = std::filesystem;

// Where the system's own are. The PATH comes after: shims of version managers answer slowly and have none of the
// modules that are installed with the system's.
const std::vector<std::string> kSystem{"/usr/bin", "/usr/local/bin", "/bin"};

std::vector<std::string> OnPath() {
  std::vector<std::string> places;
  const char* path = std::getenv("PATH");
  Bytes rest = path ? path : "";
  while (!rest.empty()) {
    const size_t end = rest.find(':');
    if (end != 0) places.emplace_back(rest.substr(0, end));
    rest = end == Bytes::npos ? Bytes() : rest.substr(end + 1);
  }
  return places;
}

std::string OutputOf(const std::string& program, const std::string& argument) {
  Pipe pipe = MakePipe();
  SpawnRequest request;
  request.program = program;
  request.arguments = {program, argument};
  request.environment = {"PATH=/usr/local/bin:/usr/bin:/bin"};
  request.folder = "/";
  request.output = pipe.writing.fd();
  Spawned spawned = Spawn(request);
  if (!spawned.ok) return "";
  const ExitStatus status = spawned.process.WaitAndReap();
  char text[256];
  const PipeRead read = ReadPipe(pipe.reading, text, sizeof text);
  return status.by_signal || status.code != 0 ? "" : std::string(text, read.bytes);
}

// The first `numbers` of a version: "Python 3.11.2" is "3.11", "v20.20.2" is "20".
std::string VersionIn(const std::string& text, int numbers) {
  const size_t at = text.find_first_of("0123456789");
  if (at == std::string::npos) return "";
  size_t end = at;
  for (; end < text.size(); ++end) {
    if (text[end] == '.' && --numbers == 0) break;
    if (text[end] != '.' && (text[end] < '0' || text[end] > '9')) break;
  }
  return text.substr(at, end - at);
}

// The first of that name that runs. False: there is none.
bool FindIn(const std::vector<std::string>& places, const std::string& name, int version_numbers, Interpreter* found) {
  for (const std::string& place : places) {
    const std::string path = place + "/" + name;
    std::error_code error;
    if (!fs::is_regular_file(path, error)) continue;
    found->version = VersionIn(OutputOf(path, "--version"), version_numbers);
    if (found->version.empty()) continue;
    found->path = path;
    return true;
  }
  return false;
}

void Find(const std::vector<std::string>& names, int version_numbers, Interpreter* found) {
  for (const auto& places : {kSystem, OnPath()}) {
    for (const std::string& name : names) {
      if (FindIn(places, name, version_numbers, found)) return;
    }
  }
}

Interpreter Look(const std::string& runtime) {
  Interpreter found;
  if (runtime.starts_with("provided")) {
    found.kind = Interpreter::Kind::kProvided;
  } else if (runtime.starts_with("python3")) {
    found.kind = Interpreter::Kind::kPython;
    Find({runtime, "python3"}, 2, &found);
  } else if (runtime.starts_with("nodejs")) {
    found.kind = Interpreter::Kind::kNode;
    Find({"node"}, 1, &found);
  }
  return found;
}

}  // namespace

Interpreter FindInterpreter(const std::string& runtime) {
  static std::mutex mutex;
  static std::map<std::string, Interpreter> known;
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(runtime); found != known.end()) return found->second;
  Interpreter looked = Look(runtime);
  // What is not installed yet may be when it is asked for again; names are the catalog's, but do not keep many.
  if ((!looked.path.empty() || looked.kind == Interpreter::Kind::kProvided) && known.size() < 64)
    known[runtime] = looked;
  return looked;
}

bool IsSubstitute(const std::string& runtime, const Interpreter& interpreter) {
  if (interpreter.version.empty()) return false;
  const size_t digit = runtime.find_first_of("0123456789");
  std::string asked = digit == std::string::npos ? "" : runtime.substr(digit);
  if (asked.ends_with(".x")) asked.resize(asked.size() - 2);
  return asked != interpreter.version;
}

}  // namespace stator::runtime
