// From a message in the table's stream to what its conversation's members are told. Threads: its lane.
#pragma once

#include "api/conversations.h"
#include "base/lane.h"
#include "live/hub.h"

namespace stator::messages {

// A Message of api/openapi.json with `other`, as each member is told it.
std::vector<Told> ToldOf(const Message& message, const Members& members);

class Teller {
 public:
  Teller(Conversations& conversations, Hub& hub, Lane& lane) : conversations_(conversations), hub_(hub), lane_(lane) {}
  // Whether anybody could be told.
  Task<bool> Tell(Message message);

 private:
  Conversations& conversations_;
  Hub& hub_;
  Lane& lane_;
};

}  // namespace stator::messages
