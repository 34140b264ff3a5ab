// An Error as the client reads it, in the form of the operation's protocol: {"__type": "prefix#Name", "message":
// "..."}, or a header x-amzn-ErrorType and {"Type": "User", "message": "..."}; and its status.
#pragma once

#include <string>

#include "dispatch/operation.h"
#include "errors/error.h"
#include "http/message.h"

namespace stator::dispatch {

// `operation` adds the error's detail; may be null, then the protocol is DynamoDB's.
http::Reply ErrorReply(const Error& error, const Operation* operation);
// Without an operation to ask.
http::Reply ErrorReply(const Error& error, Protocol protocol);

}  // namespace stator::dispatch
