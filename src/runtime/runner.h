// Runs functions: the Invoker of this server.
#pragma once

#include <memory>

#include "runtime/environments.h"
#include "runtime/invoker.h"
#include "runtime/options.h"

namespace stator::runtime {

// Threads: Open, Stop and the destructor from the server's; the rest any.
class Runner final : public Invoker {
 public:
  // Makes the folder functions run in. Borrows clock and sinks. The lanes that invoke must run until Stop has returned.
  static Result<std::unique_ptr<Runner>> Open(Options options, const Clock& clock, logs::LogSink& logs,
                                              metrics::MetricSink& metrics);
  // REQUIRES: stopped, or never invoked.
  ~Runner() override;

  Task<Invoked> Invoke(Invocation invocation, Lane& lane) override;

  // Known when the port is: before the first invocation.
  void SetSurroundings(Surroundings surroundings);

  // Refuses new invocations, ends those under way as if their processes had been killed, and waits until every process
  // is gone. Blocks; the lanes run.
  void Stop();

  // Where environments keep their /tmp; goes with the runner.
  const std::string& folder() const;
  Environments::Figures figures() const;

 private:
  struct Impl;
  explicit Runner(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace stator::runtime
