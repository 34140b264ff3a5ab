#include "cli/columns.h"

#include <algorithm>

#include "base/utf8.h"

namespace stator::cli {

std::string Printable(const std::string& text) {
  std::string printable;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c1) ++i;
    printable.push_back(byte < 0x20 || byte == 0x7f || c1 ? '?' : text[i]);
  }
  return printable;
}

std::string Align(const std::vector<Cells>& lines, size_t left) {
  std::vector<size_t> widths(lines.front().size(), 0);
  for (const Cells& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], Characters(Printable(line[i])));
  }
  std::string out;
  for (const Cells& line : lines) {
    std::string text;
    for (size_t i = 0; i < line.size(); ++i) {
      const std::string cell = Printable(line[i]);
      const std::string pad(widths[i] - Characters(cell), ' ');
      if (i > 0) text.append("  ");
      text.append(i < left ? cell + pad : pad + cell);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out.append(text).push_back('\n');
  }
  return out;
}

}  // namespace stator::cli
