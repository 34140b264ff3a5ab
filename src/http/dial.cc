#include "http/dial.h"

#include <algorithm>

#include "base/pause.h"

namespace stator::http {
namespace {

constexpr int kNameThreads = 2;
constexpr int kMostWaiting = 64;  // names to be resolved; more: kBusy
constexpr size_t kMostAddresses = 4;

// `co_await Connecting(...)`: until a socket that connects has done so or failed, or the time is over (false).
class Connecting final : private Poller::Watcher, private TimerWheel::Timer {
 public:
  Connecting(Socket& socket, Lane& lane, Duration limit) : socket_(socket), lane_(lane), limit_(limit) {}

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> task) {
    task_ = task;
    if (!lane_.poller().Watch(socket_.fd(), *this)) return false;
    lane_.timers().Arm(*this, MonotonicNow() + limit_);
    return true;
  }
  bool await_resume() const noexcept { return ended_; }

 private:
  void OnReady(Poller::Ready ready) override {
    if (ready.writable || ready.ended) End(true);
  }
  void OnTimer() override { End(false); }
  // The task may destroy this.
  void End(bool ended) {
    ended_ = ended;
    lane_.poller().Forget(socket_.fd(), *this);
    lane_.timers().Disarm(*this);
    task_.resume();
  }

  Socket& socket_;
  Lane& lane_;
  const Duration limit_;
  bool ended_ = false;
  std::coroutine_handle<> task_;
};

Bytes WithoutBrackets(Bytes host) { return host.starts_with('[') ? host.substr(1, host.size() - 2) : host; }

bool IsAddress(Bytes host) {
  return host.find(':') != Bytes::npos ||
         std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

}  // namespace

WorkerPool& Dialer::Names() {
  std::call_once(begun_, [this] { names_ = std::make_unique<WorkerPool>(kNameThreads); });
  return *names_;
}

Task<std::vector<std::string>> Dialer::Resolve(std::string host, Lane& lane) {
  ToWorker to_worker(Names());
  co_await to_worker;
  std::vector<std::string> addresses = ResolveHost(host);
  ToLane to_lane(lane);
  co_await to_lane;
  co_return addresses;
}

Task<Dialed> Dialer::Dial(std::string host, int port, Lane& lane, Duration limit) {
  const std::string name(WithoutBrackets(host));
  std::vector<std::string> addresses;
  if (IsAddress(name)) {
    addresses.push_back(name);
  } else if (waiting_.fetch_add(1) < kMostWaiting) {
    addresses = co_await Resolve(name, lane);
    waiting_.fetch_sub(1);
  } else {
    waiting_.fetch_sub(1);
    co_return Dialed{Dialed::Outcome::kBusy, {}, {}};
  }
  Dialed dialed;
  if (addresses.empty()) dialed.outcome = Dialed::Outcome::kUnknownHost;
  if (addresses.size() > kMostAddresses) addresses.resize(kMostAddresses);
  for (const std::string& address : addresses) {
    dialed.outcome = Dialed::Outcome::kFailed;
    dialed.socket = BeginConnect(address, port);
    dialed.reason = "no route";
    if (!dialed.socket.open()) continue;
    Connecting connecting(dialed.socket, lane, limit);
    const bool ended = co_await connecting;
    dialed.reason = dialed.socket.ConnectFailure();
    if (ended && dialed.reason.empty()) {
      dialed.outcome = Dialed::Outcome::kDone;
      co_return dialed;
    }
    if (!ended) dialed.outcome = Dialed::Outcome::kTimeout;
  }
  co_return dialed;
}

}  // namespace stator::http
