#include "runtime/async_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "base/random.h"
#include "base/run_on.h"
#include "engine/memory/memory_engine.h"
#include "records/fixed_spaces.h"
#include "runtime/async_event.h"

namespace stator::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

namespace fs = std::filesystem;
constexpr std::chrono::seconds kPatience{30};

// Answers in turn what the test has laid ready; success when nothing is left.
class ScriptedInvoker final : public Invoker {
 public:
  Task<Invoked> Invoke(Invocation invocation, Lane& lane) override {
    Invoked invoked = Answer(invocation);
    if (invocation.request_id == held_id) co_await Held{*this, lane};
    co_return invoked;
  }
  Invoked Answer(const Invocation& invocation) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(invocation.request_id + " " + invocation.payload);
    changed_.notify_all();
    Invoked invoked;
    invoked.request_id = invocation.request_id;
    invoked.executed_version = "$LATEST";
    invoked.payload = "\"done\"";
    if (!script_.empty()) {
      invoked.kind = script_.front();
      script_.pop_front();
    }
    if (invoked.kind == Invoked::Kind::kFailed) invoked.payload = R"({"errorType":"E"})";
    return invoked;
  }
  // Waits for the invocation that is held, and lets it go.
  void Release() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return held_ != nullptr; }));
    held_lane_->Post([task = held_] { task.resume(); });
  }
  void Script(std::deque<Invoked::Kind> script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
  }
  std::string held_id;  // the event whose invocation does not end by itself; set before it is accepted

  std::vector<std::string> AwaitCalls(size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return calls_.size() >= count; }));
    return calls_;
  }

 private:
  struct Held {
    ScriptedInvoker& self;
    Lane& lane;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> task) {
      const std::lock_guard lock(self.mutex_);
      self.held_ = task;
      self.held_lane_ = &lane;
      self.changed_.notify_all();
    }
    void await_resume() const {}
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::coroutine_handle<> held_;
  Lane* held_lane_ = nullptr;
  std::deque<Invoked::Kind> script_;
  std::vector<std::string> calls_;
};

class OneFunction final : public functions::Resolver {
 public:
  OneFunction() : function_(std::make_shared<functions::Function>()) {
    function_->name = "f";
    function_->arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
    function_->version = "$LATEST";
  }
  functions::FunctionRef Resolve(std::string_view name, std::string_view) const override {
    return name == "f" ? function_ : nullptr;
  }

 private:
  std::shared_ptr<functions::Function> function_;
};

class CountedMetrics final : public metrics::MetricSink {
 public:
  void Add(const std::string&, metrics::Metric metric, double, Time) override {
    if (metric == metrics::Metric::kAsyncEventsDropped) ++dropped;
  }
  std::atomic<int> dropped{0};
};

class AsyncQueueTest : public ::testing::Test {
 protected:
  using Kind = Invoked::Kind;

  AsyncQueueTest() : folder_(fs::path(::testing::TempDir()) / ("async-" + NewUuid())) {
    lanes_.Start();
    Open();
  }
  ~AsyncQueueTest() override {
    queue_->Stop();
    lanes_.StopAndJoin();
    queue_.reset();
    fs::remove_all(folder_);
  }

  void Open() {
    queue_ = std::make_unique<AsyncQueue>(
        AsyncQueue::Needs{*engine_, clock_, invoker_, resolver_, destinations_, metrics_,
                          [this](const functions::Function&, const std::string&) { return settings_; }});
    EXPECT_TRUE(queue_->Start(lanes_.at(0)).ok());
  }

  void Accept(const std::string& id, const std::string& function = "f") {
    const auto accept = [&](Lane& lane) { return queue_->Accept({function, "", R"({"n":1})", id, ""}, lane); };
    EXPECT_TRUE(RunOn(lanes_.at(0), accept).ok());
  }
  void AwaitEmpty() {
    const auto until = MonotonicNow() + kPatience;
    while (queue_->size() > 0 && MonotonicNow() < until) std::this_thread::yield();
    EXPECT_EQ(queue_->size(), 0U);
  }
  // The attempt has ended, and the next is in the future: now the clock may be stepped.
  void AwaitPostponed() {
    const auto until = MonotonicNow() + kPatience;
    bool postponed = false;
    while (!postponed && MonotonicNow() < until) {
      const auto cursor = engine_->Range(records::kAsyncEventSpace, "", "", engine::Order::kForward);
      if (!cursor->Valid()) continue;
      const Result<StoredEvent> stored = Decode(cursor->value());
      postponed = stored.ok() && stored->next > clock_.Now();
      std::this_thread::yield();
    }
    EXPECT_TRUE(postponed);
  }
  std::vector<std::string> FilesIn(const fs::path& folder) {
    std::vector<std::string> texts;
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(folder, none)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path());
      texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return texts;
  }

  fs::path folder_;
  Clock clock_;
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
  Lanes lanes_{1};
  WorkerPool workers_{1};
  Destinations destinations_{folder_.string(), workers_, clock_};
  ScriptedInvoker invoker_;
  OneFunction resolver_;
  CountedMetrics metrics_;
  AsyncSettings settings_;
  std::unique_ptr<AsyncQueue> queue_;
};

TEST_F(AsyncQueueTest, RunsAnEventOnce) {
  Accept("r1");
  EXPECT_THAT(invoker_.AwaitCalls(1), ElementsAre(R"(r1 {"n":1})"));
  AwaitEmpty();
}

