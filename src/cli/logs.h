// `stator logs`: the log lines of a function, those there are and those to come.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "base/clock.h"
#include "client/client.h"
#include "errors/result.h"

namespace stator::cli {

struct LogsOptions {
  std::string group;   // "/aws/lambda/NAME"
  std::string filter;  // a filter pattern; empty: everything
  bool json = false;   // one event a line, as the API gives it
};

// "/aws/lambda/NAME" of a function's name; a name with a slash is a group's already.
std::string GroupOfFunction(const std::string& name);

// Reads events in order of their time, each once: every read begins a while before the newest event seen, for events
// that arrive late, and leaves out what it has given already.
class LogTail {
 public:
  // Borrows the client.
  LogTail(client::Client& client, LogsOptions options, int64_t from_millis)
      : client_(client), options_(std::move(options)), from_(from_millis), newest_(from_millis) {}

  // Hands the lines of all new events to `print`, page by page. ResourceNotFoundException: there is no such group.
  Status Read(const std::function<void(Bytes lines)>& print);

 private:
  Result<std::string> ReadPage(const std::string& token, std::string* lines);

  client::Client& client_;
  const LogsOptions options_;
  int64_t from_;                                    // never before this
  int64_t newest_;                                  // time of the newest event seen
  std::set<std::pair<int64_t, std::string>> seen_;  // time and id of events that may come again
};

}  // namespace stator::cli
