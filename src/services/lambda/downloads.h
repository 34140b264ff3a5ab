// Where GetFunction's Code.Location leads: the zip, once, without a signature.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>

#include "base/clock.h"
#include "dispatch/dispatcher.h"
#include "functions/functions.h"

namespace stator::services::lambda {

// Tokens live ten minutes and as long as there are no more than a thousand. Threads: any.
class Downloads {
 public:
  // A URL of this server, as the request reached it.
  std::string UrlFor(const functions::FunctionRef& function, const http::RequestHead& head, Time now);
  // Null when there is none of that token any more.
  functions::FunctionRef Take(Bytes token, Time now);

 private:
  struct Token {
    std::string text;
    functions::FunctionRef function;
    Time until;
  };
  std::mutex mutex_;
  std::deque<Token> tokens_;  // oldest first; guarded by mutex_
};

// GET /_stator/functions/code?token=...
void AddDownloadPage(dispatch::Dispatcher& dispatcher, Downloads& downloads, functions::Functions& functions,
                     const Clock& clock);

}  // namespace stator::services::lambda
