#include "api/web_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "api/problem.h"
#include "errors/client.h"
#include "sigv4/digest.h"

namespace stator::messages {
namespace {

constexpr Bytes kIndex = "/index.html";
constexpr Bytes kAssets = "/assets/";

Bytes TypeOf(Bytes path) {
  constexpr std::array<std::pair<Bytes, Bytes>, 16> kTypes = {{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

bool Compresses(Bytes type) {
  return type.starts_with("text/") || type.starts_with("application/json") || type.starts_with("image/svg");
}

// A browser that goes to an address, or somebody with a command line; not a picture or script that is missing.
bool WantsPage(Bytes accept) { return accept.empty() || accept == "*/*" || accept.find("text/html") != Bytes::npos; }

std::string PolicyFor(const std::string& connect) {
  return "default-src 'self'; connect-src 'self'" + (connect.empty() ? "" : " " + connect) +
         "; img-src 'self' data:; style-src 'self'; object-src 'none'; base-uri 'none'; "
         "form-action 'self'; frame-ancestors 'none'";
}

http::Reply NotBuilt() {
  http::Reply reply;
  reply.status = 503;
  reply.content_type = "text/plain; charset=utf-8";
  reply.body = "The page is not built: run `bin/run`, or name its folder with --web.\n";
  return reply;
}

}  // namespace

Result<WebFiles> WebFiles::Load(const std::string& folder, const std::string& connect) {
  namespace fs = std::filesystem;
  WebFiles web;
  web.policy_ = PolicyFor(connect);
  std::error_code error;
  if (folder.empty() || !fs::is_directory(folder, error)) return web;
  size_t total = 0;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    std::ifstream in(at->path(), std::ios::binary);
    std::string body((std::istreambuf_iterator<char>(in)), {});
    total += body.size();
    if (!in || total > kMostBytes) {
      return Fail(errors::kFileFailed, at->path().string(), in ? "the page is larger than 64 MB" : "cannot be read");
    }
    const std::string path = "/" + at->path().lexically_relative(folder).generic_string();
    const std::string etag = "\"" + sigv4::Sha256Hex(body).substr(0, 32) + "\"";
    web.files_[path] = File{std::move(body), std::string(TypeOf(path)), etag, path.starts_with(kAssets)};
  }
  if (error) return Fail(errors::kFileFailed, folder, error.message());
  return web;
}

http::Reply WebFiles::Answer(const http::RequestHead& head) const {
  if (files_.empty()) return NotBuilt();
  auto file = files_.find(head.path == "/" ? kIndex : head.path);
  if (file == files_.end() && !head.path.starts_with(kAssets) && WantsPage(head.Find("accept"))) {
    file = files_.find(kIndex);
  }
  return file == files_.end() ? ProblemReply(problems::kNotFound) : Send(head, file->second);
}

http::Reply WebFiles::Send(const http::RequestHead& head, const File& file) const {
  http::Reply reply;
  reply.headers = {{"Cache-Control", file.kept ? "public, max-age=31536000, immutable" : "no-cache"},
                   {"ETag", file.etag},
                   {"X-Content-Type-Options", "nosniff"},
                   {"Referrer-Policy", "same-origin"}};
  if (file.type.starts_with("text/html")) reply.headers.emplace_back("Content-Security-Policy", policy_);
  if (head.Find("if-none-match") == file.etag) {
    reply.status = 304;
    return reply;
  }
  reply.content_type = file.type;
  reply.compress = Compresses(file.type);
  if (reply.compress) reply.headers.emplace_back("Vary", "Accept-Encoding");
  reply.body = file.body;
  return reply;
}

}  // namespace stator::messages
