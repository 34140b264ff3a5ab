// One process of a function, from its start to its end: its output, its exit, and the Runtime API it speaks
// (notes/lambda.md, section 4.1). What the calls mean is the user's; what is allowed when is decided here.
//
// Threads: its lane. Ownership: whoever made it holds it until End; it lives on until the process is gone.
#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/os/process.h"
#include "http/message.h"
#include "runtime/api_server.h"
#include "runtime/options.h"
#include "runtime/output.h"

namespace stator::runtime {

class Session final : public std::enable_shared_from_this<Session>, private http::Handler {
 public:
  static constexpr size_t kMaxResponse = 6'291'556;

  // Called from the lane's event loop, not from inside a call of the user's, except OnOutput from DrainOutput.
  class User {
   public:
    virtual ~User() = default;
    // The process asks for an event; Send may be called now.
    virtual void OnNext() = 0;
    // It has answered the one it was sent.
    virtual void OnResponse(std::string body) = 0;
    virtual void OnResponseTooLarge() = 0;
    virtual void OnError(std::string type, std::string body) = 0;
    virtual void OnInitError(std::string type, std::string body) = 0;
    virtual void OnOutput(std::vector<logs::LogEvent> events) = 0;
    // It is gone; all it printed has been told. The last call.
    virtual void OnExit(ExitStatus status) = 0;
    // It could not be begun: what failed, and errno. The last call.
    virtual void OnNotSpawned(const char* step, int error) = 0;
  };

  struct Event {
    std::string request_id, invoked_arn, client_context, trace_id, payload;
    int64_t deadline_ms = 0;
  };

  Session(Lane& lane, const Shared& shared, User& user) : lane_(lane), shared_(shared), user_(&user) {}

  // Takes a port for the API. False: there is none.
  bool Open();
  std::string api_address() const { return "127.0.0.1:" + std::to_string(api_->port()); }
  // Begins the process that `make` describes, on a worker, where it may look at files; `output` is filled in.
  void Start(absl::AnyInvocable<SpawnRequest()> make);

  // The process waits for an event.
  bool waiting() const { return static_cast<bool>(next_); }
  // REQUIRES: waiting().
  void Send(Event event);
  // Tells what the process has printed up to now, with what stands without a newline.
  void DrainOutput();
  // Resident memory; 0 before the start.
  int64_t LeaderMemory() const { return running_ ? process_.LeaderMemory() : 0; }
  int64_t GroupMemory() const { return running_ ? process_.GroupMemory() : 0; }
  // Kills the group; OnExit follows.
  void Kill();
  // Kills the group and calls the user no more. `gone` is called when nothing is left of it. Once.
  void End(Callback<> gone);

 private:
  enum class State : uint8_t { kStarted, kReady, kRunning, kAnswered, kFailed };
  class OutputWatcher final : public Poller::Watcher {
   public:
    explicit OutputWatcher(Session& session) : session_(session) {}
    void OnReady(Poller::Ready) override { session_.ReadOutput(); }

   private:
    Session& session_;
  };
  class ExitWatcher final : public Poller::Watcher {
   public:
    explicit ExitWatcher(Session& session) : session_(session) {}
    void OnReady(Poller::Ready) override { session_.OnProcessEnd(); }

   private:
    Session& session_;
  };
  struct NextAwaiter;

  std::optional<http::Reply> Admit(const http::RequestHead&) override { return std::nullopt; }
  Task<http::Reply> Handle(const http::Request& request, Lane& lane) override;
  http::Reply Refuse(int status, Bytes reason) override;
  Task<http::Reply> HandleNext();
  http::Reply HandleInvocation(const http::Request& request, Bytes rest);
  http::Reply HandleInitError(const http::Request& request);
  http::Reply Forbidden(Bytes to) const;

  void OnSpawned(Spawned spawned);
  void ReadOutput();
  void OnProcessEnd();
  void Dispose();
  void FinishNext(http::Reply reply);

  Lane& lane_;
  const Shared& shared_;
  User* user_;  // null after End
  std::unique_ptr<ApiServer> api_;
  State state_ = State::kStarted;
  std::string current_id_;
  std::coroutine_handle<> next_;  // the request for an event that waits
  http::Reply next_reply_;

  Pipe pipe_;
  OutputLines lines_;
  OutputWatcher output_watcher_{*this};
  ExitWatcher exit_watcher_{*this};
  Process process_;
  bool running_ = false;   // begun, and its end not yet seen
  bool starting_ = false;  // on the worker
  bool kill_ = false;      // as soon as it has begun
  bool reading_later_ = false;
  std::shared_ptr<Session> self_;  // from Start to the end
  Callback<> gone_;
};

}  // namespace stator::runtime
