// The wiring: engine, catalog, tables, services, dispatcher and listener, started and stopped in their order.
#pragma once

#include <memory>

#include "errors/result.h"
#include "server/config.h"

namespace stator::server {

class Server {
 public:
  // Opens the store, takes the port and begins to answer. A port that is taken, a folder that is locked, damaged or
  // newer: an error that says so in one line.
  static Result<std::unique_ptr<Server>> Start(const Config& config);
  ~Server();

  int port() const;
  // Finishes what is under way and closes the store. Blocks.
  Status Stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace stator::server
