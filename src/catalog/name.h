// The name of a table, as clients give it: bare, or inside an ARN.
#pragma once

#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::catalog {

// The bare name in `name_or_arn`, borrowed from it. An ARN is arn:PARTITION:dynamodb:REGION:ACCOUNT:table/NAME, with
// anything after a further slash (an index, a stream) refused. ValidationException for a malformed name or ARN.
Result<Bytes> TableNameOf(Bytes name_or_arn);

// What CreateTable demands of a new name.
Status CheckNewTableName(Bytes name);

// The table of the ARN that tags and policies name. ValidationException "Invalid TableArn: ...".
Result<Bytes> TableNameOfResource(Bytes arn);

std::string TableArn(Bytes region, Bytes account, Bytes name);

}  // namespace stator::catalog
