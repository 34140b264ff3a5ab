// `cruddur db ...` on the command line: words to options to the functions of commands.h and local_postgres.h.
#pragma once

#include "command_line.h"

namespace stator::messages {

void AddDbCommands(Commands&);

}  // namespace stator::messages
