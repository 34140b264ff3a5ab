// The wire form (DynamoDB JSON) to the stored form and back, in one pass each.
#pragma once

#include <string>

#include "errors/result.h"
#include "item/value.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::item {

// {"S": "x"} and its like. Shape and JSON types give SerializationException, contents ValidationException, each with the
// service's text (errors/table/item.def). Nesting deeper than 32 levels is refused.
Result<std::string> ReadValue(json::Value wire);
// Appends instead of allocating.
Status AppendValue(std::string* out, json::Value wire);
// {"name": {"S": "x"}, ...} to a stored item. Checks attribute names (up to 65,535 bytes, not empty) but not the item's
// size: the limit of 400 KB belongs to the data plane. Later members win over earlier ones of the same name.
Result<std::string> ReadItem(json::Value wire);

void WriteValue(ValueView value, json::Writer& out);
// Appends the object {"name": {...}, ...}.
void WriteItem(ItemView item, json::Writer& out);
void WriteMap(MapView attributes, json::Writer& out);

}  // namespace stator::item
