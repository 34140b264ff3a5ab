// Tables for people.
#pragma once

#include <string>
#include <vector>

namespace stator::cli {

using Cells = std::vector<std::string>;

// Lines of equal length, the first of them the headings: the first `left` columns begin together, the others end
// together. Widths are counted in characters. Two spaces between columns; control characters become '?', so that what
// strangers chose as names cannot write over the terminal.
std::string Align(const std::vector<Cells>& lines, size_t left);

// Control characters as '?'.
std::string Printable(const std::string& text);

}  // namespace stator::cli
