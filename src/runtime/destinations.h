// Where the outcome of an invocation goes when nobody waits for it: OnSuccess and OnFailure destinations, dead-letter
// queues, and what event source mappings give up on.
//
// Another function is invoked with the record. Queues, topics and buckets are not part of this server: their records
// are kept as files, one each, for people and tests to read (docs/functions.md, "Destinations").
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "errors/result.h"

namespace stator::runtime {

// Whether a destination's name is one that Deliver knows: the ARN of a function, of an SQS queue, an SNS topic or an S3
// bucket, or file:///absolute/folder.
bool IsDestination(Bytes destination);

// Threads: any.
class Destinations {
 public:
  // Begins an asynchronous invocation; done when it is accepted.
  using InvokeLater =
      std::function<Task<Status>(std::string function_arn, std::string payload, std::string request_id, Lane& lane)>;

  // `folder`: records of queues, topics and buckets go below it, made when the first comes. Borrows the others.
  Destinations(std::string folder, WorkerPool& workers, const Clock& clock);
  // Before the first Deliver.
  void SetInvokeLater(InvokeLater invoke) { invoke_ = std::move(invoke); }

  // Hands one record over. `record` is JSON; `request_id` names it. A queue's or topic's file is
  // FOLDER/<the ARN, ':' and '/' made '-'>/<time>-<id>.json (the time without ':'), a file:// folder's
  // <time>-<id>.json. `key`: where in an S3 bucket the object would lie ("aws/lambda/UUID/shard/..."), kept as folders;
  // empty: as the others. Done when the file is whole, under its name and on disk, or the function's event accepted.
  // Goes on on `lane`. Fails with kDestinationUnknown, kDestinationUnwritable, or what the invocation answers.
  Task<Status> Deliver(std::string destination, std::string record, std::string request_id, std::string key,
                       Lane& lane);

 private:
  std::string PathFor(Bytes destination, Bytes request_id, Bytes key) const;

  const std::string folder_;
  WorkerPool& workers_;
  const Clock& clock_;
  InvokeLater invoke_;
};

}  // namespace stator::runtime
