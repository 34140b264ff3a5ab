// What requests say of pools, and pools as answers show them.
#pragma once

#include "errors/result.h"
#include "json/value.h"
#include "json/writer.h"
#include "pools/pool.h"

namespace stator::services::cognito {

// What CreateUserPool and UpdateUserPool both set; what is not given gets its default, as on AWS.
Status ReadSettings(json::Value body, pools::Pool* pool);
// What is set once: name, aliases, schema, case.
Status ReadIdentity(json::Value body, pools::Pool* pool);
// AddCustomAttributes.
Status AddCustom(json::Value body, pools::Pool* pool);
// UserPoolType. `users`: how many there are.
void WritePool(const pools::Pool& pool, uint64_t users, json::Writer& out);
// {"PreSignUp": "arn:...", ...}
void WriteTriggers(const pools::Pool& pool, json::Writer& out);

}  // namespace stator::services::cognito
