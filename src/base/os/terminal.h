// What is at the other end of a standard stream.
#pragma once

namespace stator {

enum class Stream { kOut = 1, kErr = 2 };

// Whether a person sees the stream as it is written.
bool IsTerminal(Stream);
// Columns of the terminal; 0 if it is none or does not say.
int TerminalWidth(Stream);

}  // namespace stator
