#include "http/message.h"

#include "http/text.h"

namespace stator::http {

Bytes RequestHead::Find(Bytes lower_name) const {
  for (const Header& header : headers) {
    if (EqualsLower(header.name, lower_name)) return header.value;
  }
  return {};
}

}  // namespace stator::http
