// `cruddur cognito ...` on the command line.
#pragma once

#include "command_line.h"

namespace stator::messages {

void AddCognitoCommands(Commands&);

}  // namespace stator::messages
