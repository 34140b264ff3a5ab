#include "text_table.h"

#include <algorithm>
#include <cstdint>

namespace stator::messages {
namespace {

constexpr int kLeastLastColumn = 20;
constexpr Bytes kGap = "  ";

// Takes one code point off the front; a broken byte stands for itself.
uint32_t TakeCodePoint(Bytes* text) {
  const auto lead = static_cast<unsigned char>(text->front());
  size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  size = std::min(size, text->size());
  uint32_t point = size == 1 ? lead : lead & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; ++i) point = point << 6 | (static_cast<unsigned char>((*text)[i]) & 0x3f);
  text->remove_prefix(size);
  return point;
}

int WidthOf(uint32_t point) {
  if (point < 32 || (point >= 0x7f && point < 0xa0)) return 0;
  if ((point >= 0x300 && point < 0x370) || point == 0x200d || (point >= 0xfe00 && point <= 0xfe0f)) return 0;
  const bool wide = (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
                    (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
                    (point >= 0xff00 && point <= 0xff60) || (point >= 0x1f300 && point <= 0x1faff);
  return wide ? 2 : 1;
}

// The bytes of the longest beginning that takes at most `width` columns.
size_t Fitting(Bytes text, int width) {
  const size_t whole = text.size();
  size_t fits = 0;
  while (!text.empty()) {
    width -= WidthOf(TakeCodePoint(&text));
    if (width < 0) break;
    fits = whole - text.size();
  }
  return fits;
}

// What a message holds must not move the cursor or colour the terminal.
std::string Printable(Bytes text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return (c >= 0 && c < 32) || c == 127; }, ' ');
  return out;
}

std::vector<std::string> Wrapped(Bytes text, int width) {
  std::vector<std::string> lines;
  while (DisplayWidth(text) > width) {
    size_t fits = std::max<size_t>(Fitting(text, width), 1);
    const size_t blank = text.substr(0, fits + 1).rfind(' ');
    if (blank != Bytes::npos && blank > 0) fits = blank;
    lines.emplace_back(text.substr(0, fits));
    text.remove_prefix(fits);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  lines.emplace_back(text);
  return lines;
}

void AppendPadded(std::string* out, Bytes text, int width) {
  out->append(text);
  out->append(static_cast<size_t>(std::max(0, width - DisplayWidth(text))), ' ');
}

void TrimRight(std::string* line) {
  while (line->ends_with(' ')) line->pop_back();
}

}  // namespace

int DisplayWidth(Bytes text) {
  int width = 0;
  while (!text.empty()) width += WidthOf(TakeCodePoint(&text));
  return width;
}

std::string Clipped(Bytes text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  return std::string(text.substr(0, Fitting(text, width - 1))) + "…";
}

std::string TextTable::Render(int width) const {
  std::vector<int> widths(head_.size());
  for (size_t i = 0; i < head_.size(); ++i) widths[i] = DisplayWidth(head_[i]);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  int before_last = 0;
  for (size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + static_cast<int>(kGap.size());
  widths.back() = std::min(widths.back(), std::max(width - before_last, kLeastLastColumn));

  std::string out;
  const auto append_row = [&](const std::vector<std::string>& cells) {
    const std::vector<std::string> tail = Wrapped(Printable(cells.back()), widths.back());
    for (size_t line_number = 0; line_number < tail.size(); ++line_number) {
      std::string line;
      for (size_t i = 0; i + 1 < cells.size(); ++i) {
        AppendPadded(&line, line_number == 0 ? Printable(cells[i]) : "", widths[i]);
        line.append(kGap);
      }
      line.append(tail[line_number]);
      TrimRight(&line);
      out.append(line).push_back('\n');
    }
  };
  append_row(head_);
  int rule = before_last + widths.back();
  while (rule-- > 0) out.append("─");
  out.push_back('\n');
  for (const auto& row : rows_) append_row(row);
  return out;
}

}  // namespace stator::messages
