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

// Compresses a reply's body of 4 KB or more in place if that Accept-Encoding allows it. The coding used, or empty.
Bytes CompressReply(Bytes accept_encoding, std::string* body);

// CRC-32 as in gzip: what x-amz-crc32 carries.
uint32_t Crc32(Bytes bytes);

}  // namespace stator::http
