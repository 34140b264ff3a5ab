// ddb seed: the written conversations, or any amount of made-up ones.
#pragma once

#include <optional>

#include "conversation.h"
#include "errors/result.h"
#include "session.h"
#include "synthetic.h"

namespace stator::messages {

Status SeedConversations(Session&, const std::optional<Role>&);
Status SeedSynthetic(Session&, const SyntheticPlan&, int threads);

}  // namespace stator::messages
