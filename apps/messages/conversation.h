// A conversation between two people, read from the form of conversations/*.txt:
//
//   # a comment
//   person HANDLE DISPLAY NAME          (twice)
//   day 2025-12-31
//   23:59 HANDLE what was written       (UTC, never going backwards)
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "rows.h"

namespace stator::messages {

struct Conversation {
  std::string name;
  std::string group_uuid;
  std::array<Person, 2> people;  // the first is the one whose part may be taken over
  std::vector<Message> messages;
};

// Who shall speak for the first person of every seeded conversation.
struct Role {
  std::string handle;
  std::string display_name;  // empty: the handle
  std::string user_uuid;     // empty: UserUuid(handle)
};

// Nothing if the text breaks the form. Messages of the same minute are some seconds apart; with a role, all are less
// than a second later.
std::optional<Conversation> ParseConversation(Bytes name, Bytes text, const std::optional<Role>& role);

// All that the program carries, the longest first.
std::vector<Conversation> SeededConversations(const std::optional<Role>& role);

}  // namespace stator::messages
