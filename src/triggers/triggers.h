// The event source mappings there are: kept as records, run in the background, changed one at a time.
//
// Every change is committed before it is answered and answered with the state on the way (Creating, Updating, ...); the
// workers follow in the background. Position LATEST is fixed before Create is acknowledged: no change after it is
// missed. Source: notes/lambda.md, section 2.
//
// Threads: Find and List from any; changes are tasks on any lane.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/lane.h"
#include "base/task.h"
#include "errors/result.h"
#include "triggers/mapping.h"
#include "triggers/ports.h"

namespace stator::triggers {

enum class State : uint8_t { kCreating, kEnabling, kEnabled, kDisabling, kDisabled, kUpdating, kDeleting };
Bytes NameOf(State);       // "Creating"
Bytes NameOf(LastResult);  // "No records processed"

// A mapping as Get shows it.
struct MappingView {
  MappingRef mapping;
  State state = State::kCreating;
  LastResult last_result = LastResult::kNone;
};

class Triggers {
 public:
  // Reads the mappings of the store. Borrows what the ports name.
  static Result<std::unique_ptr<Triggers>> Open(const Ports& ports, const Options& options);
  ~Triggers();

  // The lanes need not run yet. Streams and functions are ready.
  void Start(Lanes& lanes);
  // Ends after the calls that are under way, or `grace`; blocks, so not on a lane. The lanes still run.
  void Stop(Duration grace);

  // A copy without `uuid`, which is made here; `start` is set here, too. Fails with kFilterPatternInvalid,
  // kFiltersTooMany, kMappingExists (the stream calls that function already).
  Task<Result<MappingView>> Create(Mapping mapping, Lane& lane);
  // Fails with kMappingNotFound, and as Create does.
  using Change = std::function<Status(Mapping*)>;
  Task<Result<MappingView>> Update(std::string uuid, Change change, Lane& lane);
  Task<Result<MappingView>> Delete(std::string uuid, Lane& lane);

  // For tests.
  Task<Status> RemoveAll(Lane& lane);

  // Fails with kMappingNotFound.
  Result<MappingView> Find(Bytes uuid) const;
  // By UUID, UUIDs > `after`; those that are wanted.
  using Wanted = std::function<bool(const Mapping&)>;
  std::vector<MappingView> List(const Wanted& wanted, Bytes after, size_t limit) const;

 private:
  class Impl;
  explicit Triggers(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::triggers
