// What a function is: one version of it, validated and never changed. A change makes a new one; who runs the old keeps
// what it holds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace stator::functions {

// What is kept for the API to show; it changes nothing about how a function runs here. Empty: not given.
struct Shown {
  std::string architecture = "x86_64";
  std::string tracing = "PassThrough";
  std::string dead_letter;  // an ARN; runtime/async_queue.h delivers there
  std::string kms_key;
  std::vector<std::string> subnets, security_groups;
  bool vpc = false;
  std::string log_format = "Text";
  std::string application_log_level, system_log_level;
  std::string snap_start = "None";
  bool operator==(const Shown&) const = default;
};

// One version of a function: $LATEST as it is now, or a published one. notes/lambda.md, sections 1.2 to 1.4.
struct Function {
  std::string name;
  std::string arn;      // arn:aws:lambda:REGION:ACCOUNT:function:NAME, without a qualifier
  std::string version;  // "$LATEST", "1", ...
  std::string region, account;
  std::string runtime;  // "python3.12", "nodejs20.x", "provided.al2023"
  std::string handler;
  std::string role;
  std::string description;
  int timeout_seconds = 3;
  int memory_mb = 128;
  int ephemeral_mb = 512;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string log_group;  // "/aws/lambda/NAME" unless LoggingConfig says otherwise

  // A folder that holds what the zip held and does not change; or, if `hot`, the user's own, whose files are looked at
  // before each invocation: an environment that began with older ones is replaced.
  std::string code_folder;
  bool hot = false;
  std::string code_sha256;  // base64
  int64_t code_size = 0;    // of the zip, bytes
  // Grows with every change of code or configuration: environments of an older generation of $LATEST take no more
  // invocations.
  uint64_t generation = 0;
  std::string revision_id;
  Time last_modified;
  // Until then the API says Pending (a new function or version) or InProgress (an update): the answer to the change
  // always does. `changing_revision_id` is what it showed meanwhile.
  Time settled;
  std::string changing_revision_id;
  bool updated = false;  // it was an update that settled
  Shown shown;
  std::shared_ptr<const void> code_kept;  // the code folder stays as long as somebody holds this

  // Of the function as a whole, as it is now.
  std::optional<int> reserved_concurrency;

  // arn:...:function:NAME:VERSION
  std::string qualified_arn() const { return arn + ":" + version; }
};

using FunctionRef = std::shared_ptr<const Function>;

// Gives the version that a name stands for at this moment: what mappings and invocations resolve with. Threads: any.
class Resolver {
 public:
  virtual ~Resolver() = default;
  // `name`: every form of notes/lambda.md, section 1.2. `qualifier`: empty, $LATEST, a number or an alias; a qualifier
  // within the name counts when this is empty. Null: there is none. An alias with weights picks by chance.
  virtual FunctionRef Resolve(std::string_view name, std::string_view qualifier) const = 0;
};

}  // namespace stator::functions
