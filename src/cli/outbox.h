// `stator outbox`: codes and temporary passwords that would have been mailed.
#pragma once

#include <functional>
#include <string>

#include "client/client.h"
#include "errors/result.h"

namespace stator::cli {

struct OutboxOptions {
  std::string pool;  // id; empty: all
  std::string user;  // user name or address; empty: all
  bool json = false;
};

// Reads what has come since it last did; first everything.
class OutboxTail {
 public:
  OutboxTail(client::Client& client, OutboxOptions options) : client_(client), options_(std::move(options)) {}

  // `print` gets whole lines: for people, or JSON objects as docs/formats/outbox.md has them. Not called for nothing.
  Status Read(const std::function<void(Bytes lines)>& print);

 private:
  client::Client& client_;
  const OutboxOptions options_;
  int64_t last_id_ = 0;
};

}  // namespace stator::cli
