// The files of conversations/, as they were at build time.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace stator::messages {

struct ConversationText {
  Bytes name;  // "nora-teo"
  Bytes text;
};

// In order of name.
const std::vector<ConversationText>& ConversationTexts();

}  // namespace stator::messages
