// The first line of each table in a dump: what CreateTable needs to make it again.
//
//   {"Table": {CREATE TABLE INPUT}, "TimeToLive": {"AttributeName": "expires", "Enabled": true},
//    "ResourcePolicies": [{"ResourceArn": "arn:...", "Policy": "{...}"}]}
//
// After it come the table's items, one a line: {"Item": {ATTRIBUTES}}, the form in which DynamoDB exports to S3.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::cli {

// What a service says of a table; of operations that it does not know, nothing.
struct TableAnswers {
  std::string description;        // DescribeTable
  std::vector<std::string> tags;  // ListTagsOfResource, each page
  std::string time_to_live;       // DescribeTimeToLive
  struct Policy {
    std::string arn;     // of the table, or of its stream
    std::string answer;  // GetResourcePolicy; "" if there is none
  };
  std::vector<Policy> policies;
};

// Fails with kJsonMalformed.
Result<std::string> TableLine(const TableAnswers&);

// `text`, in which what is said of the resource `from` is said of `to`: "arn:...:table/ab" is no "arn:...:table/a", and
// "arn:...:table/a/index/i" is one.
std::string WithArn(Bytes text, Bytes from, Bytes to);

}  // namespace stator::cli
