#include "pools/pool.h"

#include <algorithm>

#include "pools/standard_attributes.h"

namespace stator::pools {
namespace {

const Attribute* FindIn(const std::vector<Attribute>& list, const std::string& wanted) {
  const auto found = std::find_if(list.begin(), list.end(), [&wanted](const auto& a) { return a.name == wanted; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

bool Client::Allows(const std::string& flow) const {
  return std::find(flows.begin(), flows.end(), flow) != flows.end();
}

const Attribute* Pool::Find(const std::string& attribute) const {
  if (const Attribute* found = FindIn(custom, attribute)) return found;
  if (const Attribute* found = FindIn(changed_standard, attribute)) return found;
  return FindIn(StandardAttributes(), attribute);
}

std::string Pool::Fold(const std::string& text) const {
  std::string folded = text;
  if (case_sensitive) return folded;
  for (char& c : folded) c = 'A' <= c && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return folded;
}

std::vector<Attribute> Pool::Schema() const {
  std::vector<Attribute> all;
  for (const Attribute& standard : StandardAttributes()) all.push_back(*Find(standard.name));
  all.insert(all.end(), custom.begin(), custom.end());
  return all;
}

}  // namespace stator::pools
