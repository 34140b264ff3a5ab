#include "base/os/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace stator {

bool IsTerminal(Stream stream) { return isatty(static_cast<int>(stream)) == 1; }

int TerminalWidth(Stream stream) {
  winsize size{};
  if (ioctl(static_cast<int>(stream), TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace stator
