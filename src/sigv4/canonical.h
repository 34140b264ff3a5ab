// The canonical form of a request: the text over which a signature is made and checked.
//
// Source: "Create a signed AWS API request" in the IAM user guide. Pure functions over the request as it stands on the
// wire, so that the one who signs and the one who verifies share them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace stator::sigv4 {

struct Field {
  Bytes name;  // in any case
  Bytes value;
};

struct Request {
  Bytes method;
  Bytes path;   // as sent, without the query
  Bytes query;  // as sent, without '?'
  std::span<const Field> headers;
};

enum class PathRule {
  kEncodeTwice,  // every service but S3: normalise the path as sent, then encode its segments once more
  kAsSent,       // S3
};

std::string CanonicalPath(Bytes path, PathRule);

// Decodes and encodes each name and value, then sorts. Leaves out `X-Amz-Signature`, which signs the rest.
std::string CanonicalQuery(Bytes query);

// "name:value\n" for each of `signed_names`, in their order: values trimmed, runs of spaces made one, the values of a
// repeated header joined by commas. A name that is not among the headers has an empty value.
// REQUIRES: signed_names are lower case.
std::string CanonicalHeaders(std::span<const Field> headers, std::span<const std::string> signed_names);

// The names of all headers: lower case, sorted, each once.
std::vector<std::string> HeaderNames(std::span<const Field> headers);
// "content-type;host;x-amz-date"
std::string JoinNames(std::span<const std::string> names);

// `payload_hash` is the lower-case hexadecimal SHA-256 of the body, or what x-amz-content-sha256 says instead of it.
std::string CanonicalRequest(const Request&, std::span<const std::string> signed_names, Bytes payload_hash,
                             PathRule = PathRule::kEncodeTwice);

}  // namespace stator::sigv4
