// The name of a table, as clients give it: bare, or inside an ARN.
#pragma once

#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::catalog {

// What a name is given for decides how one of a wrong length is refused: CreateTable and the data plane have the words
// of the model, the data plane's minimum is 1 (one that is too short is a table that is not there), the other control
// operations have words of their own.
enum class NameFor : uint8_t { kNewTable, kTable, kItems };

// The bare name in `name_or_arn`, borrowed from it. An ARN is arn:PARTITION:dynamodb:REGION:ACCOUNT:table/NAME, with
// anything after a further slash (an index, a stream) refused. ValidationException for a malformed name or ARN.
Result<Bytes> TableNameOf(Bytes name_or_arn, NameFor use);

// The table of the ARN that tags and policies name. ValidationException "Invalid TableArn: ...".
Result<Bytes> TableNameOfResource(Bytes arn);

std::string TableArn(Bytes region, Bytes account, Bytes name);

}  // namespace stator::catalog
