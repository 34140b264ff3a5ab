// ddb patterns: the three ways in which the application reads its table.
#pragma once

#include <cstdint>
#include <string>

#include "errors/result.h"
#include "session.h"

namespace stator::messages {

// Whoever is named: a uuid as it is, a handle as seeded people have it.
std::string UserOf(Bytes name);

struct ConversationOptions {
  std::string group;          // uuid; empty: the newest conversation of `user`
  std::string user = "nora";  // handle or uuid
  std::string with;           // handle of the other person; empty: any
  std::string before;         // only older messages than this time
  uint64_t limit = 20;        // 0: all
};
// The uuid of the conversation that is meant.
Result<std::string> GroupOf(Session&, const ConversationOptions&);
// The newest messages of one conversation.
Status GetConversation(Session&, const ConversationOptions&);

struct ListOptions {
  std::string user = "nora";
  std::string before;
  uint64_t limit = 20;
};
// Conversations of one person, the last spoken in first.
Status ListConversations(Session&, const ListOptions&);

// The rows by which the members of a conversation see it, from the index.
Status ListMembers(Session&, const std::string& group);

}  // namespace stator::messages
