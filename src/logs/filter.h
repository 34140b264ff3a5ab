// Filter patterns of CloudWatch Logs, those the documentation calls unstructured, JSON and space-delimited:
//
//   ERROR "could not" -retry    every word and phrase, and none that is excluded
//   ?ERROR ?WARN                any of them
//   { $.user.name = "a*" && ($.size > 10 || $.tags[0] IS TRUE) }
//   [ip, user, ..., status = 4*, bytes > 1000]
//
// Words are compared byte by byte and found anywhere. Regular expressions (%...%) are not served.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::logs {

class Filter {
 public:
  // kLogsBadPattern for what is none of these, or has more than 1,024 bytes.
  static Result<Filter> Parse(Bytes pattern);
  Filter(Filter&&) noexcept;
  Filter& operator=(Filter&&) noexcept;
  ~Filter();

  bool Matches(Bytes message) const;
  bool everything() const { return test_ == nullptr; }

  // What a kind of pattern asks.
  class Test {
   public:
    virtual ~Test() = default;
    virtual bool Matches(Bytes message) const = 0;
  };

 private:
  explicit Filter(std::unique_ptr<const Test> test);
  std::unique_ptr<const Test> test_;  // null: every message
};

}  // namespace stator::logs
