// functions install: the function messaging-stream (functions/messaging-stream) on the table's stream.
#pragma once

#include <string>

#include "errors/result.h"
#include "session.h"

namespace stator::messages {

struct InstallOptions {
  std::string language;      // "cpp" or "python"; empty: cpp here, python on AWS, which lacks cpp's libraries
  std::string code;          // its file; empty: the one that came with this program
  std::string role;          // ARN; empty: one that servers of one's own accept
  double wait_seconds = 60;  // for each change to become active
};

// Makes the function and the mapping if they are missing, changes the function where it differs, and leaves the rest
// as it is; mappings of it to an earlier stream of the table are deleted. Waits until both are active.
Status InstallFunction(Session&, const InstallOptions&);

}  // namespace stator::messages
