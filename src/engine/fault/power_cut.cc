#include "engine/fault/power_cut.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "engine/fault/disk_file_system.h"

namespace stator::engine {
namespace {

constexpr Space kRows{1};
constexpr Space kIndex{2};
constexpr Space kLog{3};
constexpr uint32_t kFirstTable = 100;  // a space that is dropped now and then, and followed by the next one
constexpr int kRoundsPerDisk = 25;
constexpr size_t kOutstanding = 16;

using RowMap = std::map<std::string, std::string>;

struct State {
  std::map<uint32_t, RowMap> spaces;
  std::set<uint32_t> dropped;  // for certain
  uint64_t commit = 0;
  uint64_t log_from = 1;  // the first record, for certain not earlier
};

// What was done between two commits, and after how many commits.
struct Deed {
  uint64_t after;
  std::optional<uint32_t> drop;
  uint64_t trim_to = 0;  // first record that stays
};

struct Operation {
  Space space;
  std::string key;
  std::optional<std::string> value;
};

std::string RecordOf(uint64_t commit) { return "record " + std::to_string(commit); }

// Commit n: a row that counts, and a handful of writes.
std::vector<Operation> OperationsOf(uint64_t seed, uint64_t commit, uint32_t table) {
  Random random(seed * 1'000'003 + commit);
  std::vector<Operation> operations = {{kRows, "count", std::to_string(commit)}};
  for (uint64_t i = 0, n = 1 + random.Below(6); i < n; ++i) {
    const Space spaces[] = {kRows, kIndex, Space{table}};
    const Space space = spaces[random.Below(3)];
    std::string key = "key" + std::to_string(random.Below(150));
    if (random.Below(4) == 0) {
      operations.push_back({space, std::move(key), std::nullopt});
      continue;
    }
    const size_t size = random.Below(30) == 0 ? random.Below(20'000) : random.Below(500);
    operations.push_back(
        {space, std::move(key), std::to_string(commit) + std::string(size, static_cast<char>('a' + commit % 26))});
  }
  return operations;
}

class Run {
 public:
  explicit Run(const PowerCutPlan& plan) : plan_(plan), random_(plan.seed) {}

  PowerCutReport Play() {
    for (int round = 0; round < plan_.rounds; ++round) {
      if (round % kRoundsPerDisk == 0 || spoiled_) NewDisk();
      round_ = round;
      Round();
      report_.rounds = round + 1;
      plan_.progress(round + 1);
    }
    if (!spoiled_) (void)OpenAndCheck();
    RetireDisk();
    return std::move(report_);
  }

 private:
  void NewDisk() {
    RetireDisk();
    disk_ = std::make_shared<DiskImage>(random_.Next());
    disk_->IgnoreSyncs(plan_.lying_disk);
    seed_ = random_.Next();
    state_ = {};
    deeds_.clear();
    tables_.assign(1, kFirstTable);
    next_table_ = kFirstTable;
    last_position_ = 0;
    submitted_ = acknowledged_ = 0;
    spoiled_ = false;
  }
  void RetireDisk() {
    if (disk_) report_.torn_bytes += disk_->lost_bytes();
  }

  void Violation(const std::string& what) {
    report_.violations.push_back("seed " + std::to_string(plan_.seed) + " round " + std::to_string(round_) + ": " +
                                 what);
    spoiled_ = true;
  }

  void Round() {
    if (random_.Below(5) == 0) disk_->CutAfter(random_.Below(60));
    auto engine = OpenAndCheck();
    if (!engine) {
      if (!spoiled_) ++report_.cuts_while_opening;
      disk_->Restart();
      return;
    }
    disk_->CutAfter(random_.Below(random_.Below(4) == 0 ? 2000 : 300));
    Work(*engine);
    const bool close_first = random_.Below(3) == 0;
    if (close_first) engine.reset();
    disk_->CutNow();
    engine.reset();
    disk_->Restart();
  }

  std::unique_ptr<Engine> OpenAndCheck() {
    RocksOptions options;
    options.path = "/data";
    options.durability = plan_.durability;
    options.sync_interval = std::chrono::milliseconds(5);
    // Small, so that flushes and compactions are cut, too; not so small that relaxed never runs ahead of its syncs.
    options.write_buffer_bytes = plan_.durability == Durability::kStrict ? 64 << 10 : 1 << 20;
    options.cache_bytes = 1 << 20;
    options.reserve_bytes = 0;
    options.file_system = NewDiskFileSystem(disk_);
    auto engine = OpenRocksEngine(options, clock_);
    if (!engine.ok()) {
      if (!disk_->off()) Violation("the store cannot be opened: " + engine.error().text);
      return nullptr;
    }
    const bool good = Check(**engine);
    if (disk_->off()) return nullptr;
    if (!good) return nullptr;
    return std::move(*engine);
  }

  // Brings state_ to what is on the disk; false with a violation if that is no state that may be.
  bool Check(const Engine& engine) {
    Value value;
    const auto found = engine.Get(kRows, "count", &value);
    if (!found.ok()) return Wrong(found.error().text);
    const uint64_t commit = *found ? std::stoull(std::string(value.bytes)) : 0;
    if (commit > submitted_) return Wrong("a commit that was never submitted");
    if (commit < state_.commit) return Wrong("commits that were already found are gone");
    if (commit < acknowledged_) {
      const std::string lost = std::to_string(acknowledged_ - commit) + " acknowledged commits are lost";
      if (plan_.durability == Durability::kStrict) return Wrong(lost);
      report_.lost_tail += acknowledged_ - commit;
    }
    State state = state_;
    for (uint64_t n = state.commit + 1; n <= commit; ++n) Advance(&state, n);
    state.commit = commit;
    uint64_t log_to = state.log_from;
    for (const Deed& deed : deeds_) {
      const bool certain = deed.after < commit;
      if (deed.drop && certain) state.dropped.insert(*deed.drop);
      log_to = std::max(log_to, deed.trim_to);
      if (certain) state.log_from = std::max(state.log_from, deed.trim_to);
    }
    if (!CheckSpaces(engine, &state) || !CheckLog(engine, &state, log_to)) return false;
    if (disk_->off()) return true;
    Accept(std::move(state));
    return true;
  }

  bool Wrong(const std::string& what) {
    if (!disk_->off()) Violation(what);
    return false;
  }

  void Advance(State* state, uint64_t n) const {
    for (const Operation& operation : OperationsOf(seed_, n, tables_.at(n))) {
      RowMap& rows = state->spaces[static_cast<uint32_t>(operation.space)];
      if (operation.value) {
        rows[operation.key] = *operation.value;
      } else {
        rows.erase(operation.key);
      }
    }
  }

  bool CheckSpaces(const Engine& engine, State* state) {
    for (const uint32_t id : state->dropped) {
      RowMap found;
      if (!Read(engine, id, &found)) return false;
      if (!found.empty()) return Wrong("space " + std::to_string(id) + " was dropped and is back");
    }
    for (auto& [id, rows] : state->spaces) {
      RowMap found;
      if (!Read(engine, id, &found)) return false;
      if (state->dropped.contains(id) || found == rows) continue;
      if (found.empty() && MayBeDropped(id)) {
        state->dropped.insert(id);
        continue;
      }
      return Wrong("space " + std::to_string(id) + " is not in the state after commit " +
                   std::to_string(state->commit));
    }
    return true;
  }

  bool Read(const Engine& engine, uint32_t id, RowMap* found) {
    const auto cursor = engine.Range(Space{id}, "", "", Order::kForward);
    for (; cursor->Valid(); cursor->Next()) found->emplace(cursor->key(), cursor->value());
    const Status status = cursor->status();
    return status.ok() || Wrong(status.error().text);
  }

  bool MayBeDropped(uint32_t id) const {
    for (const Deed& deed : deeds_) {
      if (deed.drop == id) return true;
    }
    return false;
  }

  bool CheckLog(const Engine& engine, State* state, uint64_t log_to) {
    uint64_t next = 0;
    Position last = 0;
    std::string wrong;
    const Status status = engine.ReadLog(kLog, 0, ~size_t{0}, ~size_t{0}, [&](const LogRecord& record) {
      if (next == 0) {
        next = state->log_from;
        while (next < log_to && record.record != RecordOf(next)) ++next;
        state->log_from = next;
      }
      if (record.record != RecordOf(next)) wrong = "the log holds " + std::string(record.record);
      if (record.position <= last) wrong = "positions do not grow";
      last = record.position;
      ++next;
      return wrong.empty();
    });
    if (!status.ok()) return Wrong(status.error().text);
    if (!wrong.empty()) return Wrong(wrong);
    const uint64_t expected = state->commit + 1;
    if (next != 0 && next != expected) return Wrong("the log ends with record " + std::to_string(next - 1));
    if (next == 0 && expected > log_to) return Wrong("the log is empty");
    if (next == 0) state->log_from = expected;
    if (last > 0 && last < last_position_ && plan_.durability == Durability::kStrict) {
      return Wrong("the last position is gone");
    }
    return true;
  }

  // The disk speaks: what it does not know of has not happened.
  void Accept(State state) {
    for (const uint32_t id : state.dropped) state.spaces.erase(id);
    state_ = std::move(state);
    submitted_ = acknowledged_ = state_.commit;
    tables_.resize(submitted_ + 1);
    deeds_.clear();
    last_position_ = 0;
  }

  struct Answers {
    std::mutex mutex;
    std::condition_variable changed;
    size_t outstanding = 0;
    uint64_t last_done = 0;
    Position last_position = 0;
    bool failed = false;
    bool out_of_order = false;
  };

  void Work(Engine& engine) {
    // What a catalog does after a crash: drop again what was to be dropped.
    for (const auto& [id, rows] : state_.spaces) {
      if (id >= kFirstTable && id < Table()) Drop(engine, id);
    }
    const auto answers = std::make_shared<Answers>();
    const uint64_t syncs = engine.statistics().syncs;
    for (uint64_t i = 0, n = 20 + random_.Below(200); i < n; ++i) {
      if (random_.Below(60) == 0) {
        Drop(engine, Table());
        next_table_ = Table() + 1;
      }
      if (random_.Below(40) == 0) Trim(engine, answers);
      SubmitNext(engine, answers);
    }
    std::unique_lock lock(answers->mutex);
    answers->changed.wait(lock, [&] { return answers->outstanding == 0; });
    if (answers->out_of_order) Violation("answers out of order");
    acknowledged_ = std::max(acknowledged_, answers->last_done);
    last_position_ = answers->last_position;
    report_.acknowledged += answers->last_done > state_.commit ? answers->last_done - state_.commit : 0;
    report_.syncs += engine.statistics().syncs - syncs;
  }

  uint32_t Table() const { return std::max(next_table_, tables_.back()); }

  void Drop(Engine& engine, uint32_t id) {
    (void)engine.Drop(Space{id});
    deeds_.push_back({submitted_, id, 0});
  }

  void Trim(Engine& engine, const std::shared_ptr<Answers>& answers) {
    Position before = 0;
    uint64_t first = 0;
    {
      const std::lock_guard lock(answers->mutex);
      before = answers->last_position;
      first = answers->last_done;
    }
    if (before == 0) return;
    (void)engine.Trim(kLog, before);
    deeds_.push_back({submitted_, std::nullopt, first});
  }

  void SubmitNext(Engine& engine, const std::shared_ptr<Answers>& answers) {
    {
      std::unique_lock lock(answers->mutex);
      const size_t window = 1 + random_.Below(kOutstanding);
      answers->changed.wait(lock, [&] { return answers->outstanding < window; });
      if (answers->failed) return;
      ++answers->outstanding;
    }
    const uint64_t commit = ++submitted_;
    ++report_.submitted;
    tables_.push_back(Table());
    Batch batch;
    for (const Operation& operation : OperationsOf(seed_, commit, tables_.back())) {
      if (operation.value) {
        batch.Put(operation.space, operation.key, *operation.value);
      } else {
        batch.Erase(operation.space, operation.key);
      }
    }
    batch.Append(kLog, RecordOf(commit));
    engine.Commit(std::move(batch), nullptr, [answers, commit](Committed committed) {
      const std::lock_guard lock(answers->mutex);
      if (committed.outcome == Outcome::kDone) {
        answers->out_of_order |= commit <= answers->last_done || answers->failed;
        answers->last_done = commit;
        answers->last_position = committed.last;
      } else {
        answers->failed = true;
      }
      --answers->outstanding;
      answers->changed.notify_all();
    });
  }

  const PowerCutPlan& plan_;
  Random random_;
  Clock clock_;
  PowerCutReport report_;
  int round_ = 0;
  bool spoiled_ = true;

  std::shared_ptr<DiskImage> disk_;
  uint64_t seed_ = 0;
  State state_;                   // what was last found on the disk
  std::vector<uint32_t> tables_;  // [n]: the table space of commit n
  uint32_t next_table_ = kFirstTable;
  std::vector<Deed> deeds_;  // since state_
  uint64_t submitted_ = 0;
  uint64_t acknowledged_ = 0;
  Position last_position_ = 0;
};

}  // namespace

PowerCutReport RunPowerCuts(const PowerCutPlan& plan) { return Run(plan).Play(); }

}  // namespace stator::engine
