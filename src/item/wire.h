// The wire form (DynamoDB JSON) to the stored form and back, in one pass each.
#pragma once

#include <string>

#include "errors/result.h"
#include "item/value.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::item {

// The JSON types of one attribute value and of everything below it: SerializationException with the service's text, or
// nothing. A null stands for "not given" wherever the service takes it so. Bounded by the nesting json::Document
// allows.
Status CheckValueTypes(json::Value wire);

// {"S": "x"} and its like. Shape and JSON types give SerializationException, contents ValidationException, each with
// the service's text (errors/table/item.def). Nesting deeper than kMaxLevels is refused. Safe on a value that
// CheckValueTypes has not seen: then the first error of either kind is the one returned, maps in name order.
Result<std::string> ReadValue(json::Value wire);
// Appends instead of allocating; on failure `out` is left as it was.
Status AppendValue(std::string* out, json::Value wire);
// {"name": {"S": "x"}, ...} to a stored item. Checks attribute names (up to 65,535 bytes, not empty) but not the item's
// size: the limit of 400 KB belongs to the data plane. Later members win over earlier ones of the same name.
Result<std::string> ReadItem(json::Value wire);

void WriteValue(ValueView value, json::Writer& out);
// Appends the object {"name": {...}, ...}.
void WriteItem(ItemView item, json::Writer& out);
void WriteMap(MapView attributes, json::Writer& out);

// PutItem and UpdateItem put "1 validation error detected: " before some of these texts since mid 2026
// (notes/dynamodb.md, section 5; which ones: as peers measured against the service). Other errors come back as they
// are.
Error AsWriteError(Error error);

}  // namespace stator::item
