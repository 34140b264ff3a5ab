// Content codings, gzip and deflate, and the checksum of what is sent.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace stator::http {

enum class Inflated { kIdentity, kDone, kUnknown, kBroken, kTooLarge };

// Decodes a request's body into `out`, which never grows beyond `limit` whatever `body` claims.
// `coding` is the value of Content-Encoding: gzip (any number of members), deflate (with or without zlib's wrapping;
// clients send both) or identity, which leaves `out` alone.
Inflated Inflate(Bytes coding, Bytes body, size_t limit, std::string* out);

enum class Coding { kIdentity, kGzip, kDeflate };

// How a reply's body of `size` bytes is sent to who sent that Accept-Encoding: as it is if it is below 4 KB.
Coding ChooseCoding(Bytes accept_encoding, size_t size);
// As Content-Encoding names it; empty for identity.
Bytes NameOf(Coding coding);
// Any thread. Takes 5 ms for each MB of JSON, so large bodies have no place on a lane. While it runs there is memory
// for the body and for what becomes of it.
std::string Compress(Coding coding, Bytes body);

// CRC-32 as in gzip: what x-amz-crc32 carries.
uint32_t Crc32(Bytes bytes);

}  // namespace stator::http
