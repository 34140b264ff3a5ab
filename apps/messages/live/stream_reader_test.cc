// The reader on a stream that the test makes: shards are lists of records, an iterator is "SHARD@INDEX".
#include "live/stream_reader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>

#include "client/json_text.h"
#include "net/caller_fake.h"

namespace stator::messages {
namespace {

struct FakeShard {
  std::string parent;
  std::vector<std::string> records;
  bool closed = false;
};

std::string Record(const std::string& pk, const std::string& text, const std::string& kind = "INSERT") {
  return R"({"eventName":")" + kind + R"(","dynamodb":{"SequenceNumber":"1","NewImage":{"pk":{"S":")" + pk +
         R"("},"sk":{"S":"2026"},"message":{"S":")" + text + R"("},"message_uuid":{"S":"u"}}}})";
}

class StreamReaderTest : public ::testing::Test {
 protected:
  StreamReaderTest() {
    caller_.answer = [this](const std::string& operation, const std::string& body) { return Answer(operation, body); };
    StreamReader::Parts parts{caller_,
                              caller_,
                              "table",
                              std::chrono::milliseconds(1),
                              [this] { OnBegun(); },
                              [this] { ++ended_; },
                              [this](Message message) { return OnTold(std::move(message)); },
                              [] { return true; }};
    reader_ = std::make_unique<StreamReader>(std::move(parts), lanes_.at(0));
    shards_["a"] = {};
  }
  ~StreamReaderTest() override {
    lanes_.at(0).Post([this] { reader_->Stop(); });
    done_.get_future().wait();
    lanes_.StopAndJoin();
  }

  void Run() {
    lanes_.Start();
    lanes_.at(0).Post([this] { Start(reader_->Run(), [this](bool) { done_.set_value(); }); });
    AwaitBegun(1);
  }
  void OnBegun() {
    const std::lock_guard lock(mutex_);
    ++begun_;
    changed_.notify_all();
  }
  Task<bool> OnTold(Message message) {
    const std::lock_guard lock(mutex_);
    told_.push_back(message.group_uuid + ":" + message.text);
    changed_.notify_all();
    co_return true;
  }
  void AwaitBegun(int times) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= times; });
  }
  std::vector<std::string> AwaitTold(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return told_.size() >= count; });
    return told_;
  }
  void Change(const std::function<void()>& change) {
    const std::lock_guard lock(mutex_);
    change();
  }

  Result<std::string> Answer(const std::string& operation, const std::string& body) {
    const std::lock_guard lock(mutex_);
    json::Document document;
    const json::Value root = *document.Parse(body);
    if (operation == "DescribeTable") return std::string(R"({"Table":{"LatestStreamArn":"arn"}})");
    if (operation == "DescribeStream") return Description();
    if (operation == "GetShardIterator") {
      const std::string shard(client::TextOf(root, "ShardId"));
      const bool latest = client::TextOf(root, "ShardIteratorType") == "LATEST";
      return R"({"ShardIterator":")" + shard + "@" + std::to_string(latest ? shards_[shard].records.size() : 0) + "\"}";
    }
    return Records(std::string(client::TextOf(root, "ShardIterator")));
  }
  std::string Description() {
    std::string list;
    for (const auto& [id, shard] : shards_) {
      list += list.empty() ? "" : ",";
      list += R"({"ShardId":")" + id + "\"" +
              (shard.parent.empty() ? "" : R"(,"ParentShardId":")" + shard.parent + "\"") +
              R"(,"SequenceNumberRange":{)" + (shard.closed ? R"("EndingSequenceNumber":"9")" : "") + "}}";
    }
    return R"({"StreamDescription":{"Shards":[)" + list + "]}}";
  }
  Result<std::string> Records(const std::string& iterator) {
    if (fault_) return *std::exchange(fault_, std::nullopt);
    const std::string id = iterator.substr(0, iterator.find('@'));
    const FakeShard& shard = shards_[id];
    const size_t from = std::stoul(iterator.substr(iterator.find('@') + 1));
    std::string list;
    for (size_t i = from; i < shard.records.size(); ++i) list += (i == from ? "" : ",") + shard.records[i];
    const std::string next = R"(,"NextShardIterator":")" + id + "@" + std::to_string(shard.records.size()) + "\"";
    return R"({"Records":[)" + list + "]" + (shard.closed ? "" : next) + "}";
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, FakeShard> shards_;
  std::optional<Error> fault_;
  std::vector<std::string> told_;
  int begun_ = 0;
  std::atomic<int> ended_ = 0;

  Lanes lanes_{1};
  FakeCaller caller_;
  std::unique_ptr<StreamReader> reader_;
  std::promise<void> done_;
};

TEST_F(StreamReaderTest, TellsOfMessagesWrittenFromNowOn) {
  shards_["a"].records = {Record("MSG#old", "before")};
  Run();
  Change([this] {
    shards_["a"].records.push_back(Record("GRP#x", "a group row"));
    shards_["a"].records.push_back(Record("MSG#g", "changed", "MODIFY"));
    shards_["a"].records.push_back(R"({"eventName":"REMOVE","dynamodb":{"SequenceNumber":"1"}})");
    shards_["a"].records.push_back(Record("MSG#g", "first"));
    shards_["a"].records.push_back(Record("MSG#g", "second"));
  });
  EXPECT_EQ(AwaitTold(2), (std::vector<std::string>{"g:first", "g:second"}));
}

TEST_F(StreamReaderTest, FollowsAShardToItsChildren) {
  Run();
  Change([this] {
    shards_["a"].records.push_back(Record("MSG#g", "1"));
    shards_["a"].closed = true;
    shards_["b"] = {"a", {Record("MSG#g", "2")}, true};
    shards_["c"] = {"b", {Record("MSG#g", "3")}, false};
    shards_["x"] = {"other", {Record("MSG#g", "never")}, false};
  });
  EXPECT_EQ(AwaitTold(3), (std::vector<std::string>{"g:1", "g:2", "g:3"}));
}

TEST_F(StreamReaderTest, BeginsAnewWhenTheWayIsLost) {
  Run();
  for (const std::string name : {"TrimmedDataAccessException", "ResourceNotFoundException"}) {
    int before = 0;
    Change([&] {
      fault_ = RemoteFault(name);
      before = begun_;
    });
    AwaitBegun(before + 1);
    EXPECT_EQ(ended_, before);
  }
  Change([this] { shards_["a"].records.push_back(Record("MSG#g", "after")); });
  EXPECT_EQ(AwaitTold(1), (std::vector<std::string>{"g:after"}));
}

TEST_F(StreamReaderTest, GoesOnAfterAFault) {
  Run();
  Change([this] {
    fault_ = RemoteFault("InternalServerError");
    shards_["a"].records.push_back(Record("MSG#g", "not lost"));
  });
  EXPECT_EQ(AwaitTold(1), (std::vector<std::string>{"g:not lost"}));
  EXPECT_EQ(begun_, 1);
  EXPECT_EQ(ended_, 0);
}

}  // namespace
}  // namespace stator::messages
