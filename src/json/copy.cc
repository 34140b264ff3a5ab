#include "json/copy.h"

namespace stator::json {

void Copy(Value value, Writer& out) {
  switch (value.kind()) {
    case Kind::kNull:
      out.Null();
      return;
    case Kind::kFalse:
      out.Bool(false);
      return;
    case Kind::kTrue:
      out.Bool(true);
      return;
    case Kind::kInteger:
      out.Int(value.integer());
      return;
    case Kind::kDouble:
      out.Double(value.real());
      return;
    case Kind::kString:
      out.String(value.text());
      return;
    case Kind::kArray:
      out.BeginArray();
      for (const Value element : value.elements()) Copy(element, out);
      out.EndArray();
      return;
    case Kind::kObject:
      out.BeginObject();
      for (const Member member : value.members()) Copy(member.value, out.Key(member.name));
      out.EndObject();
      return;
  }
}

}  // namespace stator::json
