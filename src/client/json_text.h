// A parsed value back as text; for passing on parts of an answer.
#pragma once

#include <string>

#include "json/value.h"

namespace stator::client {

void AppendJson(std::string* out, const json::Value&);
std::string JsonText(const json::Value&);

// The text of a string member, or an empty view when it is absent or something else. REQUIRES: object.is_object().
Bytes TextOf(const json::Value& object, Bytes name);

}  // namespace stator::client
