// Moves a conversation to the top of its members' lists. ../README.md says why nothing is lost or doubled.
#pragma once

#include <string>

#include "batch.h"
#include "errors/result.h"
#include "group_rows.h"

namespace stator::messaging_stream {

// How many members' rows have moved.
Result<int> MoveConversation(GroupRows& rows, const NewMessage& message);

// "2025-12-31T23:59:05+00:00" as "2025-12-31T23:59:05.000001+00:00". Fails for what is no time.
Result<std::string> NextMicrosecond(Bytes stamp);

}  // namespace stator::messaging_stream
