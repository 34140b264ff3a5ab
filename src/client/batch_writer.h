// Puts many items into one table: batches of 25 over several connections, whatever the service leaves unprocessed sent
// again, and an exact answer to "how far did it get?".
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "client/client.h"
#include "errors/result.h"

namespace stator::client {

// An order number and the item as the JSON of its attributes.
struct NumberedItem {
  uint64_t number = 0;  // grows from Put to Put: a line of a file, a row of a generator
  std::string json;
};

// Threads: Put and Finish belong to one thread; `on_written` is called under a lock, on any.
class BatchWriter {
 public:
  struct Options {
    std::string table;
    int threads = 4;
    std::function<std::unique_ptr<Client>()> connect;  // once for each thread
    std::function<void(uint64_t written)> on_written;  // may be empty
    std::string number_word = "item";                  // what an item's number counts, for errors
  };
  explicit BatchWriter(Options);
  ~BatchWriter();  // gives up what is not written yet

  // Waits while enough is under way. An error is that of an earlier item, and final.
  Status Put(NumberedItem);
  // Waits for the rest; the first error, if any.
  Status Finish();

  uint64_t written() const;
  // Every item with a smaller number is in the table; nothing if all that was put is.
  std::optional<uint64_t> first_unwritten() const;

 private:
  struct Batch {
    uint64_t sequence = 0;
    std::vector<NumberedItem> items;
    size_t bytes = 0;
  };

  void Work();
  std::optional<Batch> Take();
  Status Submit();
  Status Write(Client&, const Batch&);
  Status WriteSingly(Client&, const Batch&);
  void Done(const Batch&, Status);
  void Stop();

  const Options options_;
  Batch open_;  // Put's own
  uint64_t next_sequence_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> queue_;
  std::map<uint64_t, uint64_t> unfinished_;  // sequence of a batch: number of its first item
  std::optional<Error> failure_;
  uint64_t written_ = 0;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace stator::client
