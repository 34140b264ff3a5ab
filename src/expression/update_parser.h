// SET, REMOVE, ADD and DELETE sections to their syntax.
#pragma once

#include "expression/syntax.h"

namespace stator::expression::internal {

enum class Section : uint8_t { kSet, kRemove, kAdd, kDelete };
inline constexpr size_t kSections = 4;
Bytes SectionName(Section);

struct SyntaxAction {
  Section section;
  uint32_t path;       // node
  uint32_t value = 0;  // node; none for REMOVE
};

struct UpdateSyntax {
  SyntaxTree tree;
  std::vector<SyntaxAction> actions;
  // The sections in the order written; one that stands twice is the binder's to refuse.
  std::vector<Section> sections;
};

Status ParseUpdateSyntax(Lexer& lexer, UpdateSyntax& syntax);

}  // namespace stator::expression::internal
