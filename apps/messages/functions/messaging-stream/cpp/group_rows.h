// The calls on the table that the function makes, one method each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "client/client.h"
#include "errors/result.h"

namespace stator::messaging_stream {

// A group row: its attributes as the JSON of DynamoDB values, and the four that matter as text.
struct GroupRow {
  std::string pk, sk, group_uuid, message;
  std::map<std::string, std::string> attributes;
};

// What a move came to.
enum class Moved : uint8_t {
  kDone,
  kTaken,    // the new key is another row's
  kChanged,  // the row is no longer as it was read, or another transaction has it now
};

// Threads: one. Errors are those of client::Client::Call.
class GroupRows {
 public:
  // Borrows the client.
  GroupRows(client::Client& client, std::string table) : client_(client), table_(std::move(table)) {}

  // The rows of a conversation, by the index. It may be behind the table.
  Result<std::vector<GroupRow>> Listed(const std::string& group);
  // One member's rows of a conversation, from that time on, ascending, as they are now.
  Result<std::vector<GroupRow>> Present(const std::string& pk, const std::string& group, const std::string& since);
  // No element: there is no row of that key.
  Result<std::vector<GroupRow>> At(const std::string& pk, const std::string& sk);
  // Puts `to` and deletes `row`, as it was read, in one step or not at all.
  Result<Moved> Move(const GroupRow& row, const GroupRow& to);
  // Does nothing if the row is no longer the one that was read.
  Status Delete(const GroupRow& row);

 private:
  Result<std::vector<GroupRow>> QueryAll(const std::string& question);

  client::Client& client_;
  const std::string table_;
};

}  // namespace stator::messaging_stream
