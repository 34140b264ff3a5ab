// Members of requests and replies that many operations have. Requests have been checked against their shapes.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "dispatch/operation.h"
#include "json/value.h"
#include "json/writer.h"
#include "pools/accounts.h"
#include "pools/auth.h"

namespace stator::services::cognito {

// A string member, empty when absent.
std::string Text(json::Value body, Bytes name);
std::optional<std::string> GivenText(json::Value body, Bytes name);
// Null counts as absent.
bool Flag(json::Value body, Bytes name, bool otherwise);
int64_t Number(json::Value body, Bytes name, int64_t otherwise);
std::vector<std::string> Texts(json::Value body, Bytes name);
// [{"Name": ..., "Value": ...}]: a repeated name keeps its last value, an absent value is "".
pools::Pairs AttributeList(json::Value body, Bytes name);
// {"a": "b"}
pools::Pairs TextMap(json::Value body, Bytes name);

// [{"Name": ..., "Value": ...}], the sub first. `wanted` (if not null) narrows them.
void WriteAttributes(const pools::User& user, const std::vector<std::string>* wanted, json::Writer& out);
// Seconds since 1970 with milliseconds.
void WriteTime(Time time, json::Writer& out);
// {"Destination": ..., "DeliveryMedium": ..., "AttributeName": ...}
void WriteDelivery(const pools::Delivery& delivery, json::Writer& out);
// AuthenticationResultType.
void WriteTokens(const pools::AuthAnswer& answer, json::Writer& out);
// The answer of InitiateAuth and RespondToAuthChallenge.
std::string WriteAuthAnswer(const pools::AuthAnswer& answer);

// "{}", or the error.
dispatch::Answer Nothing(const Status& status);

}  // namespace stator::services::cognito
