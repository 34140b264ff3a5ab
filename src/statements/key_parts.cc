#include "statements/key_parts.h"

#include <algorithm>

#include "item/value.h"

namespace stator::statements::internal {
namespace {

using expression::KeyComparison;
using item::ValueView;
using partiql::Conjunct;

bool AllOfType(const std::vector<std::string>& values, item::Tag type) {
  return std::all_of(values.begin(), values.end(),
                     [type](const std::string& value) { return ValueView(value).tag() == type; });
}

}  // namespace

const Conjunct* KeyParts::Take(const std::string& attribute, bool several) {
  const std::vector<Conjunct>& all = where_.conjuncts();
  for (size_t i = 0; i < all.size(); ++i) {
    const Conjunct& one = all[i];
    const bool fits = several ? one.comparison && one.op == KeyComparison::Op::kEqual : one.equality();
    if (!fits || one.attribute != attribute) continue;
    used_.push_back(i);
    return &one;
  }
  return nullptr;
}

const Conjunct* KeyParts::TakeEquality(const std::string& attribute) { return Take(attribute, false); }

const Conjunct* KeyParts::TakeValues(const std::string& attribute) {
  const Conjunct* one = Take(attribute, false);
  return one ? one : Take(attribute, true);
}

// The first may be of any type, for the call to refuse; others only if they certainly narrow the range. begins_with
// only as the first.
std::vector<KeyComparison> KeyParts::TakeComparisons(const catalog::KeyAttribute& attribute) {
  std::vector<KeyComparison> found;
  const std::vector<Conjunct>& all = where_.conjuncts();
  for (size_t i = 0; i < all.size(); ++i) {
    const Conjunct& one = all[i];
    if (!one.comparison || one.attribute != attribute.name || one.op == KeyComparison::Op::kEqual) continue;
    const bool plain = one.op != KeyComparison::Op::kBeginsWith && AllOfType(one.values, attribute.type);
    if (!found.empty() && !plain) continue;
    used_.push_back(i);
    found.push_back(one.AsKey());
  }
  return found;
}

std::optional<std::string> KeyParts::TakeWholeKey() {
  const std::vector<size_t> before = used_;
  std::vector<item::Attribute> attributes;
  for (const auto* part : {&key_.hash, &key_.range}) {
    for (const catalog::KeyAttribute& attribute : *part) {
      const Conjunct* one = TakeEquality(attribute.name);
      if (!one) {
        used_ = before;
        return std::nullopt;
      }
      attributes.push_back({attribute.name, ValueView(one->values[0])});
    }
  }
  return item::MakeItem(std::move(attributes));
}

}  // namespace stator::statements::internal
