// What requests say of app clients, and clients as answers show them.
#pragma once

#include "errors/result.h"
#include "json/value.h"
#include "json/writer.h"
#include "pools/pool.h"

namespace stator::services::cognito {

// What CreateUserPoolClient and UpdateUserPoolClient both set; what is not given gets its default, as on AWS.
Status ReadClient(json::Value body, const pools::Pool& pool, pools::Client* client);
// UserPoolClientType.
void WriteClient(const pools::Client& client, json::Writer& out);

}  // namespace stator::services::cognito
