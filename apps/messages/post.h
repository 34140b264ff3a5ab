// messages post: one new message in a conversation.
#pragma once

#include <string>

#include "errors/result.h"
#include "patterns.h"
#include "session.h"

namespace stator::messages {

struct PostOptions {
  ConversationOptions where;  // group, or user and with; `user` writes
  std::string text;
  double wait_seconds = 0;  // until the conversation is on top of each member's list; 0: not at all
};
Status PostMessage(Session&, const PostOptions&);

}  // namespace stator::messages
