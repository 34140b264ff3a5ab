// Reads a dump (cli/table_line.h) back into tables: creates those that are missing, then puts the items, several
// batches at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/client.h"
#include "errors/result.h"

namespace stator::cli {

struct LoadOptions {
  std::function<std::unique_ptr<client::Client>()> connect;
  std::vector<std::string> tables;  // of the dump; empty: all
  std::string into;                 // put everything into this table; the dump then holds one table at most
  uint64_t from_line = 1;           // items on earlier lines are loaded already
  uint64_t total_bytes = 0;         // for the progress bar; 0: unknown
  int threads = 4;
  bool quiet = false;
};

struct LoadedTable {
  std::string name;
  bool created = false;
  uint64_t items = 0;
};

// The next line without its end; false at the end of the input.
using NextLine = std::function<Result<bool>(std::string* line)>;

// An item replaces one of the same key, so loading twice gives the same tables. After a failure the text of the error
// ends with the line from which to go on.
Result<std::vector<LoadedTable>> Load(const LoadOptions&, const NextLine& next);

}  // namespace stator::cli
