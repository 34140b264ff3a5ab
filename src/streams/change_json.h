// A change as clients and functions see it. Source: notes/lambda.md, section 3.
#pragma once

#include "json/writer.h"
#include "streams/change.h"

namespace stator::streams {

enum class Flavour : uint8_t {
  kApi,     // a record of GetRecords
  kLambda,  // a record of a function's event: has eventSourceARN, spells userIdentity in lower case, times as 1.0
};

// Appends the record as one JSON object; images as the stream's view type has them.
void WriteChange(const Stream& stream, const Change& change, Flavour flavour, json::Writer& out);

// What SizeBytes says: the keys and the images of the view, names and values.
size_t SizeBytes(const Stream& stream, const Change& change);

// The record's eventID: 32 hex digits, the same whenever it is read.
std::string EventId(const Stream& stream, engine::Position position);

}  // namespace stator::streams
