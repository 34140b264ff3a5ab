#include "item/select.h"

#include "item/encode.h"

namespace stator::item {

// Both lists are sorted, so one walk finds what they share.
std::string SelectAttributes(ItemView item, const std::vector<std::string>& sorted_names) {
  std::string body;
  size_t count = 0;
  size_t size = 0;
  auto wanted = sorted_names.begin();
  Bytes name;
  ValueView value;
  for (MapView walk = item.attributes(); wanted != sorted_names.end() && walk.Next(&name, &value);) {
    while (wanted != sorted_names.end() && *wanted < name) ++wanted;
    if (wanted == sorted_names.end() || *wanted != name) continue;
    PutLengthPrefixed(&body, name);
    body.append(value.encoded());
    size += name.size() + value.size_bytes();
    ++count;
  }
  std::string out;
  out.reserve(internal::kItemHeader + 2 + body.size());
  internal::BeginItem(&out, count);
  out.append(body);
  internal::EndItem(&out, 0, size);
  return out;
}

}  // namespace stator::item
