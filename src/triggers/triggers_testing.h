// A table with a stream on the memory engine, a function that is a lambda, and event source mappings between them: for
// the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "base/pause.h"
#include "base/random.h"
#include "base/run_on.h"
#include "engine/commit_and_wait.h"
#include "engine/memory/memory_engine.h"
#include "json/value.h"
#include "table/key_layout.h"
#include "table/mutate.h"
#include "triggers/change_testing.h"
#include "triggers/checkpoints.h"
#include "triggers/triggers.h"

namespace stator::triggers {

constexpr const char* kFunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";

// A record as the function sees it: which item, and the value of its attribute n.
struct SeenRecord {
  std::string pk;
  int n = 0;
  std::string sequence;
};
struct Event {
  std::string text;
  std::vector<SeenRecord> records;

  bool Has(int n) const {
    return std::any_of(records.begin(), records.end(), [n](const SeenRecord& r) { return r.n == n; });
  }
};

inline Event ReadEvent(const std::string& text) {
  json::Document document;
  const auto parsed = document.Parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  Event event{text, {}};
  for (const json::Value record : parsed->Find("Records").elements()) {
    const json::Value change = record.Find("dynamodb");
    const json::Value image = change.Find("NewImage").valid() ? change.Find("NewImage") : change.Find("OldImage");
    event.records.push_back({std::string(image.Find("pk").Find("S").text()),
                             std::stoi(std::string(image.Find("n").Find("N").text())),
                             std::string(change.Find("SequenceNumber").text())});
  }
  return event;
}

inline runtime::Invoked Returned(std::string payload = "null") {
  runtime::Invoked invoked;
  invoked.payload = std::move(payload);
  invoked.executed_version = "$LATEST";
  return invoked;
}
inline runtime::Invoked Raised() {
  runtime::Invoked invoked = Returned(R"({"errorMessage":"no"})");
  invoked.kind = runtime::Invoked::Kind::kFailed;
  invoked.request_id = "request";
  return invoked;
}
inline runtime::Invoked Throttled() {
  runtime::Invoked invoked;
  invoked.kind = runtime::Invoked::Kind::kThrottled;
  return invoked;
}

// The function, and whoever waits for it to be called.
class FakeFunction : public runtime::Invoker, public functions::Resolver {
 public:
  using Handler = std::function<runtime::Invoked(const Event&)>;

  // One call at a time.
  void Handle(Handler handler) {
    const std::lock_guard lock(mutex_);
    handler_ = std::move(handler);
  }
  void Exists(bool exists) {
    const std::lock_guard lock(mutex_);
    exists_ = exists;
  }
  // Answers come at once, or on the next turn of the lane after up to this long.
  void TakeUpTo(Duration most) { most_ = most; }

  functions::FunctionRef Resolve(std::string_view name, std::string_view) const override {
    const std::lock_guard lock(mutex_);
    ++resolved_;
    changed_.notify_all();
    if (!exists_) return nullptr;
    auto function = std::make_shared<functions::Function>();
    function->name = name.substr(name.rfind(':') + 1);
    return function;
  }

  Task<runtime::Invoked> Invoke(runtime::Invocation invocation, Lane& lane) override {
    if (most_.count() > 0) {
      const Duration wait(static_cast<int64_t>(ThreadRandom().Below(static_cast<uint64_t>(most_.count()))));
      co_await Pause(lane, wait);
    }
    const Event event = ReadEvent(invocation.payload);
    const std::lock_guard lock(mutex_);
    runtime::Invoked invoked = handler_(event);
    ++calls_;
    sizes_.push_back(event.records.size());
    if (invoked.kind == runtime::Invoked::Kind::kReturned) {
      for (const SeenRecord& record : event.records) delivered_[invocation.function->name].push_back(record);
    }
    changed_.notify_all();
    co_return invoked;
  }

