// The names and values of one request while its expressions are bound to them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "errors/result.h"
#include "expression/expression.h"
#include "expression/path.h"
#include "expression/syntax.h"
#include "json/value.h"

namespace stator::expression::internal {

struct BinderState {
  struct Entry {
    Bytes key;          // with its # or :
    Bytes name;         // of a name
    std::string value;  // of a value, encoded
    bool used = false;
  };
  // In the request's order, and by key.
  struct Table {
    std::vector<Entry> entries;
    std::vector<uint32_t> by_key;

    void Sort();
    // Marks it used; null if there is none.
    const Entry* Use(Bytes key);
    // "{#a, #b}", or empty when all were used.
    std::string Unused() const;
  };
  Table names;
  Table values;
  std::vector<std::string> nested;  // the attributes that bound paths lead into

  // The bound path of a kPath node. Fails with kNameUndefined, kPathTooDeep or kPathIndexOutOfRange.
  Result<Path> BindPath(const SyntaxTree& tree, const SyntaxNode& node);
  // The encoded value of a kValue or kLiteral node; it lives as long as this and the tree. Fails with kValueUndefined.
  Result<item::ValueView> BindValue(const SyntaxTree& tree, const SyntaxNode& node);
};

// The first bare name in the text that is a reserved word.
Status CheckReserved(const SyntaxTree& tree);

// Puts "Invalid ConditionExpression: " before an error of that parameter's text.
Error InParameter(Bytes parameter, const Error& error);
// Empty and too long texts.
Status CheckText(Bytes parameter, Bytes text);

// A value as the service prints it in errors: {S:text}.
std::string ValueText(item::ValueView value);

}  // namespace stator::expression::internal
