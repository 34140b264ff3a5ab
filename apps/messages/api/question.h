// The requests of DynamoDB that the back end makes, as JSON.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "json/value.h"

namespace stator::messages {

// A Query, newest first.
struct Question {
  std::string table;
  bool index = false;  // by message_group_uuid in the index; otherwise by pk in the table
  std::string key;
  std::string before;  // only rows with a smaller sk, if not empty
  std::string after;   // only rows with a larger one; not both
  int limit = 0;       // 0: as many as a page holds
  bool consistent = false;
  std::string start;  // LastEvaluatedKey of the page before
};
std::string QueryRequest(const Question&);

// `item`: the JSON of its attributes. Only if there is none of its key.
std::string PutNewRequest(Bytes table, Bytes item);
// Reads consistently.
std::string GetRequest(Bytes table, Bytes pk, Bytes sk);
// All of them if there is none of any one's key; otherwise nothing.
std::string PutAllNewRequest(Bytes table, const std::vector<std::string>& items);

// The text of a string attribute; empty if there is none.
Bytes TextIn(const json::Value& item, Bytes attribute);

}  // namespace stator::messages