  // Waits until `holds`; it may ask the members below. Gives up when no test should take so long.
  template <class Holds>
  bool WaitUntil(Holds holds) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), holds);
  }
  int calls() const { return calls_; }
  int resolved() const { return resolved_; }
  // Records of calls that succeeded, in the order of the calls.
  const std::vector<SeenRecord>& delivered(const std::string& function = "f") const { return delivered_[function]; }
  const std::vector<size_t>& sizes() const { return sizes_; }
  std::mutex& mutex() const { return mutex_; }
  void Changed() const { changed_.notify_all(); }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Handler handler_ = [](const Event&) { return Returned(); };
  bool exists_ = true;
  Duration most_{0};
  int calls_ = 0;
  mutable int resolved_ = 0;
  mutable std::map<std::string, std::vector<SeenRecord>> delivered_;
  std::vector<size_t> sizes_;
};

class FakeMetrics : public metrics::MetricSink {
 public:
  void Add(const std::string&, metrics::Metric metric, double value, Time) override {
    const std::lock_guard lock(mutex);
    EXPECT_EQ(metric, metrics::Metric::kIteratorAge);
    ages.push_back(value);
  }
  std::mutex mutex;
  std::vector<double> ages;
};

inline std::vector<int> Numbers(const std::vector<SeenRecord>& records) {
  std::vector<int> numbers;
  numbers.reserve(records.size());
  for (const SeenRecord& record : records) numbers.push_back(record.n);
  return numbers;
}
inline std::vector<int> UpTo(int last, int first = 1) {
  std::vector<int> numbers(static_cast<size_t>(std::max(0, last - first + 1)));
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

// Holds every call against the rule: no record of an item before all earlier ones of it were done.
class OrderCheck {
 public:
  // Before the call is answered; `done`: it will succeed.
  void See(const Event& event, bool done) {
    std::map<std::string, int> now = done_;
    for (const SeenRecord& record : event.records) {
      EXPECT_LE(record.n, now[record.pk] + 1) << "item " << record.pk;
      now[record.pk] = record.n;
    }
    if (done) done_ = std::move(now);
  }
  int At(const std::string& pk) const {
    const auto found = done_.find(pk);
    return found == done_.end() ? 0 : found->second;
  }

 private:
  std::map<std::string, int> done_;
};

// Functions are called until it goes: what their handlers refer to is declared before it.
class World {
 private:
  template <class Make>
  auto Run(Make make) {
    return RunOn(lanes_.at(1), std::move(make));
  }

 public:
  explicit World(int shards = 1, uint64_t seed = ThreadRandom().Next()) : random(seed), seed_(seed) {
    streams::StreamOptions options;
    options.shards = shards;
    streams_ = std::move(streams::Streams::Open(*engine_, *catalog_, clock, options)).value();
    mutator_ = std::make_unique<table::Mutator>(*engine_, *streams_, sizes_);
    lanes_.Start();
    streams_->Start(lanes_.at(0));
    CreateTable();
    options_.back_off = {Duration(1000), Duration(4000)};
    options_.checkpoint_spacing = Duration(0);
  }
  ~World() {
    if (triggers_) triggers_->Stop(std::chrono::minutes(1));
    lanes_.StopAndJoin();
  }

  // --- The table. ---

  void Put(const std::string& pk, int n) {
    const std::string stored = Stored(WireItem(pk, n));
    const auto key = table::TableKey(*table_, item::ItemView(stored), table::KeySource::kItem);
    const auto decide = [&](item::ItemView) -> Result<table::Decision> { return table::Decision::Put(stored); };
    const auto changed = Run([&](Lane& lane) { return mutator_->Mutate({*table_, *key, decide}, lane); });
    ASSERT_TRUE(changed.ok());
  }
  void PutAll(int from, int to, const std::string& pk = "k") {
    for (int n = from; n <= to; ++n) Put(pk, n);
  }
  void Roll() {
    const Status rolled = Run([&](Lane& lane) { return streams_->RollAll(lane); });
    ASSERT_TRUE(rolled.ok());
  }
  const std::string& stream_arn() const { return stream_arn_; }

  // --- The mappings. ---

  Options& options() { return options_; }  // before Start

  void Start() {
    Deliver deliver = [this](const std::string&, std::string record, const std::string&, std::string key, Lane& lane) {
      return Keep(std::move(record), std::move(key), lane);
    };
    const Ports ports{*engine_, *streams_, function, function, std::move(deliver), metrics, clock};
    triggers_ = std::move(Triggers::Open(ports, options_)).value();
    triggers_->Start(lanes_);
  }
  void Stop() {
    triggers_->Stop(std::chrono::minutes(1));
    triggers_.reset();
  }
  // Gives its UUID.
  std::string Map(const Settings& settings, const std::string& function_arn = kFunctionArn, bool latest = false,
                  bool enabled = true) {
    Mapping mapping;
    mapping.arn = "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:";
    mapping.stream_arn = stream_arn_;
    mapping.function_arn = function_arn;
    mapping.latest = latest;
    mapping.enabled = enabled;
    mapping.settings = settings;
    const auto created = Run([&](Lane& lane) { return triggers_->Create(mapping, lane); });
    EXPECT_TRUE(created.ok());
    EXPECT_EQ(created->state, State::kCreating);
    return created->mapping->uuid;
  }
  Result<MappingView> Update(const std::string& uuid, Triggers::Change change) {
    return Run([&](Lane& lane) { return triggers_->Update(uuid, change, lane); });
  }
  Result<MappingView> Delete(const std::string& uuid) {
    return Run([&](Lane& lane) { return triggers_->Delete(uuid, lane); });
  }
  // Runs what was posted to the lanes so far, until the mapping is in that state, or gone.
  void WaitFor(const std::string& uuid, std::optional<State> state) {
    for (;;) {
      const auto found = triggers_->Find(uuid);
      if (found.ok() ? found->state == state : !state) return;
      Turn();
    }
  }
  void Turn() {
    (void)Run([&](Lane& lane) { return AfterAMoment(lane); });
  }
  Triggers& triggers() { return *triggers_; }

  // What is durable of a mapping, to be set back to: as if the process had been killed then.
  Checkpoints KeptCheckpoints(const std::string& uuid) { return *ReadCheckpoints(*engine_, uuid); }
  void SetCheckpoints(const std::string& uuid, const Checkpoints& checkpoints) {
    engine::Batch batch;
    for (const auto& [shard, checkpoint] : KeptCheckpoints(uuid)) EraseCheckpoint(&batch, uuid, shard);
    for (const auto& [shard, checkpoint] : checkpoints) PutCheckpoint(&batch, uuid, shard, checkpoint);
    EXPECT_EQ(engine::CommitAndWait(*engine_, std::move(batch)).outcome, engine::Outcome::kDone);
  }

  std::string Seed() const { return "seed " + std::to_string(seed_); }

  Clock clock;
  FakeFunction function;
  FakeMetrics metrics;
  Random random;
  // Handed to the destination; under the function's mutex.
  std::vector<std::string> dead_letters, dead_letter_keys;
  // Called when the destination has a record and has not yet said so.
  std::function<void()> while_handed_over;

 private:
  static Task<bool> AfterAMoment(Lane& lane) {
    co_await Pause(lane, Duration(200));
    co_return true;
  }
  Task<Status> Keep(std::string record, std::string key, Lane& lane) {
    if (while_handed_over) {
      co_await Pause(lane, Duration(2000));  // time in which a checkpoint could be written, if one were
      while_handed_over();
    }
    const std::lock_guard lock(function.mutex());
    dead_letters.push_back(std::move(record));
    dead_letter_keys.push_back(std::move(key));
    function.Changed();
    co_return Status();
  }
  void CreateTable() {
    catalog::TableSchema schema;
    schema.name = "t";
    schema.arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t";
    schema.key = {{{"pk", item::Tag::kString}}, {{"sk", item::Tag::kString}}};
    schema.stream.enabled = true;
    schema.stream.view_type = "NEW_AND_OLD_IMAGES";
    schema.stream.label = "2026-11-20T10:00:00.123";
    const auto created = Run([&](Lane& lane) { return catalog_->Create(schema, lane); });
    table_ = *created;
    stream_arn_ = streams_->ForTable(*table_)->arn;
  }

  const uint64_t seed_;
  Lanes lanes_{2};
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock);
  std::unique_ptr<catalog::Catalog> catalog_ = std::move(catalog::Catalog::Open(*engine_, clock, {})).value();
  std::unique_ptr<streams::Streams> streams_;
  table::Sizes sizes_;
  std::unique_ptr<table::Mutator> mutator_;
  catalog::TableRef table_;
  std::string stream_arn_;
  Options options_;
  std::unique_ptr<Triggers> triggers_;
};

}  // namespace stator::triggers
