// Tables and their items as JSON lines (cli/table_line.h), read by several connections at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/client.h"
#include "errors/result.h"

namespace stator::cli {

struct DumpOptions {
  std::function<std::unique_ptr<client::Client>()> connect;
  std::vector<std::string> tables;  // empty: all
  int segments = 4;                 // of each table, one connection each
  bool quiet = false;               // no progress bar
};

struct DumpedTable {
  std::string name;
  uint64_t items = 0;
};

// `write` gets whole lines, one call at a time. Items written while it runs may be in or not: it is no snapshot.
// Every table is looked at before the first line is written, so one that does not exist leaves no half of a dump.
Result<std::vector<DumpedTable>> Dump(const DumpOptions&, const std::function<Status(Bytes lines)>& write);

}  // namespace stator::cli
