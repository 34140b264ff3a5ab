// Stored bytes to DynamoDB JSON, straight into the reply.
#include "base/base64.h"
#include "base/check.h"
#include "errors/item.h"
#include "item/wire.h"

namespace stator::item {
namespace {

// Each of these stands between quotes.
void AppendNumberText(std::string* out, Bytes ordered) {
  Number n;
  STATOR_CHECK(Number::GetOrdered(&ordered, &n) && ordered.empty());
  n.AppendText(out);
}

void AppendMember(std::string* out, Tag tag, Bytes member) {
  switch (tag) {
    case Tag::kNumberSet:
      return AppendNumberText(out, member);
    case Tag::kBinarySet:
      return AppendBase64(out, member);
    default:
      return json::AppendEscaped(out, member);
  }
}

void AppendSetText(std::string* out, Tag tag, SetView set) {
  Bytes before = "[\"";
  for (Bytes member; set.Next(&member);) {
    out->append(before);
    AppendMember(out, tag, member);
    before = "\",\"";
  }
  out->append("\"]");
}

// Recursion is bounded by the levels of a stored value, checked by whoever stored it.
void AppendText(std::string* out, ValueView value);

void AppendListText(std::string* out, ListView list) {
  out->push_back('[');
  bool comma = false;
  for (ValueView element; list.Next(&element); comma = true) {
    if (comma) out->push_back(',');
    AppendText(out, element);
  }
  out->push_back(']');
}

void AppendMapText(std::string* out, MapView map) {
  Bytes before = "{\"";
  Bytes name;
  for (ValueView value; map.Next(&name, &value);) {
    out->append(before);
    json::AppendEscaped(out, name);
    out->append("\":");
    AppendText(out, value);
    before = ",\"";
  }
  out->append(map.count() == 0 ? "{}" : "}");
}

void AppendText(std::string* out, ValueView value) {
  const Tag tag = value.tag();
  switch (tag) {
    case Tag::kNull:
      out->append(R"({"NULL":true})");
      return;
    case Tag::kFalse:
      out->append(R"({"BOOL":false})");
      return;
    case Tag::kTrue:
      out->append(R"({"BOOL":true})");
      return;
    case Tag::kNumber:
      out->append(R"({"N":")");
      AppendNumberText(out, value.ordered_number());
      out->append("\"}");
      return;
    case Tag::kString:
      out->append(R"({"S":")");
      json::AppendEscaped(out, value.bytes());
      out->append("\"}");
      return;
    case Tag::kBinary:
      out->append(R"({"B":")");
      AppendBase64(out, value.bytes());
      out->append("\"}");
      return;
    case Tag::kList:
      out->append(R"({"L":)");
      AppendListText(out, value.list());
      break;
    case Tag::kMap:
      out->append(R"({"M":)");
      AppendMapText(out, value.map());
      break;
    case Tag::kNumberSet:
      out->append(R"({"NS":)");
      AppendSetText(out, tag, value.set());
      break;
    case Tag::kStringSet:
      out->append(R"({"SS":)");
      AppendSetText(out, tag, value.set());
      break;
    case Tag::kBinarySet:
      out->append(R"({"BS":)");
      AppendSetText(out, tag, value.set());
      break;
  }
  out->push_back('}');
}

}  // namespace

void WriteValue(ValueView value, json::Writer& out) { AppendText(out.Value(), value); }
void WriteMap(MapView attributes, json::Writer& out) { AppendMapText(out.Value(), attributes); }
void WriteItem(ItemView item, json::Writer& out) { WriteMap(item.attributes(), out); }

Error AsWriteError(Error error) {
  if (error.id.OneOf({errors::kNullNotTrue, errors::kStringSetEmpty, errors::kNumberSetEmpty, errors::kBinarySetEmpty,
                      errors::kStringSetDuplicates, errors::kNumberSetDuplicates, errors::kBinarySetDuplicates})) {
    error.text.insert(0, "1 validation error detected: ");
  }
  return error;
}

}  // namespace stator::item
