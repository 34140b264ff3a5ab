#include "http/reply_writer.h"

#include <algorithm>
#include <charconv>

namespace stator::http {
namespace {

void AppendNumber(std::string* out, uint64_t n) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
  out->append(digits, static_cast<size_t>(end - digits));
}

// A loop: find_first_of calls memchr for every character, and this runs for every header of every reply.
bool BreaksLine(Bytes text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

void AppendHeader(std::string* out, Bytes name, Bytes value) {
  if (BreaksLine(name) || BreaksLine(value)) return;
  out->append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

Bytes ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 407:
      return "Proxy Authentication Required";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

void ReplyWriter::Refresh(MonotonicTime now) {
  const auto real = std::chrono::system_clock::now().time_since_epoch();
  const int64_t micros = std::chrono::duration_cast<Duration>(real).count();
  common_ = "Server: Stator\r\nDate: " + FormatHttpDate(Time{micros}) + "\r\n";
  valid_until_ = now + Duration(1'000'000 - micros % 1'000'000);
}

void ReplyWriter::AppendHead(std::string* out, const Reply& reply, const Framing& framing, MonotonicTime now) {
  if (now >= valid_until_) Refresh(now);
  if (reply.status == 200) {
    out->append("HTTP/1.1 200 OK\r\n");
  } else {
    out->append("HTTP/1.1 ");
    AppendNumber(out, static_cast<uint64_t>(reply.status));
    out->append(" ").append(ReasonPhrase(reply.status)).append("\r\n");
  }
  out->append(common_);
  if (!reply.content_type.empty()) AppendHeader(out, "Content-Type", reply.content_type);
  for (const auto& [name, value] : reply.headers) AppendHeader(out, name, value);
  if (!framing.content_encoding.empty()) AppendHeader(out, "Content-Encoding", framing.content_encoding);
  if (framing.crc32) {
    out->append("x-amz-crc32: ");
    AppendNumber(out, *framing.crc32);
    out->append("\r\n");
  }
  if (framing.endless) {
    if (framing.version_minor > 0) out->append("Transfer-Encoding: chunked\r\n");
  } else if (reply.status != 204 && reply.status != 304) {
    out->append("Content-Length: ");
    AppendNumber(out, framing.content_length);
    out->append("\r\n");
  }
  if (!framing.keep_alive) {
    out->append("Connection: close\r\n");
  } else if (framing.version_minor == 0) {
    out->append("Connection: keep-alive\r\n");
  }
  out->append("\r\n");
}

}  // namespace stator::http
