// Reading what CreateFunction and UpdateFunctionConfiguration say of a function.
#pragma once

#include "functions/function.h"
#include "services/lambda/service.h"

namespace stator::services::lambda {

// Takes over every member that is there; the others stay as they are. What the shape cannot say is checked here: the
// runtime, the environment, layers.
Status ReadConfiguration(json::Value body, functions::Function* function);

// Where the code of a request lies: ZipFile, or S3Bucket "hot-reload" with a folder's path as S3Key. `source`: the
// object with these members. The task goes on on the call's lane.
Task<Result<functions::Code>> ReadCode(Needs needs, std::string name, json::Value source, Bytes blob, Lane& lane);
// Makes the function run it.
void UseCode(const functions::Code& code, functions::Function* function);

}  // namespace stator::services::lambda
