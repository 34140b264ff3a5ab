// What a batch of the table's stream tells of messages.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::messaging_stream {

struct NewMessage {
  std::string group_uuid;
  std::string created_at;  // the message's sk
  std::string text;
};

// The last new message of each conversation in the event, by conversation: the others would move it to where it does
// not stay. Everything that is not the INSERT of a message is passed over. Fails when `event` is not JSON.
Result<std::vector<NewMessage>> NewestMessages(Bytes event);

}  // namespace stator::messaging_stream
