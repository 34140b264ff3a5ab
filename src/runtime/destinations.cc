#include "runtime/destinations.h"

#include "base/os/file.h"
#include "base/pause.h"
#include "errors/runtime.h"

namespace stator::runtime {
namespace {

constexpr Bytes kFile = "file://";

bool IsFunction(Bytes destination) {
  return destination.starts_with("arn:") && destination.find(":lambda:") != Bytes::npos &&
         destination.find(":function:") != Bytes::npos;
}

bool IsKept(Bytes destination) {
  if (destination.starts_with(kFile)) {
    const Bytes path = destination.substr(kFile.size());
    return path.size() > 1 && path.front() == '/' && path.find('\0') == Bytes::npos;
  }
  if (!destination.starts_with("arn:")) return false;
  for (const Bytes service : {":sqs:", ":sns:", ":s3:"}) {
    if (destination.find(service) != Bytes::npos) return true;
  }
  return false;
}

// Letters, digits, '.' and '_' as they are, the rest '-': never a path of its own.
std::string Safe(Bytes text) {
  std::string safe(text.substr(0, 200));
  for (char& c : safe) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.';
    if (!plain) c = '-';
  }
  return safe.find_first_not_of('.') == std::string::npos ? "-" : safe;
}

// Each part made safe; the folders stay.
std::string SafePath(Bytes path) {
  std::string safe;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const Bytes part = path.substr(0, slash);
    if (!part.empty()) safe += "/" + Safe(part);
    path = slash == Bytes::npos ? Bytes() : path.substr(slash + 1);
  }
  return safe;
}

}  // namespace

bool IsDestination(Bytes destination) { return IsFunction(destination) || IsKept(destination); }

Destinations::Destinations(std::string folder, WorkerPool& workers, const Clock& clock)
    : folder_(std::move(folder)), workers_(workers), clock_(clock) {}

std::string Destinations::PathFor(Bytes destination, Bytes request_id, Bytes key) const {
  std::string path;
  if (destination.starts_with(kFile)) {
    path = std::string(destination.substr(kFile.size()));
  } else {
    path = folder_ + "/" + Safe(destination);
  }
  if (!key.empty()) return path + SafePath(key);
  return path + "/" + Safe(FormatIso(clock_.Now())) + "-" + Safe(request_id) + ".json";
}

Task<Status> Destinations::Deliver(std::string destination, std::string record, std::string request_id, std::string key,
                                   Lane& lane) {
  if (IsFunction(destination) && invoke_) {
    auto accepted = invoke_(destination, std::move(record), std::move(request_id), lane);
    Status status = co_await accepted;
    co_return status;
  }
  if (!IsKept(destination)) co_return Fail(errors::kDestinationUnknown, destination);
  const std::string path = PathFor(destination, request_id, key);
  co_await ToWorker(workers_);
  const std::string problem = WriteDurably(path, record + "\n", 0644);
  co_await ToLane(lane);
  if (!problem.empty()) co_return Fail(errors::kDestinationUnwritable, destination, problem);
  co_return Status();
}

}  // namespace stator::runtime
