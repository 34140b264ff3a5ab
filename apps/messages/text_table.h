// Rows of text in columns for a terminal; the last column takes what is left and wraps between words.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace stator::messages {

// Columns that the UTF-8 text takes on a terminal: accents none, East Asian characters and emoji two.
int DisplayWidth(Bytes text);
// The first `width` columns; if anything is cut off, the last of them is an ellipsis.
std::string Clipped(Bytes text, int width);

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> head) : head_(std::move(head)) {}
  // REQUIRES: as many cells as the head has.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  // Head, a rule and the rows, at most `width` columns wide if the last column can be narrowed so far.
  std::string Render(int width) const;

 private:
  std::vector<std::string> head_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace stator::messages
