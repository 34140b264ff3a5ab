// Entries and versions as records. docs/formats/functions.md.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "functions/entry.h"

namespace stator::functions {

inline constexpr uint8_t kFormat = 1;  // of both records

// A version: of its code, the folder's name only, if the folder is the server's own.
std::string EncodeFunction(const Function& function);
// `code_folder` is what was written. Nothing: it is damaged or of another format.
std::optional<Function> DecodeFunction(uint8_t format, Bytes bytes);

// An entry with $LATEST; published versions have records of their own.
std::string EncodeEntry(const Entry& entry);
struct DecodedEntry {
  Entry entry;  // without `latest`
  Function latest;
};
std::optional<DecodedEntry> DecodeEntry(uint8_t format, Bytes bytes);

// Whether publishing `a` after `b` would bring nothing new.
bool SameContent(const Function& a, const Function& b);

}  // namespace stator::functions
