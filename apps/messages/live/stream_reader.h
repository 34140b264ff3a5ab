// Reads the stream of the table and tells of the messages that were written: whoever wrote them, through this program
// or another. Asks GetRecords of each open shard in turn; at once when it is rung, otherwise at its pace. A shard that
// is closed is followed by its children. When something may have been missed (the stream was made anew, records were
// trimmed) it begins anew at the stream's end, and says so.
//
// Threads: its lane.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/lane.h"
#include "base/task.h"
#include "errors/result.h"
#include "json/value.h"
#include "live/alarm.h"
#include "net/caller.h"
#include "rows.h"

namespace stator::messages {

class StreamReader {
 public:
  struct Parts {
    Caller& table_caller;
    Caller& stream_caller;
    std::string table;
    Duration pace;  // between two looks when nothing is known to be there
    // The stream is being read from its end on: what is written from now on is told.
    std::function<void()> begun;
    // It no longer is, until `begun` is called again.
    std::function<void()> ended;
    std::function<Task<bool>(Message)> told;  // a new message; the next one waits for it
    std::function<bool()> wanted;             // false: nobody would listen
  };
  StreamReader(Parts parts, Lane& lane);

  // There is something to read, or somebody to tell.
  void Ring() { alarm_.Ring(); }
  // Reads until Stop; done then.
  Task<bool> Run();
  void Stop();

 private:
  struct Shard {
    std::string id;
    std::string iterator;  // empty: to be asked for, after `last`
    std::string last;      // sequence number of the last record
    bool from_start = false;
  };
  struct Page {
    std::vector<Message> messages;
    size_t records = 0;
    bool closed = false;
  };
  struct Described {
    std::string id, parent;
    bool closed = false;
  };

  Task<Result<bool>> Begin();
  Task<Result<std::string>> FindStream();
  Task<Result<std::vector<Described>>> Describe();
  Task<Result<bool>> Aim(size_t shard);
  Task<Result<bool>> Follow(size_t shard);
  Task<Result<size_t>> Look();
  Task<Result<Page>> Read(size_t shard);
  Result<Page> TakePage(Shard* shard, Bytes answer);
  Task<bool> Watch();

  const Parts parts_;
  Alarm alarm_;
  std::string stream_;
  std::vector<Shard> shards_;
  json::Document document_;  // never across a co_await
  bool stopping_ = false;
};

}  // namespace stator::messages
