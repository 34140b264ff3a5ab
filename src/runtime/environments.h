// The environments there are, and who may use them: warm ones again, newest first; new ones up to the bounds; those of
// older code no more. Decides and keeps account; runs nothing.
//
// Threads: any; one mutex, held for look-ups only.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/environment.h"

namespace stator::runtime {

class Environments {
 public:
  using Ref = std::shared_ptr<Environment>;
  using Make = std::function<Ref(functions::FunctionRef function, uint64_t fingerprint, Lane& lane)>;
  // Stops one that is in no list any more.
  using Discard = std::function<void(Ref environment)>;

  Environments(const Options& options, int processes, int64_t memory, Make make, Discard discard)
      : options_(options),
        processes_(processes),
        memory_(memory),
        make_(std::move(make)),
        discard_(std::move(discard)) {}

  struct Granted {
    Ref environment;                   // null: refused
    const char* throttle_reason = "";  // of a refusal
    int concurrent = 0;                // invocations of the function now, this one included
  };
  using Grant = Callback<Granted>;

  // Calls `grant`: at once, and gives 0; or when an environment becomes free, on any thread, and gives the number of
  // the wait for GiveUp. An environment on `lane` is preferred.
  uint64_t Acquire(functions::FunctionRef function, uint64_t fingerprint, Lane& lane, Grant grant);
  // Refuses a wait that has lasted too long; nothing happens if it is over.
  void GiveUp(uint64_t ticket);
  // The invocation is over.
  void Release(Ref environment);
  // Discards those idle since before `since`.
  void DiscardIdle(MonotonicTime since);
  // Discards what is idle and grants nothing more. Environments at work are discarded when they are released.
  void Close();
  // Every environment there is.
  std::vector<Ref> All() const;

  struct Figures {
    int environments = 0;
    int busy = 0;
    int waiting = 0;
    int64_t memory = 0;
  };
  Figures figures() const;

 private:
  struct Idle {
    Ref environment;
    MonotonicTime since;
  };
  // One version of one function.
  struct Pool {
    functions::FunctionRef function;  // the newest seen
    std::vector<Idle> idle;           // the last used at the back
    int environments = 0;
  };
  struct Waiting {
    uint64_t ticket;
    functions::FunctionRef function;
    uint64_t fingerprint;
    Lane* lane;
    Grant grant;
  };
  struct Decision {
    Granted granted;
    bool wait = false;
  };

  Decision Decide(const functions::FunctionRef& function, uint64_t fingerprint, Lane& lane);
  Ref TakeIdle(Pool& pool, uint64_t fingerprint, Lane& lane);
  bool MakeRoom();
  Pool& PoolOf(const functions::FunctionRef& function);
  bool Current(const Environment& environment);
  void Drop(const Ref& environment);
  void ServeWaiting(std::vector<std::pair<Grant, Granted>>* served);
  int64_t MemoryInUse() const;

  const Options& options_;
  const int processes_;
  const int64_t memory_;
  const Make make_;
  const Discard discard_;

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Pool> pools_;   // by qualified ARN
  std::unordered_map<std::string, int> busy_of_;  // by ARN: all versions
  std::list<Ref> all_;
  std::deque<Waiting> waiting_;
  std::vector<Ref> dropped_;  // to be discarded outside the mutex
  uint64_t tickets_ = 0;
  int busy_ = 0;
  bool closed_ = false;
};

}  // namespace stator::runtime
