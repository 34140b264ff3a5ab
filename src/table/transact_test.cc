#include <gmock/gmock.h>

#include <future>

#include "base/pause.h"
#include "base/random.h"
#include "base/run_on.h"
#include "engine/commit_and_wait.h"
#include "engine/fault/fault_engine.h"
#include "engine/memory/memory_engine.h"
#include "errors/common.h"
#include "errors/table.h"
#include "records/fixed_spaces.h"
#include "table/check.h"
#include "table/key_layout.h"
#include "table/mutate.h"
#include "table/table_testing.h"
#include "table/tokens.h"

namespace stator::table {
namespace {

using item::ItemView;
using ::testing::ElementsAre;

std::string ItemOf(const std::string& pk, int64_t n) {
  return Stored(R"({"pk":{"S":")" + pk + R"("},"sk":{"N":"1"},"g":{"S":"x"},"n":{"N":")" + std::to_string(n) +
                R"("}})");
}

int64_t NumberIn(ItemView item) {
  int64_t n = 0;
  if (item.valid()) {
    EXPECT_TRUE(item.Find("n").number().ToInt(&n));
  }
  return n;
}

std::vector<std::string> CodesOf(const Error& error) {
  std::vector<std::string> codes;
  const auto* cancelled = dynamic_cast<const Cancelled*>(error.detail.get());
  if (!cancelled) return {std::string(error.text)};
  for (const auto& reason : cancelled->reasons) codes.emplace_back(CodeOf(reason));
  return codes;
}

class TransactTest : public ::testing::Test {
 protected:
  using Deciding = std::function<Result<Decision>(ItemView)>;

  void SetUp() override { lanes_.Start(); }
  void TearDown() override { lanes_.StopAndJoin(); }

  std::string KeyOf(const std::string& pk) const {
    return *TableKey(table_, ItemView(ItemOf(pk, 0)), KeySource::kItem);
  }
  static Deciding PutOf(const std::string& pk, int64_t n) {
    return [=](ItemView) -> Result<Decision> { return Decision::Put(ItemOf(pk, n)); };
  }
  static Deciding Fails() {
    return [](ItemView) -> Result<Decision> { return Fail(errors::kKeyDoesNotMatchSchema); };
  }
  static Deciding Keeps() {
    return [](ItemView) -> Result<Decision> { return Decision::Keep(); };
  }

