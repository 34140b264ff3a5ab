// How command line programs say that something failed.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::client {

// The error's name: the server's own if one answered, else ours. Borrowed from the error.
std::string_view ErrorName(const Error& error);

// "PROGRAM: TEXT", or {"error":{"name":...,"message":...}}; without a newline.
std::string Complaint(Bytes program, Bytes name, Bytes text, bool as_json);

}  // namespace stator::client
