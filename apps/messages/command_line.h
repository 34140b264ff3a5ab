// What the commands of `cruddur` have in common on the command line. Each family adds its own: main.cc, db/line.h,
// cognito/line.h.
#pragma once

#include <functional>
#include <string>

#include "errors/result.h"
#include "session.h"

namespace CLI {
class App;
}

namespace stator::messages {

// What the chosen command was told, whichever it is.
struct Line {
  client::Wish wish;
  std::string prod;
  std::string table{kDefaultTable};
  bool json = false;
  bool quiet = false;
  bool local = false;  // it asks no server of AWS's kind: the session has no client
  std::function<Status(Session&)> run;
};

class Commands {
 public:
  Commands(CLI::App& app, Line& line) : app_(app), line_(line) {}

  // "ddb", "db": a word that needs another after it.
  CLI::App* Family(const char* name, const char* what);
  // A command that talks to a server: --endpoint-url, --region, --profile; perhaps --table.
  CLI::App* Remote(CLI::App* parent, const char* name, const char* what, bool takes_table = true);
  // One that does not.
  CLI::App* Local(CLI::App* parent, const char* name, const char* what);
  // The word `prod` at its end. After the command's own positional arguments.
  void AddProd(CLI::App* command);
  void OnRun(CLI::App* command, std::function<Status(Session&)> run);

 private:
  CLI::App* Any(CLI::App* parent, const char* name, const char* what);

  CLI::App& app_;
  Line& line_;
};

}  // namespace stator::messages
