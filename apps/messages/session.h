// What every command of `cruddur` has at hand: the table's server, and how to speak to the person who asked.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "client/client.h"
#include "client/connect.h"
#include "errors/result.h"
#include "rows.h"

namespace stator::messages {

struct Session {
  client::Wish wish;  // what the command line said, for other services than DynamoDB
  client::Surroundings around;
  client::Target target;
  std::unique_ptr<client::Client> client;
  std::string table{kDefaultTable};
  std::string words;  // what a suggested command needs to reach the same server: "", " prod", " --endpoint-url ..."
  bool json = false;
  bool quiet = false;
};

Result<Session> OpenSession(const client::Wish&, const client::Surroundings&);
// Of a command that asks no server of AWS's kind: without target and client.
Result<Session> LocalSession(const client::Surroundings&);

// The same, and for commands with an option --table also the table.
std::string TableWords(const Session&);

// To stdout. With `json` commands print JSON and nothing else.
void Print(Bytes text);
// Columns to print in: the terminal's, or 100.
int PrintWidth();

// What went wrong, and what to do about it, in one line without a final full stop.
std::string Explain(const Error&, const Session&);

}  // namespace stator::messages
