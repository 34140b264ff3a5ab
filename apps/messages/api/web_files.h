// The built page, served from memory.
//
// Files below /assets/ have a hash of what is in them in their names: browsers keep them for good. The others are asked
// for again each time, and sent again when they have changed. Addresses that are no file are those of the page itself,
// which routes them: they get index.html.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"
#include "errors/result.h"
#include "http/message.h"

namespace stator::messages {

// Threads: immutable, any.
class WebFiles {
 public:
  static constexpr size_t kMostBytes = size_t{64} << 20;

  // Reads the folder. `connect`: hosts that the page may talk to beside this one, for its Content-Security-Policy. A
  // folder that is not there is served as a text that says how to build it. Fails with kFileFailed.
  static Result<WebFiles> Load(const std::string& folder, const std::string& connect);

  // REQUIRES: GET or HEAD.
  http::Reply Answer(const http::RequestHead& head) const;
  bool empty() const { return files_.empty(); }

 private:
  struct File {
    std::string body;
    std::string type;
    std::string etag;
    bool kept = false;  // for good
  };

  http::Reply Send(const http::RequestHead& head, const File& file) const;

  std::map<std::string, File, std::less<>> files_;  // by path
  std::string policy_;
};

}  // namespace stator::messages
