// The first line of each table in a dump: what CreateTable needs to make it again.
//
//   {"Table": {CREATE TABLE INPUT}, "TimeToLive": {"AttributeName": "expires", "Enabled": true}}
//
// After it come the table's items, one a line: {"Item": {ATTRIBUTES}}, the form in which DynamoDB exports to S3.
#pragma once

#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::cli {

// From the answers of DescribeTable, ListTagsOfResource ("" if unknown) and DescribeTimeToLive ("" if unknown).
// Fails with kJsonMalformed.
Result<std::string> TableLine(Bytes description, Bytes tags, Bytes time_to_live);

}  // namespace stator::cli
