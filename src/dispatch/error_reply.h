// An Error as the client reads it: {"__type": "prefix#Name", "message": "..."} and its status.
#pragma once

#include <string>

#include "dispatch/operation.h"
#include "errors/error.h"
#include "http/message.h"

namespace stator::dispatch {

// `operation` adds the error's detail; may be null.
http::Reply ErrorReply(const Error& error, const Operation* operation);

}  // namespace stator::dispatch