TEST_F(AsyncQueueTest, TriesTwiceMoreUnderTheSameId) {
  settings_.on_failure = "arn:aws:sqs:us-east-1:000000000000:failed";
  settings_.dead_letter = "file://" + (folder_ / "dead").string();
  invoker_.Script({Kind::kFailed, Kind::kThrottled, Kind::kFailed, Kind::kFailed});
  Accept("r1");
  invoker_.AwaitCalls(1);
  AwaitPostponed();
  clock_.Step(std::chrono::minutes(1));
  invoker_.AwaitCalls(2);
  AwaitPostponed();
  clock_.Step(std::chrono::minutes(1));
  invoker_.AwaitCalls(3);
  AwaitPostponed();
  clock_.Step(std::chrono::minutes(2));
  invoker_.AwaitCalls(4);
  AwaitEmpty();
  EXPECT_EQ(metrics_.dropped, 1);
  const auto records = FilesIn(folder_ / "arn-aws-sqs-us-east-1-000000000000-failed");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_THAT(records[0],
              MatchesRegex(R"(\{"version":"1.0","timestamp":"[-0-9]+T[0-9:.]+Z","requestContext":\{"requestId":"r1",)"
                           R"("functionArn":"arn:aws:lambda:us-east-1:000000000000:function:f:\$LATEST",)"
                           R"("condition":"RetriesExhausted","approximateInvokeCount":3\},"requestPayload":\{"n":1\},)"
                           R"("responseContext":\{"statusCode":200,"executedVersion":"\$LATEST","functionError":)"
                           R"("Unhandled"\},"responsePayload":\{"errorType":"E"\}\}.)"));
  EXPECT_THAT(FilesIn(folder_ / "dead"), ElementsAre("{\"n\":1}\n"));
}

TEST_F(AsyncQueueTest, GivesUpWhatIsTooOld) {
  settings_.max_age_seconds = 60;
  settings_.on_failure = "arn:aws:s3:::bucket";
  invoker_.Script({Kind::kFailed});
  Accept("r1");
  invoker_.AwaitCalls(1);
  AwaitPostponed();
  clock_.Step(std::chrono::minutes(3));
  AwaitEmpty();
  const auto records = FilesIn(folder_);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_THAT(records[0], HasSubstr(R"("condition":"EventAgeExceeded","approximateInvokeCount":1})"));
}

TEST_F(AsyncQueueTest, TellsOfSuccess) {
  settings_.on_success = "arn:aws:lambda:us-east-1:000000000000:function:next";
  std::promise<std::string> told;
  destinations_.SetInvokeLater([&](std::string arn, std::string record, std::string, Lane&) -> Task<Status> {
    told.set_value(arn + " " + record);
    co_return Status();
  });
  Accept("r1");
  EXPECT_THAT(told.get_future().get(), HasSubstr(R"("condition":"Success")"));
  AwaitEmpty();
}

TEST_F(AsyncQueueTest, GoesOnWhereAnEarlierRunStopped) {
  invoker_.Script({Kind::kFailed});
  Accept("r1");
  invoker_.AwaitCalls(1);
  AwaitPostponed();
  queue_->Stop();
  clock_.Step(std::chrono::minutes(2));
  Open();
  EXPECT_THAT(invoker_.AwaitCalls(2), ElementsAre(R"(r1 {"n":1})", R"(r1 {"n":1})"));
  AwaitEmpty();
}

TEST_F(AsyncQueueTest, RemovedEventsDoNotRunAgain) {
  invoker_.Script({Kind::kFailed, Kind::kFailed});
  invoker_.held_id = "runs";
  Accept("waits");
  invoker_.AwaitCalls(1);
  AwaitPostponed();
  Accept("runs");
  invoker_.AwaitCalls(2);
  EXPECT_TRUE(RunOn(lanes_.at(0), [&](Lane& lane) { return queue_->RemoveAll(lane); }).ok());
  invoker_.Release();  // it fails, and would be tried again
  AwaitEmpty();
  clock_.Step(std::chrono::hours(1));
  Accept("later");
  EXPECT_THAT(invoker_.AwaitCalls(3), ElementsAre(StartsWith("waits "), StartsWith("runs "), StartsWith("later ")));
  AwaitEmpty();
  EXPECT_FALSE(engine_->Range(records::kAsyncEventSpace, "", "", engine::Order::kForward)->Valid());
}

TEST_F(AsyncQueueTest, ForgetsEventsOfDeletedFunctions) {
  Accept("r1", "gone");
  AwaitEmpty();
}

TEST(DestinationsTest, KnowsItsKinds) {
  for (const char* good : {"arn:aws:lambda:r:0:function:f", "arn:aws:sqs:r:0:q", "arn:aws:sns:r:0:t", "arn:aws:s3:::b",
                           "file:///var/records"}) {
    EXPECT_TRUE(IsDestination(good)) << good;
  }
  for (const char* bad : {"", "queue", "file://relative", "file:///", "arn:aws:events:r:0:bus"}) {
    EXPECT_FALSE(IsDestination(bad)) << bad;
  }
}

TEST_F(AsyncQueueTest, KeepsRecordsWithinTheirFolder) {
  const auto deliver = [&](Lane& lane) {
    return destinations_.Deliver("arn:aws:s3:::b", "{}", "r", "aws/../../x/object", lane);
  };
  EXPECT_TRUE(RunOn(lanes_.at(0), deliver).ok());
  EXPECT_TRUE(fs::exists(folder_ / "arn-aws-s3---b" / "aws" / "-" / "-" / "x" / "object"));
}

}  // namespace
}  // namespace stator::runtime
