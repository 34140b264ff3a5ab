// `stator pools`, `stator users` and `stator outbox`: their options, and what they print.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "client/client.h"
#include "errors/result.h"

namespace CLI {
class App;
}

namespace stator::cli {

class PoolCommands {
 public:
  // How the answer is wanted.
  struct Manner {
    bool json = false;
    bool quiet = false;
  };
  using Run = std::function<Status(client::Client& client, const Manner& manner)>;
  // Makes a command with the options that all have.
  using Command = std::function<CLI::App*(const char* name, const char* what)>;

  // `chosen` is called with what the command line asks for; runs refer to this object.
  PoolCommands(const Command& command, std::function<void(Run)> chosen);

 private:
  void AddUsers(const Command& command);
  void AddCreate(CLI::App* users);
  void AddOthers(CLI::App* users);

  Status ListUsers(client::Client& client, const Manner& manner) const;
  Status Create(client::Client& client, const Manner& manner) const;
  Status Confirm(client::Client& client, const Manner& manner) const;
  Status ChangePassword(client::Client& client, const Manner& manner) const;
  Status Delete(client::Client& client, const Manner& manner) const;
  Status Outbox(client::Client& client, const Manner& manner) const;

  const std::function<void(Run)> chosen_;
  std::string pool_, user_, password_, filter_, email_, phone_, name_;
  std::vector<std::string> attributes_;
  bool temporary_ = false;
  bool follow_ = false;
};

}  // namespace stator::cli