  using Parts = std::vector<std::pair<std::string, Deciding>>;
  using Outcome = Result<std::vector<Changed>>;
  Task<Outcome> Transact(Parts parts, Lane& lane) {
    std::vector<std::string> keys;
    std::vector<Change> changes;
    keys.reserve(parts.size());
    for (const auto& [pk, decide] : parts) {
      keys.push_back(KeyOf(pk));
      changes.push_back({table_, keys.back(), decide});
    }
    const auto seal = [](const std::vector<Changed>&, engine::Batch*) { return Status(); };
    co_return co_await mutator_.Transact(changes, false, seal, lane);
  }
  Outcome TransactNow(const Parts& parts) {
    return RunOn(lanes_.at(0), [&](Lane& lane) { return Transact(parts, lane); });
  }
  // Begins on a lane of its own and does not wait.
  std::future<Outcome> Begin(const Parts& parts) {
    auto promise = std::make_shared<std::promise<Outcome>>();
    Lane& lane = lanes_.at(1);
    lane.Post([this, parts, promise, &lane] {
      Start(Transact(parts, lane), [promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
    });
    return promise->get_future();
  }
  Result<Changed> PutNow(const std::string& pk, int64_t n) {
    const std::string key = KeyOf(pk);
    const Deciding decide = PutOf(pk, n);
    return RunOn(lanes_.at(0), [&](Lane& lane) { return mutator_.Mutate({table_, key, decide}, lane); });
  }
  Result<std::vector<Found>> ReadNow(const std::vector<std::string>& pks) {
    std::vector<std::string> rows;
    std::vector<ItemKey> keys;
    rows.reserve(pks.size());
    for (const std::string& pk : pks) {
      rows.push_back(KeyOf(pk));
      keys.push_back({table_, rows.back()});
    }
    return RunOn(lanes_.at(0), [&](Lane& lane) { return mutator_.ReadTogether(keys, lane); });
  }
  int64_t NumberAt(const std::string& pk) {
    engine::Value value;
    return *engine_.Get(table_.space, KeyOf(pk), &value) ? NumberIn(ItemView(value.bytes)) : -1;
  }
  void AwaitHeld(size_t commits) const {
    while (engine_.held() < commits) std::this_thread::yield();
  }

  Clock clock_;
  Lanes lanes_{2};
  engine::FaultEngine engine_{engine::NewMemoryEngine(clock_)};
  std::unique_ptr<catalog::Catalog> catalog_ = std::move(catalog::Catalog::Open(engine_, clock_, {})).value();
  std::unique_ptr<streams::Streams> streams_ =
      std::move(streams::Streams::Open(engine_, *catalog_, clock_, {})).value();
  Sizes sizes_;
  Mutator mutator_{engine_, *streams_, sizes_};
  catalog::TableSchema table_ = TestSchema();
};

TEST_F(TransactTest, AllOrNothingWithAReasonForEach) {
  const Outcome refused = TransactNow({{"a", PutOf("a", 1)}, {"b", Fails()}, {"c", Keeps()}, {"d", Fails()}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().id, errors::kTransactionCancelled);
  EXPECT_EQ(refused.error().text,
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
            "[None, ValidationError, None, ValidationError]");
  EXPECT_EQ(NumberAt("a"), -1);
  EXPECT_TRUE(TransactNow({{"a", PutOf("a", 1)}, {"b", PutOf("b", 2)}, {"c", Keeps()}}).ok());
  EXPECT_EQ(NumberAt("a"), 1);
  EXPECT_EQ(NumberAt("b"), 2);
  EXPECT_EQ(sizes_.Of(table_.space).rows, 2);
  CheckReport report;
  ASSERT_TRUE(CheckTable(engine_, table_, &report).ok());
  EXPECT_EQ(report.faults, 0U);
}

TEST_F(TransactTest, WhoComesForAnItemThatIsHeldIsTold) {
  engine_.Hold();
  std::future<Outcome> first = Begin({{"a", PutOf("a", 1)}, {"b", PutOf("b", 1)}});
  AwaitHeld(1);
  const Outcome second = TransactNow({{"z", PutOf("z", 2)}, {"b", PutOf("b", 2)}, {"a", Keeps()}});
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(CodesOf(second.error()), ElementsAre("None", "TransactionConflict", "TransactionConflict"));
  const Result<Changed> single = PutNow("a", 3);
  ASSERT_FALSE(single.ok());
  EXPECT_EQ(single.error().id, errors::kTransactionConflict);
  const auto read = ReadNow({"y", "a"});
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(CodesOf(read.error()), ElementsAre("None", "TransactionConflict"));
  engine_.Release();
  EXPECT_TRUE(first.get().ok());
  EXPECT_TRUE(PutNow("a", 3).ok());
  EXPECT_TRUE(TransactNow({{"a", PutOf("a", 4)}}).ok());
  EXPECT_EQ((*ReadNow({"y", "a"}))[0].exists, false);
}

TEST_F(TransactTest, ASingleWriteIsWaitedFor) {
  engine_.Hold();
  std::promise<Result<Changed>> promise;
  const std::string key = KeyOf("a");
  const Deciding put = PutOf("a", 1);
  lanes_.at(1).Post([&] {
    Start(mutator_.Mutate({table_, key, put}, lanes_.at(1)),
          [&](Result<Changed> changed) { promise.set_value(std::move(changed)); });
  });
  AwaitHeld(1);
  const Deciding add = [](ItemView before) -> Result<Decision> {
    return Decision::Put(ItemOf("a", NumberIn(before) + 1));
  };
  std::future<Outcome> transaction = Begin({{"a", add}});
  engine_.Release();
  EXPECT_TRUE(promise.get_future().get().ok());
  EXPECT_TRUE(transaction.get().ok());
  EXPECT_EQ(NumberAt("a"), 2);
}

TEST_F(TransactTest, WhatIsLeftAsItIsMustNotHaveChanged) {
  ASSERT_TRUE(PutNow("a", 1).ok());
  int asked = 0;
  const Deciding check = [&](ItemView before) -> Result<Decision> {
    if (asked++ == 0) {  // somebody else's server writes the row between read and commit
      engine::Batch batch;
      batch.Put(table_.space, KeyOf("a"), ItemOf("a", 7));
      engine_.Commit(std::move(batch), nullptr, [](engine::Committed) {});
    }
    return NumberIn(before) == 1 ? Result<Decision>(Decision::Keep()) : Fail(errors::kKeyDoesNotMatchSchema);
  };
  const Outcome outcome = TransactNow({{"a", check}, {"b", PutOf("b", 1)}});
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(CodesOf(outcome.error()), ElementsAre("ValidationError", "None"));
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(NumberAt("b"), -1);
}

TEST_F(TransactTest, ALostRaceIsTriedAgain) {
  engine_.FailNext(engine::Fault::kConflict, 3);
  EXPECT_TRUE(TransactNow({{"a", PutOf("a", 1)}, {"b", PutOf("b", 1)}}).ok());
  engine_.FailNext(engine::Fault::kUnknownApplied);
  EXPECT_EQ(TransactNow({{"a", PutOf("a", 2)}}).error().id, errors::kInternal);
  EXPECT_TRUE(PutNow("a", 3).ok());  // nobody holds it any more
}

TEST_F(TransactTest, ReadsAreOfOneStateWhenTheirCommitIsRefused) {
  ASSERT_TRUE(TransactNow({{"a", PutOf("a", 1)}, {"b", PutOf("b", 1)}}).ok());
  for (const engine::Fault fault : {engine::Fault::kNone, engine::Fault::kConflict, engine::Fault::kUnavailable}) {
    if (fault != engine::Fault::kNone) engine_.FailNext(fault);
    const auto found = ReadNow({"a", "b", "c"});
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(NumberIn(ItemView((*found)[1].value.bytes)), 1);
    EXPECT_FALSE((*found)[2].exists);
  }
}

TEST_F(TransactTest, ConflictsOnDemand) {
  Conflicts& conflicts = mutator_.conflicts();
  conflicts.Want(table_.space, KeyOf("a"), Conflicts::kWrite | Conflicts::kTransaction, 2);
  EXPECT_TRUE(ReadNow({"a", "b"}).ok());
  EXPECT_EQ(PutNow("a", 1).error().id, errors::kTransactionConflict);
  EXPECT_TRUE(PutNow("b", 1).ok());
  EXPECT_THAT(CodesOf(TransactNow({{"b", Keeps()}, {"a", Keeps()}}).error()),
              ElementsAre("None", "TransactionConflict"));
  EXPECT_TRUE(PutNow("a", 1).ok());
  conflicts.Want(table_.space, KeyOf("a"), Conflicts::kRead, 5);
  EXPECT_FALSE(ReadNow({"a", "b"}).ok());
  EXPECT_TRUE(PutNow("a", 2).ok());
  conflicts.Clear();
  EXPECT_TRUE(ReadNow({"a", "b"}).ok());
}

// Moves 1 from one item to another until that has gone through often enough.
Task<Status> MoveOften(Mutator& mutator, const catalog::TableSchema& table, std::vector<std::string> pks, uint64_t seed,
                       int times, Lane& lane) {
  Random random(seed);
  while (times > 0) {
    const std::string from = pks[random.Below(pks.size())];
    const std::string to = pks[random.Below(pks.size())];
    if (from == to) continue;
    const std::string from_key = *TableKey(table, ItemView(ItemOf(from, 0)), KeySource::kItem);
    const std::string to_key = *TableKey(table, ItemView(ItemOf(to, 0)), KeySource::kItem);
    const auto take = [&](ItemView b) -> Result<Decision> { return Decision::Put(ItemOf(from, NumberIn(b) - 1)); };
    const auto give = [&](ItemView b) -> Result<Decision> { return Decision::Put(ItemOf(to, NumberIn(b) + 1)); };
    const std::vector<Change> changes = {{table, from_key, take}, {table, to_key, give}};
    const auto seal = [](const std::vector<Changed>&, engine::Batch*) { return Status(); };
    const Result<std::vector<Changed>> moved = co_await mutator.Transact(changes, false, seal, lane);
    if (moved.ok()) {
      --times;
    } else if (moved.error().id != errors::kTransactionCancelled) {
      co_return moved.error();
    } else {
      co_await Pause(lane, Duration(10));  // as long as it takes to ask again; who holds it may be on this lane
    }
  }
  co_return Status();
}

TEST_F(TransactTest, ContendedTransactionsAllComeToAnEnd) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr int kTasks = 12;
  const std::vector<std::string> pks = {"a", "b", "c", "d", "e"};
  engine_.FailByChance(0.2, {engine::Fault::kConflict}, seed);
  std::vector<std::promise<Status>> done(kTasks);
  for (size_t i = 0; i < kTasks; ++i) {
    Lane& lane = lanes_.at(i % 2);
    lane.Post([&, i] {
      Start(MoveOften(mutator_, table_, pks, seed + i, 50, lane),
            [&done, i](Status status) { done[i].set_value(std::move(status)); });
    });
  }
  for (auto& promise : done) EXPECT_TRUE(promise.get_future().get().ok());
  engine_.Heal();
  int64_t sum = 0;
  for (const std::string& pk : pks) sum += NumberAt(pk);
  EXPECT_EQ(sum, 0);
  CheckReport report;
  ASSERT_TRUE(CheckTable(engine_, table_, &report).ok());
  EXPECT_EQ(report.faults, 0U);
}

class TokensTest : public TransactTest {
 protected:
  static constexpr RequestContent kThis{1, 2};
  static constexpr RequestContent kOther{1, 3};

  Result<Tokens::Use> Begin(const std::string& token, const RequestContent& content) {
    return tokens_.Begin(catalog::kSharedNamespace, token, content, clock_.Now());
  }
  // As a transaction that is done.
  void Use(const std::string& token, const RequestContent& content, const std::string& outcome) {
    const auto use = Begin(token, content);
    ASSERT_TRUE(use.ok());
    engine::Batch batch;
    use->Remember(outcome, &batch);
    EXPECT_EQ(engine::CommitAndWait(engine_, std::move(batch)).outcome, engine::Outcome::kDone);
  }
  size_t Rows() const {
    size_t rows = 0;
    for (auto c = engine_.Range(records::kTokenSpace, {}, {}, engine::Order::kForward); c->Valid(); c->Next()) ++rows;
    return rows;
  }
  size_t Records() const {
    size_t records = 0;
    EXPECT_TRUE(engine_
                    .ReadLog(records::kTokenSpace, 0, SIZE_MAX, SIZE_MAX,
                             [&](const engine::LogRecord&) {
                               ++records;
                               return true;
                             })
                    .ok());
    return records;
  }

  Tokens tokens_{engine_};
};

TEST_F(TokensTest, RememberedForTenMinutes) {
  Use("t", kThis, "outcome");
  EXPECT_EQ(Begin("t", kThis)->done_before(), "outcome");
  EXPECT_EQ(Begin("t", kOther).error().id, errors::kTokenMismatch);
  EXPECT_FALSE(Begin("u", kThis)->done_before());
  clock_.Step(Tokens::kValid - std::chrono::seconds(5));
  EXPECT_TRUE(Begin("t", kThis)->done_before());
  clock_.Step(std::chrono::seconds(6));
  EXPECT_FALSE(Begin("t", kThis)->done_before());
  EXPECT_TRUE(Begin("t", kOther).ok());
}

TEST_F(TokensTest, InUseByOneAtATime) {
  {
    const auto use = Begin("t", kThis);
    ASSERT_TRUE(use.ok());
    EXPECT_EQ(Begin("t", kThis).error().id, errors::kTransactionInProgress);
    EXPECT_EQ(Begin("t", kOther).error().id, errors::kTokenMismatch);
    EXPECT_TRUE(Begin("u", kThis).ok());
  }
  EXPECT_TRUE(Begin("t", kOther).ok());  // what was not done is not remembered
}

TEST_F(TokensTest, ExpiredOnesAreRemoved) {
  for (int i = 0; i < 600; ++i) Use(std::to_string(i), kThis, "");
  clock_.Step(Tokens::kValid + std::chrono::seconds(1));
  Use("7", kOther, "");  // used again: its old record must not take it away
  Use("new", kThis, "");
  EXPECT_EQ(Rows(), 601U);
  engine_.FailNext(engine::Fault::kConflict);
  ASSERT_TRUE(RunOn(lanes_.at(0), [&](Lane& lane) { return tokens_.Remove(clock_.Now(), lane); }).ok());
  EXPECT_EQ(Rows(), 2U);
  EXPECT_EQ(Records(), 2U);
  EXPECT_TRUE(Begin("7", kOther)->done_before());
  EXPECT_TRUE(Begin("new", kThis)->done_before());
}

TEST_F(TokensTest, WhatCouldNotBeRemovedIsRemovedLater) {
  Use("t", kThis, "");
  clock_.Step(Tokens::kValid);
  engine_.FailNext(engine::Fault::kUnavailable);
  EXPECT_FALSE(RunOn(lanes_.at(0), [&](Lane& lane) { return tokens_.Remove(clock_.Now(), lane); }).ok());
  EXPECT_EQ(Records(), 1U);
  EXPECT_TRUE(RunOn(lanes_.at(0), [&](Lane& lane) { return tokens_.Remove(clock_.Now(), lane); }).ok());
  EXPECT_EQ(Rows(), 0U);
}

}  // namespace
}  // namespace stator::table
