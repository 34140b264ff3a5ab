// A condition, bound: tests on operands, and where to go from each. Made by the binder, by the legacy parameters and by
// PartiQL; evaluated by condition_eval.cc.
//
// AND, OR and NOT leave no nodes behind: each test knows the test to go on with when it holds and when it does not, so
// evaluation is a loop that touches no more than it must.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "expression/path.h"

namespace stator::expression::internal {

enum class TestOp : uint8_t {
  kEqual,
  kNotEqual,
  kDiffers,  // PartiQL's <>: false when an operand is missing
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kBetween,  // operand, lower, upper
  kIn,       // operand, then the list
  kExists,
  kNotExists,
  kHasType,  // operand, the type's name as a string
  kBeginsWith,
  kContains,
  kNotContains,  // legacy only: false when there is no attribute
};

// What size() gives, or false where it has no meaning: UTF-16 units of a string, bytes of a binary, elements, members.
bool SizeOf(item::ValueView value, int64_t* size);

struct Operand {
  enum class Kind : uint8_t { kPath, kLiteral, kSize };
  Kind kind;
  uint32_t index;  // in paths (kPath, kSize) or literals
};

struct Test {
  TestOp op;
  uint32_t first;  // of its operands
  uint32_t count;
  uint32_t if_true = 0;
  uint32_t if_false = 0;
};

struct ConditionTree {
  static constexpr uint32_t kAccept = 0xffffffff;
  static constexpr uint32_t kReject = 0xfffffffe;

  std::vector<Path> paths;
  std::vector<std::string> literals;
  std::vector<Operand> operands;
  std::vector<Test> tests;
  uint32_t start = kAccept;  // a condition without tests holds
};

// Puts a tree together from the leaves up. Nodes are numbered; every node is used once.
class ConditionBuilder {
 public:
  using Node = uint32_t;

  Operand AddPath(Path path);
  Operand AddSize(Path path);
  Operand AddLiteral(item::ValueView value);

  Node AddTest(TestOp op, const std::vector<Operand>& operands);
  Node Not(Node of);
  Node And(Node left, Node right);
  Node Or(Node left, Node right);
  // A tree that always holds.
  static std::shared_ptr<const ConditionTree> Always();
  std::shared_ptr<const ConditionTree> Finish(Node root);

 private:
  enum class Kind : uint8_t { kTest, kNot, kAnd, kOr };
  struct Part {
    Kind kind;
    Node left = 0;  // or the test
    Node right = 0;
    uint32_t first_test = 0;  // the leftmost test below
    uint32_t if_true = 0;
    uint32_t if_false = 0;
  };
  Node AddPart(Part part);

  std::shared_ptr<ConditionTree> tree_ = std::make_shared<ConditionTree>();
  std::vector<Part> parts_;
};

}  // namespace stator::expression::internal
