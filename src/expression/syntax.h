// The tree of a text before names and values are known: what the parsers make and the binders read.
//
// Nodes lie in one vector, children before parents, so every pass over a tree is a loop. Texts borrow from the
// expression.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "errors/result.h"
#include "expression/lexer.h"

namespace stator::expression::internal {

inline constexpr size_t kMaxExpressionBytes = 4096;
inline constexpr size_t kMaxOperators = 300;
inline constexpr size_t kMaxInOperands = 100;
inline constexpr uint32_t kMaxListIndex = 0x7fffffff;

struct SyntaxStep {
  enum class Kind : uint8_t {
    kName,
    kNameRef,
    kIndex,
    kPlainName,  // a name that is never a reserved word (PartiQL)
  };
  Kind kind;
  Bytes text;  // the name, "#name", or the digits
};

enum class NodeKind : uint8_t {
  kPath,     // `first`, `count`: its steps
  kValue,    // `text`: ":value"
  kLiteral,  // `first`: in SyntaxTree::literals (PartiQL)
  kCall,     // `text`: the function's name; children are the arguments
  kCompare,  // `text`: the operator; != is PartiQL's, and false when an operand is missing
  kBetween,  // children: operand, lower and upper bound
  kIn,       // children: operand, then the list
  kNot,
  kAnd,
  kOr,
  kSum,  // `text`: + or -
};

struct SyntaxNode {
  NodeKind kind;
  Bytes text;
  uint32_t first = 0;  // children in SyntaxTree::children, or a path's steps
  uint32_t count = 0;
};

inline bool IsValue(const SyntaxNode& node) { return node.kind == NodeKind::kValue || node.kind == NodeKind::kLiteral; }

struct SyntaxTree {
  // Room for what most expressions need.
  SyntaxTree() {
    nodes.reserve(16);
    children.reserve(16);
    steps.reserve(8);
  }

  std::vector<SyntaxNode> nodes;
  std::vector<uint32_t> children;
  std::vector<SyntaxStep> steps;
  std::vector<std::string> literals;  // encoded
  size_t operators = 0;
  bool redundant_parentheses = false;

  uint32_t Child(const SyntaxNode& node, uint32_t i) const { return children[node.first + i]; }
  const SyntaxNode& ChildNode(const SyntaxNode& node, uint32_t i) const { return nodes[Child(node, i)]; }
};

// A path at the current token, appended as a node. `index` is the node.
Status ParsePath(Lexer& lexer, SyntaxTree& tree, uint32_t* index);

Status CheckOperators(const SyntaxTree& tree);

}  // namespace stator::expression::internal
