// The slow, obvious twin of the item codec: DynamoDB JSON as a tree of variants, with its sizes and its canonical text.
// For tests only; it knows no stored bytes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/random.h"
#include "item/number_twin.h"

namespace stator::item::twin {

struct Value;
struct Null {};
struct Text {
  std::string text;
};
struct Blob {
  std::string bytes;
};
using List = std::vector<Value>;
using Map = std::map<std::string, Value>;
struct NumberSet {
  std::vector<Decimal> members;
};
struct TextSet {
  std::vector<std::string> members;
};
struct BlobSet {
  std::vector<std::string> members;
};

struct Value {
  std::variant<Null, bool, Decimal, Text, Blob, List, Map, NumberSet, TextSet, BlobSet> is;
};

// What the service answers: attributes by name, set members in order, numbers plain.
std::string CanonicalText(const Map& item);
// The same item as a client might send it: members in any order, numbers spelt anyhow, escapes where none are needed.
std::string WireText(const Map& item, Random& random);
size_t SizeBytes(const Map& item);
Map RandomItem(Random& random);

}  // namespace stator::item::twin
