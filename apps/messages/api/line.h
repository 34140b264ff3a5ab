// cruddur serve: words to options.
#pragma once

#include "command_line.h"

namespace stator::messages {

void AddServeCommand(Commands& commands, CLI::App* app);

}  // namespace stator::messages
