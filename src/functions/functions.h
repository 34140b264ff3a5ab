// The functions there are, and where their code lies. Keeps every Entry in memory and as records in space 0, and is the
// only way one changes: a change is made of the newest entry, committed and published, in turn.
//
// Code lies in folders of its own below Options::folder. It is in place and on disk before the record that names it is
// committed; what no record names is removed at start. A folder goes when no version uses it and nobody holds a
// FunctionRef to it.
//
// Threads: reading from any thread, without waiting; changes are tasks on any lane.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "functions/entry.h"
#include "functions/function.h"

namespace stator::functions {

struct Options {
  std::string folder;       // for code; made when missing. Empty: a temporary one, removed at the end
  Duration state_delay{0};  // how long Pending and InProgress last; zero: the answer says so, the next request not
};

// Code that is ready to be named by a version.
struct Code {
  std::string folder;
  std::string sha256;  // base64, of the zip
  int64_t size = 0;    // of the zip, bytes
  bool hot = false;
  std::shared_ptr<const void> kept;
};

class Functions : public Resolver {
 public:
  // Reads the functions of the store. Blocks; borrows the others.
  static Result<std::unique_ptr<Functions>> Open(engine::Engine& engine, const Clock& clock, WorkerPool& workers,
                                                 Options options);
  ~Functions() override;

  FunctionRef Resolve(std::string_view name, std::string_view qualifier) const override;
  // By bare name; null if there is none.
  EntryRef Find(Bytes name) const;
  // In name order, names > `after`.
  std::vector<EntryRef> List(Bytes after, size_t limit) const;
  size_t size() const;
  // Bytes of all zips that versions use, and reserved concurrency, all together: for GetAccountSettings.
  int64_t CodeBytes() const;
  int ReservedConcurrency() const;

  // Unpacks a zip: its bytes in base64, as a request carries them. The zip is checked before its contents are written;
  // nothing but this folder is touched. Fails with the texts of notes/lambda.md, section 1.3. The bytes must live until
  // the task is done.
  Task<Result<Code>> Unpack(std::string name, Bytes base64, Lane& lane);
  // The zip's bytes again. Fails when the code is a folder of the user's, or gone.
  Task<Result<std::string>> ReadZip(FunctionRef function, Lane& lane);
  // Code in a folder of the user's, for hot reload. Fails if there is no such folder. May block for a moment.
  Task<Result<Code>> UseFolder(std::string path, Lane& lane);

  // Adds a function: ResourceConflictException if the name is taken.
  Task<Result<EntryRef>> Create(Entry entry, Lane& lane);
  // Replaces an entry by what `change` makes of the newest; null if the function is gone. `change` may run again.
  using Change = std::function<Result<Entry>(const Entry&)>;
  Task<Result<EntryRef>> Update(std::string name, Change change, Lane& lane);
  // False: there was none.
  Task<Result<bool>> Remove(std::string name, Lane& lane);
  // For tests.
  Task<Status> RemoveAll(Lane& lane);

  // What a change stamps a version with: the time it settles, revision ids, the next generation.
  void Stamp(Function* function, bool update) const;

 private:
  struct Impl;
  explicit Functions(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::functions
