// A Lambda function for the table's stream (NEW_IMAGE), on the provided.* runtimes. TABLE_NAME names the table;
// AWS_ENDPOINT_URL is followed where it is set.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "batch.h"
#include "client/connect.h"
#include "group_rows.h"
#include "move.h"
#include "rows.h"
#include "runtime_client/runtime_client.h"

namespace stator::messaging_stream {
namespace {

using runtime_client::Answer;

constexpr size_t kThreads = 8;  // that wait for the table at once

// A thread's own connection.
struct Hand {
  Hand(client::Target target, const std::string& table) : client(std::move(target)), rows(client, table) {}
  client::Client client;
  GroupRows rows;
};
using Hands = std::deque<Hand>;

Answer Failure(const Error& error) {
  const client::RemoteError* remote = client::AsRemote(error);
  return Answer::Failed(remote ? remote->name : std::string(NameOf(error.id)), error.text);
}

// The conversations of one batch: each is another, so they can move at the same time.
class Batch {
 public:
  explicit Batch(const std::vector<NewMessage>& messages) : messages_(messages) {}

  // How many rows have moved, or the first error.
  Result<int> Move(Hands& hands) {
    std::vector<std::thread> threads;
    for (size_t i = 1; i < std::min(hands.size(), messages_.size()); ++i) {
      threads.emplace_back([this, &hand = hands[i]] { Work(hand.rows); });
    }
    Work(hands[0].rows);
    for (std::thread& thread : threads) thread.join();
    if (failure_) return *failure_;
    return total_;
  }

 private:
  void Work(GroupRows& rows) {
    for (size_t at = next_++; at < messages_.size(); at = next_++) {
      const NewMessage& message = messages_[at];
      const auto moved = MoveConversation(rows, message);
      const std::lock_guard lock(mutex_);
      if (!moved.ok()) {
        if (!failure_) failure_ = moved.error();
        next_ = messages_.size();  // the batch will be repeated
        return;
      }
      std::printf("conversation %s: %d rows moved to %s\n", message.group_uuid.c_str(), *moved,
                  message.created_at.c_str());
      total_ += *moved;
    }
  }

  const std::vector<NewMessage>& messages_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;
  int total_ = 0;  // under mutex_, like failure_
  std::optional<Error> failure_;
};

Answer Handle(Hands& hands, const runtime_client::Event& event) {
  const auto messages = NewestMessages(event.payload);
  if (!messages.ok()) return Failure(messages.error());
  const auto moved = Batch(*messages).Move(hands);
  if (!moved.ok()) return Failure(moved.error());
  return Answer::Of("{\"rows_moved\": " + std::to_string(*moved) + "}");
}

bool IsSet(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

int Main() {
  client::Wish wish;
  wish.aws = !IsSet("AWS_ENDPOINT_URL") && !IsSet("AWS_ENDPOINT_URL_DYNAMODB");
  auto target = client::Connect(wish, client::RealSurroundings());
  if (!target.ok()) return runtime_client::FailInit("Function.Configuration", target.error().text);
  const char* table = std::getenv("TABLE_NAME");
  Hands hands;
  for (size_t i = 0; i < kThreads; ++i) {
    hands.emplace_back(*target, IsSet("TABLE_NAME") ? table : std::string(messages::kDefaultTable));
  }
  return runtime_client::Run([&hands](const runtime_client::Event& event) { return Handle(hands, event); });
}

}  // namespace
}  // namespace stator::messaging_stream

int main() { return stator::messaging_stream::Main(); }
