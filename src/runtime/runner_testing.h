// A runner with functions written by the test, run by real processes; sinks that remember.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/random.h"
#include "runtime/runner.h"

namespace stator::runtime {

inline constexpr std::chrono::seconds kPatience{60};

class RememberedLogs final : public logs::LogSink {
 public:
  struct Line {
    std::string stream;
    std::string text;
    Time at;
  };
  void Append(const std::string&, const std::string& stream, std::vector<logs::LogEvent> events) override {
    const std::lock_guard lock(mutex_);
    for (auto& event : events) lines_.push_back({stream, std::move(event.message), event.timestamp});
    changed_.notify_all();
  }
  std::vector<Line> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  std::string All() const {
    std::string all;
    for (const Line& line : lines()) all += line.text;
    return all;
  }
  // Waits until some line contains `text`.
  bool Await(const std::string& text) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] {
      return std::any_of(lines_.begin(), lines_.end(),
                         [&](const Line& l) { return l.text.find(text) != std::string::npos; });
    });
  }
  void Clear() {
    const std::lock_guard lock(mutex_);
    lines_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Line> lines_;
};

class RememberedMetrics final : public metrics::MetricSink {
 public:
  void Add(const std::string&, metrics::Metric metric, double value, Time) override {
    const std::lock_guard lock(mutex_);
    sums_[metric] += value;
  }
  double Sum(metrics::Metric metric) {
    const std::lock_guard lock(mutex_);
    return sums_[metric];
  }

 private:
  std::mutex mutex_;
  std::map<metrics::Metric, double> sums_;
};

class RunnerTest : public ::testing::Test {
 protected:
  RunnerTest() : folder_(std::filesystem::path(::testing::TempDir()) / ("runner-" + NewUuid())) {
    std::filesystem::create_directories(folder_);
    options_.work_folder = (folder_ / "work").string();
    lanes_.Start();
  }
  ~RunnerTest() override {
    if (runner_) runner_->Stop();
    runner_.reset();
    lanes_.StopAndJoin();
    std::filesystem::remove_all(folder_);
  }

  Runner& runner() {
    if (!runner_) {
      auto opened = Runner::Open(options_, clock_, logs_, metrics_);
      EXPECT_TRUE(opened.ok());
      runner_ = std::move(opened).value();
    }
    return *runner_;
  }

  std::filesystem::path Folder(const std::string& name) const { return folder_ / name; }

  std::shared_ptr<functions::Function> Make(const std::string& name, const std::string& runtime,
                                            const std::string& handler) {
    auto function = std::make_shared<functions::Function>();
    function->name = name;
    function->arn = "arn:aws:lambda:us-east-1:000000000000:function:" + name;
    function->version = "$LATEST";
    function->region = "us-east-1";
    function->account = "000000000000";
    function->runtime = runtime;
    function->handler = handler;
    function->log_group = "/aws/lambda/" + name;
    function->code_folder = Folder(name).string();
    function->generation = 1;
    std::filesystem::create_directories(function->code_folder);
    return function;
  }
  void Write(const functions::Function& function, const std::string& file, const std::string& text) {
    const std::string path = function.code_folder + "/" + file;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms::all);
  }
  std::shared_ptr<functions::Function> Python(const std::string& name, const std::string& code) {
    auto function = Make(name, "python3.12", "main.handler");
    Write(*function, "main.py", code);
    return function;
  }
  std::shared_ptr<functions::Function> Node(const std::string& name, const std::string& code,
                                            const std::string& file = "index.js") {
    auto function = Make(name, "nodejs20.x", "index.handler");
    Write(*function, file, code);
    return function;
  }

  std::future<Invoked> Begin(functions::FunctionRef function, const std::string& payload = "{}", bool tail = false) {
    auto promise = std::make_shared<std::promise<Invoked>>();
    Runner* target = &runner();
    Lane& lane = lanes_.at(0);
    lane.Post([=, &lane, function = std::move(function)] {
      Invocation invocation;
      invocation.function = function;
      invocation.invoked_arn = function->arn;
      invocation.payload = payload;
      invocation.log_tail = tail;
      Start(target->Invoke(std::move(invocation), lane),
            [promise](Invoked invoked) { promise->set_value(std::move(invoked)); });
    });
    return promise->get_future();
  }
  Invoked Invoke(functions::FunctionRef function, const std::string& payload = "{}", bool tail = false) {
    auto future = Begin(std::move(function), payload, tail);
    if (future.wait_for(kPatience) != std::future_status::ready) {
      ADD_FAILURE() << "the invocation does not end; the log:\n" << logs_.All();
      std::abort();
    }
    return future.get();
  }

  std::filesystem::path folder_;
  Clock clock_;
  RememberedLogs logs_;
  RememberedMetrics metrics_;
  Options options_;
  Lanes lanes_{2};
  std::unique_ptr<Runner> runner_;
};

}  // namespace stator::runtime
