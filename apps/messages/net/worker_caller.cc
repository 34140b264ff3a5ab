// Clients that wait, on worker threads; each keeps its connection.
#include <mutex>
#include <vector>

#include "base/pause.h"
#include "net/caller.h"

namespace stator::messages {
namespace {

class WorkerCaller final : public Caller {
 public:
  WorkerCaller(client::Target target, Lane& lane, WorkerPool& workers)
      : target_(std::move(target)), lane_(lane), workers_(workers) {}

  Task<Result<std::string>> Call(std::string operation, std::string body) override {
    ToWorker to_worker(workers_);
    co_await to_worker;
    std::unique_ptr<client::Client> client = Take();
    client::ServiceCall call;
    call.target = std::move(operation);
    call.body = body;
    auto answer = client->Call(call);
    Give(std::move(client));
    ToLane to_lane(lane_);
    co_await to_lane;
    co_return answer;
  }

 private:
  std::unique_ptr<client::Client> Take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) {
      client::Effort effort;
      effort.attempts = kAttempts;
      effort.limit = kCallLimit;
      return std::make_unique<client::Client>(target_, client::NewCurlTransport(), std::move(effort));
    }
    std::unique_ptr<client::Client> client = std::move(idle_.back());
    idle_.pop_back();
    return client;
  }
  void Give(std::unique_ptr<client::Client> client) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(client));
  }

  const client::Target target_;
  Lane& lane_;
  WorkerPool& workers_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<client::Client>> idle_;
};

}  // namespace

std::unique_ptr<Caller> NewWorkerCaller(client::Target target, Lane& lane, WorkerPool& workers) {
  return std::make_unique<WorkerCaller>(std::move(target), lane, workers);
}

}  // namespace stator::messages
