// Rows as they come back: the answers of Query and Scan, page after page.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/client.h"
#include "errors/result.h"
#include "json/value.h"

namespace stator::messages {

// Attribute names and values. Strings and numbers as they are, everything else as the JSON of its DynamoDB value.
using Row = std::map<std::string, std::string, std::less<>>;

Bytes Attribute(const Row&, Bytes name);  // empty if the row has none of that name
Row ReadRow(const json::Value& item);

struct RowQuery {
  std::string table;
  std::string index;  // empty: the table
  std::string key_name;
  std::string key;
  std::string before;  // only rows with a smaller sk, if not empty
  uint64_t limit = 0;  // 0: all
};

struct RowPage {
  std::vector<Row> rows;
  bool more = false;  // the limit ended it, not the key
};

// Newest first: descending sk.
Result<RowPage> QueryRows(client::Client&, const RowQuery&);

// Every item of the table, as often as `see` says true; `see` gets the item's DynamoDB JSON as a value.
Status ScanItems(client::Client&, const std::string& table, const std::function<bool(const json::Value&)>& see);

}  // namespace stator::messages
